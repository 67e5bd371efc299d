#include "demo/demos.hpp"

namespace fix502 {
namespace {

constexpr Demo kRows[] = {
    {.fault = "browser.cookie",
     .about = "the application stumbles over a stored cookie",
     .broken = "The application at {application} answers 500 to the stored cookie session=expired-2019, and the page "
               "to everybody else.",
     .check = "{visit} --cookie session=expired-2019\n"
              "{visit}",
     .listeners = R"json({"name":"gateway","protocol":"http","address":"127.0.0.10","port":{port},"routes":[
           {"answer":{"kind":"edge","origin":"@application","errors":"nginx","headers":[["Server","nginx/1.22.1"]]}}]},
         {"name":"application","protocol":"http","address":"127.0.0.20","port":0,"routes":[
           {"match":{"header":{"name":"cookie","contains":"session=expired-2019"}},
            "answer":{"status":500,"headers":[["X-Powered-By","Express"]],"body":"<pre>Error: no such session</pre>"}}]})json",
     .cookie = "session=expired-2019"},
    {.fault = "device.resolver-config",
     .about = "the visitor's settings name no DNS resolver",
     .broken = "The visitor's settings name no resolver at all; the resolver at {resolver}, which they leave out, "
               "knows the site.",
     .check = "{ask-resolver}\n{visit}",
     .listeners = R"json({"name":"gateway","protocol":"http","address":"127.0.0.10","port":{port}})json",
     .names_resolver = false},
    {.fault = "network.captive-portal",
     .about = "a hotel's login page answers in every site's place",
     .broken = "Both resolvers give the login page's address 127.0.0.80 for every name; it answers 302 to everything "
               "until one has logged in. The site itself, at {gateway}, is well.",
     .check = "{ask-resolver}\n"
              "curl -i --resolve check.demo.test:{port}:127.0.0.80 http://check.demo.test:{port}/generate_204\n"
              "{visit}",
     .listeners = R"json({"name":"portal","protocol":"http","address":"127.0.0.80","port":{port},"routes":[
           {"match":{"host":"login.demo.test"},"answer":{"body":"<title>Hotel Wi-Fi</title><form><input name=room></form>"}},
           {"answer":{"kind":"redirect","to":"http://login.demo.test:{port}/welcome"}}]},
         {"name":"gateway","protocol":"http","address":"127.0.0.10","port":{port}})json",
     .resolver = R"json({"records":["*.demo.test. 5 IN A 127.0.0.80"]})json",
     .comparison = R"json({"records":["*.demo.test. 5 IN A 127.0.0.80"]})json"},
    {.fault = "network.filtering",
     .about = "something on the way cuts connections to this name",
     .broken = "What stands at {filter} resets every connection that asks for shop.demo.test, and lets other names "
               "through.",
     .check = "{visit}\ncurl -i -H 'Host: other.demo.test' http://127.0.0.10:{port}/cart",
     .listeners = R"json({"name":"filter","protocol":"http","address":"127.0.0.10","port":{port},"routes":[
           {"match":{"host":"shop.demo.test"},"answer":{"kind":"reset"}}]})json"},
    {.fault = "device.hosts-file",
     .about = "the visitor's hosts file pins the site's old address",
     .broken = "Line 1 of the visitor's hosts file pins shop.demo.test to 127.0.0.11, where the site no longer is: the "
               "gateway left behind there has no application any more. DNS says 127.0.0.10, which works.",
     .check = "{visit-old}\n{ask-resolver}\n{visit}",
     .listeners = R"json({"name":"gateway","protocol":"http","address":"127.0.0.10","port":{port}},
         {"name":"old gateway","protocol":"http","address":"127.0.0.11","port":{port},"routes":[
           {"answer":{"kind":"edge","origin":"{closed}","errors":"nginx"}}]})json",
     .hosts_file = "127.0.0.11"},
    {.fault = "device.proxy",
     .about = "the proxy that the visitor has set makes the error",
     .broken = "The proxy at {proxy}, set in the visitor's environment, answers 502 to every request; the site itself, "
               "at {gateway}, is well.",
     .check = "{visit-proxy}\n{visit}",
     .listeners = R"json({"name":"proxy","protocol":"http","address":"127.0.0.30","port":0,"routes":[
           {"answer":{"status":502,"headers":[["Server","squid/5.7"],["X-Squid-Error","ERR_CANNOT_FORWARD 0"],
             ["Via","1.1 proxy (squid/5.7)"]],"body":"<title>ERROR: The requested URL could not be retrieved</title>"}}]
},
         {"name":"gateway","protocol":"http","address":"127.0.0.10","port":{port}})json",
     .proxy = "http://{proxy}"},
};

}  // namespace

const std::span<const Demo> kVisitorDemos = kRows;

}  // namespace fix502
