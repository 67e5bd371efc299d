#include "demo/demos.hpp"

namespace fix502 {
namespace {

constexpr Demo kRows[] = {
    {.fault = "dns.zone-broken",
     .about = "no resolver gets an answer from the site's zone",
     .broken =
         "Both resolvers answer SERVFAIL for shop.demo.test, as resolvers do when a zone's own name servers fail; "
         "they know other names.",
     .check = "{ask-resolver}\n{ask-comparison}",
     .listeners = R"json({"name":"gateway","protocol":"http","address":"127.0.0.10","port":{port}})json",
     .resolver = R"json({"records":["check.demo.test. 300 IN A 127.0.0.1"],
                     "rules":[{"name":"shop.demo.test","do":"servfail","ede":22,"ede_text":"no reachable authority"}]})json",
     .comparison = R"json({"records":["check.demo.test. 300 IN A 127.0.0.1"],
                     "rules":[{"name":"shop.demo.test","do":"servfail","ede":22,"ede_text":"no reachable authority"}]})json"},
    {.fault = "dns.resolver-down",
     .about = "the visitor's resolver fails, others answer",
     .broken = "The visitor's resolver at {resolver} answers SERVFAIL to everything; the second one, at {comparison}, "
               "gives the address, and the site there works.",
     .check = "{ask-resolver}\n{ask-comparison}\n{visit}",
     .listeners = R"json({"name":"gateway","protocol":"http","address":"127.0.0.10","port":{port}})json",
     .resolver = R"json({"records":[],"rules":[{"name":"*","do":"servfail"}]})json"},
    {.fault = "dns.stale-record",
     .about = "the visitor's resolver keeps the site's old address",
     .broken =
         "The site moved from 127.0.0.11 to 127.0.0.10. The visitor's resolver at {resolver} still has the old "
         "record in its cache, and its TTL counts down; the gateway left behind there has no application any more.",
     .check = "{ask-resolver}\n{ask-comparison}\n{visit-old}\n{visit}",
     .listeners = R"json({"name":"gateway","protocol":"http","address":"127.0.0.10","port":{port}},
         {"name":"old gateway","protocol":"http","address":"127.0.0.11","port":{port},"routes":[
           {"answer":{"kind":"edge","origin":"{closed}","errors":"nginx"}}]})json",
     .resolver = R"json({"cached_since_s":40,"records":["shop.demo.test. 300 IN A 127.0.0.11",
                     "check.demo.test. 300 IN A 127.0.0.1"]})json"},
    {.fault = "dns.wrong-answer",
     .about = "the visitor's resolver makes an address up",
     .broken = "The visitor's resolver at {resolver} gives 127.0.0.12 for the site, with a TTL that stands still; "
               "nothing listens there, and the zone never said so. The second one says 127.0.0.10, which works.",
     .check = "{ask-resolver}\n{ask-comparison}\ncurl -i http://127.0.0.12:{port}/\n{visit}",
     .listeners = R"json({"name":"gateway","protocol":"http","address":"127.0.0.10","port":{port}})json",
     .resolver = R"json({"records":["check.demo.test. 300 IN A 127.0.0.1"],
                     "rules":[{"name":"shop.demo.test","do":"forge","addresses":["127.0.0.12"],"ttl":60}]})json"},
    {.fault = "dns.nxdomain",
     .about = "the site's name does not exist",
     .broken = "No resolver has a record for shop.demo.test: the name does not exist.",
     .check = "{ask-resolver}\n{ask-comparison}",
     .listeners = R"json({"name":"gateway","protocol":"http","address":"127.0.0.10","port":{port}})json",
     .resolver = R"json({"records":["demo.test. 300 IN SOA ns.demo.test. root.demo.test. 1 3600 600 86400 60",
                     "check.demo.test. 300 IN A 127.0.0.1"]})json",
     .comparison = R"json({"records":["demo.test. 300 IN SOA ns.demo.test. root.demo.test. 1 3600 600 86400 60",
                     "check.demo.test. 300 IN A 127.0.0.1"]})json"},
    {.fault = "dns.no-address",
     .about = "the site's name exists and has no address",
     .broken = "The name shop.demo.test exists, for mail: it has an MX record, and no address.",
     .check = "{ask-resolver}\n{ask-comparison}",
     .listeners = R"json({"name":"gateway","protocol":"http","address":"127.0.0.10","port":{port}})json",
     .resolver = R"json({"records":["shop.demo.test. 300 IN MX 10 mail.demo.test.",
                     "check.demo.test. 300 IN A 127.0.0.1"]})json",
     .comparison = R"json({"records":["shop.demo.test. 300 IN MX 10 mail.demo.test.",
                     "check.demo.test. 300 IN A 127.0.0.1"]})json"},
};

}  // namespace

const std::span<const Demo> kDnsDemos = kRows;

}  // namespace fix502
