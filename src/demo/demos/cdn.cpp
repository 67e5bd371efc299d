#include "demo/demos.hpp"

namespace fix502 {
namespace {

constexpr Demo kRows[] = {
    {.fault = "cdn.cached-error",
     .about = "the CDN keeps serving a stored 502; the site is well",
     .broken =
         "The edge at {edge} serves a 502 for /cart out of its store; the application at {application}, and every "
         "address that is not stored, are well.",
     .check = "{visit}\n{visit}?anything-else\ncurl -i http://{application}/cart",
     .listeners = R"json({"name":"edge","protocol":"http","address":"127.0.0.10","port":{port},"routes":[
           {"match":{"path":"/cart","min_target_bytes":6},
            "answer":{"kind":"edge","origin":"@application","errors":"cloudflare",
             "headers":[["Server","cloudflare"],["CF-RAY","9a2f0c51be7d3c1f-FRA"],["CF-Cache-Status","MISS"]]}},
           {"match":{"path":"/cart"},"answer":{"status":502,"headers":[["Server","cloudflare"],
             ["CF-RAY","9a2f0c51be7d3c1f-FRA"],["CF-Cache-Status","HIT"],["Age","1234"],["Cache-Control","public, max-age=14400"]],
             "body":"<html><head><title>502 Bad Gateway</title></head><body><center><h1>502 Bad Gateway</h1></center></body></html>"}},
           {"answer":{"kind":"edge","origin":"@application","errors":"cloudflare",
             "headers":[["Server","cloudflare"],["CF-RAY","9a2f0c51be7d3c1f-FRA"],["CF-Cache-Status","DYNAMIC"]]}}]},
         {"name":"application","protocol":"http","address":"127.0.0.20","port":0})json"},
    {.fault = "cdn.origin-config",
     .about = "the CDN asks its origin on a wrong port",
     .broken =
         "The edge at {edge} is set to fetch from {closed}, where nothing listens; the origin is at {application}, "
         "and works there.",
     .check = "{visit}\ncurl -i http://{closed}/cart\ncurl -i http://{application}/cart",
     .listeners = R"json({"name":"edge","protocol":"http","address":"127.0.0.10","port":{port},"routes":[
           {"answer":{"kind":"edge","origin":"{closed}","errors":"cloudflare"}}]},
         {"name":"application","protocol":"http","address":"127.0.0.20","port":0})json",
     .origin = "{application}"},
    {.fault = "cdn.edge",
     .about = "one of the CDN's two edges fails, the other works",
     .broken =
         "The edge at {edge} does not reach the origin and answers 502; the edge at {other edge} does, and works.",
     .check = "{visit}\n{visit-old}",
     .listeners = R"json({"name":"edge","protocol":"http","address":"127.0.0.10","port":{port},"routes":[
           {"answer":{"kind":"edge","origin":"{closed}","errors":"cloudfront"}}]},
         {"name":"other edge","protocol":"http","address":"127.0.0.11","port":{port},"routes":[
           {"answer":{"kind":"edge","origin":"@application","errors":"cloudfront",
             "headers":[["Via","1.1 5b6d2c4c1e0f9f3a7d8e.cloudfront.net (CloudFront)"],["X-Cache","Miss from cloudfront"],
              ["X-Amz-Cf-Pop","FRA56-P2"],["X-Amz-Cf-Id","kX0p3GqT1mYtq7oV2b9sUe4rWc6zNa8d"]]}}]},
         {"name":"application","protocol":"http","address":"127.0.0.20","port":0})json",
     .resolver = R"json({two})json",
     .comparison = R"json({two})json"},
    {.fault = "cdn.origin-tls",
     .about = "the CDN does not accept its origin's certificate",
     .broken = "The edge at {edge} checks its origin's certificate; the origin at {application} has one that it signed "
               "itself.",
     .check = "{visit}\ncurl -i https://{application}/cart",
     .listeners = R"json({"name":"edge","protocol":"http","address":"127.0.0.10","port":{port},"routes":[
           {"answer":{"kind":"edge","origin":"@application","tls":{"verify":true},"errors":"cloudflare"}}]},
         {"name":"application","protocol":"http","address":"127.0.0.20","port":0,
          "tls":{"self_signed":{"names":["shop.demo.test"],"from_days":-1,"until_days":30}}})json"},
    {.fault = "cdn.origin-unreachable",
     .about = "the CDN says that the site's server is down (521)",
     .broken = "The edge at {edge} fetches from {closed}, where nothing listens any more.",
     .check = "{visit}\ncurl -i http://{closed}/cart",
     .listeners = R"json({"name":"edge","protocol":"http","address":"127.0.0.10","port":{port},"routes":[
           {"answer":{"kind":"edge","origin":"{closed}","errors":"cloudflare"}}]})json"},
    {.fault = "cdn.origin-bad-response",
     .about = "the CDN gets no usable answer from the origin (520)",
     .broken = "The origin at {application} closes every connection without an answer, so the edge at {edge} says 520.",
     .check = "{visit}\ncurl -i http://{application}/cart",
     .listeners = R"json({"name":"edge","protocol":"http","address":"127.0.0.10","port":{port},"routes":[
           {"answer":{"kind":"edge","origin":"@application","errors":"cloudflare"}}]},
         {"name":"application","protocol":"http","address":"127.0.0.20","port":0,"routes":[{"answer":{"kind":"close"}}]})json"},
};

}  // namespace

const std::span<const Demo> kCdnDemos = kRows;

}  // namespace fix502
