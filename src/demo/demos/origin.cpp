#include "demo/demos.hpp"

namespace fix502 {
namespace {

constexpr Demo kRows[] = {
    {.fault = "origin.partly-down",
     .about = "one of two servers behind the gateway is down",
     .broken = "The gateway at {gateway} shares requests between two servers: {application} works, and at {closed} "
               "nothing listens.",
     .check = "{visit}\n{visit}\ncurl -i http://{application}/cart\ncurl -i http://{closed}/cart",
     .listeners = R"json({"name":"gateway","protocol":"http","address":"127.0.0.10","port":{port},"routes":[
           {"match":{"path":"/cart"},"answer":{"kind":"edge","origin":["@application","{closed}"],"errors":"nginx",
             "headers":[["Server","nginx/1.22.1"]]}},
           {"answer":{"kind":"edge","origin":"@application","errors":"nginx","headers":[["Server","nginx/1.22.1"]]}}]},
         {"name":"application","protocol":"http","address":"127.0.0.20","port":0})json"},
    {.fault = "origin.route",
     .about = "what serves this one page is down, the rest works",
     .broken =
         "The gateway at {gateway} hands /cart on to {closed}, where nothing listens; every other page comes from "
         "{application}, which works.",
     .check = "{visit}\ncurl -i -H 'Host: shop.demo.test' http://{gateway}/",
     .listeners = R"json({"name":"gateway","protocol":"http","address":"127.0.0.10","port":{port},"routes":[
           {"match":{"path":"/cart"},"answer":{"kind":"edge","origin":"{closed}","errors":"nginx"}},
           {"answer":{"kind":"edge","origin":"@application","errors":"nginx","headers":[["Server","nginx/1.22.1"]]}}]},
         {"name":"application","protocol":"http","address":"127.0.0.20","port":0,"routes":[
           {"match":{"path":"/"},"answer":{"body":"<h1>Shop</h1>"}},{"answer":{"status":404,"body":"<h1>No such page</h1>"}}]})json"},
    {.fault = "origin.truncated",
     .about = "the page ends in its middle",
     .broken = "The site at {gateway} announces 6000 bytes, sends 1500 of them, and closes the connection.",
     .check = "{visit} --output /dev/null",
     .listeners = R"json({"name":"gateway","protocol":"http","address":"127.0.0.10","port":{port},"routes":[
           {"answer":{"headers":[["Server","nginx/1.22.1"]],"body":{"repeat":"<p>item</p>\n","times":500},
            "cut":{"in":"body","after":1500,"then":"close"}}}]})json"},
    {.fault = "origin.timeout",
     .about = "the application does not answer in time (504)",
     .broken = "The application at {application} takes requests and never answers; the gateway at {gateway} gives it "
               "0.2 seconds.",
     .check = "{visit}\ncurl -i --max-time 3 http://{application}/cart",
     .listeners = R"json({"name":"gateway","protocol":"http","address":"127.0.0.10","port":{port},"routes":[
           {"answer":{"kind":"edge","origin":"@application","errors":"nginx","read_timeout_ms":200}}]},
         {"name":"application","protocol":"http","address":"127.0.0.20","port":0,"routes":[{"answer":{"kind":"silent"}}]})json"},
    {.fault = "origin.unavailable",
     .about = "the application is in maintenance (503)",
     .broken =
         "The application at {application} is in maintenance: it answers 503 to everything, and asks to come back "
         "in 2 minutes.",
     .check = "{visit}\ncurl -i http://{application}/cart",
     .listeners = R"json({"name":"gateway","protocol":"http","address":"127.0.0.10","port":{port},"routes":[
           {"answer":{"kind":"edge","origin":"@application","errors":"nginx","headers":[["Server","nginx/1.22.1"]]}}]},
         {"name":"application","protocol":"http","address":"127.0.0.20","port":0,"routes":[
           {"answer":{"status":503,"retry_after":120,"body":"<h1>We are improving the shop for you</h1>"}}]})json"},
    {.fault = "origin.bad-gateway",
     .about = "the application behind the gateway is down (502)",
     .broken = "The gateway at {gateway} hands every request on to the application at {closed}, and nothing listens "
               "there.",
     .check = "{visit}\ncurl -i http://{closed}/cart",
     .listeners = R"json({"name":"gateway","protocol":"http","address":"127.0.0.10","port":{port},"routes":[
           {"answer":{"kind":"edge","origin":"{closed}","errors":"nginx"}}]})json"},
    {.fault = "origin.error",
     .about = "the application itself crashes (500)",
     .broken =
         "The application at {application} answers 500 to everything; the gateway at {gateway} only passes that on.",
     .check = "{visit}\ncurl -i http://{application}/cart",
     .listeners = R"json({"name":"gateway","protocol":"http","address":"127.0.0.10","port":{port},"routes":[
           {"answer":{"kind":"edge","origin":"@application","errors":"nginx","headers":[["Server","nginx/1.22.1"]]}}]},
         {"name":"application","protocol":"http","address":"127.0.0.20","port":0,"routes":[
           {"answer":{"status":500,"headers":[["X-Powered-By","Express"]],
            "body":"<!DOCTYPE html><html><head><title>Error</title></head><body><pre>TypeError: Cannot read properties of undefined (reading &#39;total&#39;)</pre></body></html>"}}]})json"},
};

}  // namespace

const std::span<const Demo> kOriginDemos = kRows;

}  // namespace fix502
