#include "demo/demos.hpp"

namespace fix502 {
namespace {

constexpr Demo kRows[] = {
    {.fault = "browser.client-profile",
     .about = "the site fails for browsers and answers all others",
     .broken = "The gateway at {gateway} passes requests whose User-Agent says Mozilla on to {closed}, where nothing "
               "listens; all others reach the application at {application}.",
     .check = "{visit} --user-agent Mozilla/5.0\n{visit}",
     .listeners = R"json({"name":"gateway","protocol":"http","address":"127.0.0.10","port":{port},"routes":[
           {"match":{"header":{"name":"user-agent","contains":"Mozilla"}},
            "answer":{"kind":"edge","origin":"{closed}","errors":"nginx"}},
           {"answer":{"kind":"edge","origin":"@application","errors":"nginx","headers":[["Server","nginx/1.22.1"]]}}]},
         {"name":"application","protocol":"http","address":"127.0.0.20","port":0})json"},
    {.fault = "gateway.redirect-loop",
     .about = "two pages of the site redirect to each other for ever",
     .broken = "The gateway at {gateway} redirects /cart to /login, and /login back to /cart.",
     .check = "{visit} --location --max-redirs 5",
     .listeners = R"json({"name":"gateway","protocol":"http","address":"127.0.0.10","port":{port},"routes":[
           {"match":{"path":"/cart"},"answer":{"kind":"redirect","to":"/login"}},
           {"match":{"path":"/login"},"answer":{"kind":"redirect","to":"/cart"}}]})json"},
    {.fault = "gateway.partly-down",
     .about = "one of the site's two addresses fails",
     .broken = "The site has two addresses. The gateway at {gateway} has lost its application, the one at {other "
               "gateway} has not.",
     .check = "{visit}\n{visit-old}",
     .listeners = R"json({"name":"gateway","protocol":"http","address":"127.0.0.10","port":{port},"routes":[
           {"answer":{"kind":"edge","origin":"{closed}","errors":"nginx"}}]},
         {"name":"other gateway","protocol":"http","address":"127.0.0.11","port":{port},"routes":[
           {"answer":{"kind":"edge","origin":"@application","errors":"nginx","headers":[["Server","nginx/1.22.1"]]}}]},
         {"name":"application","protocol":"http","address":"127.0.0.20","port":0})json",
     .resolver = R"json({two})json",
     .comparison = R"json({two})json"},
    {.fault = "gateway.header-limit",
     .about = "large cookies do not fit the gateway's limit",
     .broken = "The gateway at {gateway} takes request headers of at most 4096 bytes; the browser has 6000 bytes of "
               "cookies for the site.",
     .check = "{visit} -H \"Cookie: basket=$(printf 'x%.0s' $(seq 6000))\"\n{visit}",
     .listeners = R"json({"name":"gateway","protocol":"http","address":"127.0.0.10","port":{port},"max_head_bytes":4096,
          "head_too_large":{"status":400,"headers":[["Server","nginx/1.22.1"]],"keep_alive":false,
           "body":"<html><head><title>400 Request Header Or Cookie Too Large</title></head><body><center><h1>400 Bad Request</h1></center><center>Request Header Or Cookie Too Large</center><hr><center>nginx/1.22.1</center></body></html>"}})json",
     .cookie = "basket=",
     .cookie_filler = 6000},
    {.fault = "gateway.tls",
     .about = "the site's certificate is one that it signed itself",
     .broken = "The gateway at {gateway} shows a certificate that it signed itself; nobody vouches for it.",
     .check = "{visit}\n{visit} --insecure",
     .listeners = R"json({"name":"gateway","protocol":"http","address":"127.0.0.10","port":{port},
          "tls":{"self_signed":{"names":["shop.demo.test"],"from_days":-1,"until_days":30}}})json",
     .scheme = "https"},
    {.fault = "gateway.not-http",
     .about = "no web server, but SSH, listens on the site's port",
     .broken = "What listens at {gateway} greets as an SSH server does.",
     .check = "{visit}\ncurl --http0.9 --max-time 2 http://{gateway}/",
     .listeners = R"json({"name":"gateway","protocol":"tcp","address":"127.0.0.10","port":{port},
          "do":"banner","bytes":"SSH-2.0-OpenSSH_9.2p1 Debian-2+deb12u3\r\n","then":"close","wait_for_input":true})json"},
    {.fault = "gateway.blocked",
     .about = "the site's gateway says: you ask too often (429)",
     .broken = "The gateway at {gateway} answers 429 to every request, and asks for a minute of rest.",
     .check = "{visit}",
     .listeners = R"json({"name":"gateway","protocol":"http","address":"127.0.0.10","port":{port},"routes":[
           {"answer":{"status":429,"retry_after":60,"headers":[["Server","nginx/1.22.1"]],
            "body":"<html><head><title>429 Too Many Requests</title></head><body><center><h1>429 Too Many Requests</h1></center><hr><center>nginx/1.22.1</center></body></html>"}}]})json"},
    {.fault = "gateway.down",
     .about = "nothing listens at the site's address",
     .broken = "The name is resolved rightly, to 127.0.0.10, and nothing listens on port {port} there.",
     .check = "{ask-resolver}\n{visit}",
     .listeners = ""},
    {.fault = "gateway.closed-early",
     .about = "the site's gateway takes the request and hangs up",
     .broken = "What listens at {gateway} reads the request and closes the connection without a word.",
     .check = "{visit}",
     .listeners = R"json({"name":"gateway","protocol":"tcp","address":"127.0.0.10","port":{port},
          "do":"close","wait_for_input":true})json"},
};

}  // namespace

const std::span<const Demo> kGatewayDemos = kRows;

}  // namespace fix502
