#include "edge/comparison.hpp"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <deque>
#include <functional>

#include "base/text.hpp"

namespace fix502 {
namespace {

constexpr std::string_view kPage = "https://shop.example/cart";

HttpExchange exchange(int status, std::string_view server = "nginx", std::string_view body = "") {
  HttpExchange http;
  http.url = kPage;
  http.status = status;
  http.http_version = "1.1";
  http.tls_version = "TLSv1.3";
  http.headers = {{"server", std::string(server)}};
  http.body_sample = body;
  http.body_digest = fmt::format("{}{}", status, body);
  http.times.first_byte = std::chrono::milliseconds(20);
  http.chain = {
      {.subject = "CN=shop", .issuer = "CN=ca", .names = {"shop.example"}, .not_before = {}, .not_after = {}}};
  return http;
}

HttpExchange broken(Failure failure) {
  HttpExchange http;
  http.url = kPage;
  http.failure = failure;
  return http;
}

HttpExchange cloudflare(int status, std::string_view body = "") {
  HttpExchange http = exchange(status, "cloudflare", body);
  http.headers.push_back({"cf-ray", "9a2f0c51be7d3c1f-FRA"});
  return http;
}

HttpExchange redirecting(int status, std::string_view to, std::string_view server = "cloudflare") {
  HttpExchange http = exchange(status, server);
  http.location = to;
  return http;
}

HttpExchange plain(HttpExchange http) {
  http.url = "http://shop.example/cart";
  http.tls_version.clear();
  http.chain.clear();
  return http;
}

/// A situation under construction: every question gets an id of its own.
class Situation {
 public:
  Situation() {
    sides.page = *parse_target(kPage);
    sides.origin = {"203.0.113.50", 0};
    sides.cdn = "cloudflare";
    sides.edge_failed = true;
  }

  const Observation* seen(HttpExchange http, Varied varied = {}) {
    Observation one;
    one.id = fmt::format("o{}", seen_.size() + 1);
    one.varied = std::move(varied);
    one.data = std::move(http);
    return &seen_.emplace_back(std::move(one));
  }
  Situation& edge(HttpExchange http) { return put(sides.edge, std::move(http)); }
  Situation& direct(HttpExchange http) { return put(sides.direct, std::move(http)); }
  Situation& plain_http(HttpExchange http) { return put(sides.plain, std::move(http)); }
  Situation& no_name(HttpExchange http) { return put(sides.no_name, std::move(http)); }
  Situation& own_name(HttpExchange http) { return put(sides.own_name, std::move(http)); }
  Situation& usual(HttpExchange http) { return put(sides.usual_port, std::move(http)); }
  Situation& round(HttpExchange http) { return put(sides.round, std::move(http)); }
  Situation& other_host(HttpExchange http, std::string name = std::string(kStrangeHost)) {
    sides.other_hosts.push_back(seen(std::move(http), {{"host", std::move(name)}}));
    return *this;
  }
  Situation& origin(std::string host, std::uint16_t port) {
    sides.origin = {std::move(host), port};
    return *this;
  }
  Situation& loops() {
    sides.edge_loops = true;
    return *this;
  }
  Situation& cdn(std::string id) {
    sides.cdn = std::move(id);
    return *this;
  }
  Situation& edge_works() {
    sides.edge_failed = false;
    return *this;
  }

  EdgeSides sides{};

 private:
  Situation& put(const Observation*& where, HttpExchange http) {
    where = seen(std::move(http));
    return *this;
  }
  std::deque<Observation> seen_;
};

HttpExchange slow(HttpExchange http, int milliseconds) {
  http.times.first_byte = std::chrono::milliseconds(milliseconds);
  return http;
}

HttpExchange untrusted(HttpExchange http, int error) {
  http.verify_error = error;
  return http;
}

HttpExchange with_certificate_for(HttpExchange http, std::string name) {
  http.chain.front().names = {std::move(name)};
  return http;
}

HttpExchange with_header(HttpExchange http, std::string name, std::string value) {
  http.headers.push_back({std::move(name), std::move(value)});
  return http;
}

struct SuspectCase {
  std::string_view name;
  std::function<void(Situation&)> build;
  std::string_view expect;  ///< "kind suspicion, ...", in order; empty: no setting is named
};

const SuspectCase kSuspects[] = {
    // Nothing to name.
    {"a healthy pair", [](Situation& s) { s.edge(cloudflare(200)).direct(exchange(200)).edge_works(); }, ""},
    {"the page differs, as pages of two servers may",
     [](Situation& s) { s.edge(cloudflare(200, "a")).direct(exchange(200, "nginx", "b")).edge_works(); }, ""},
    {"both fail alike: the origin's own fault", [](Situation& s) { s.edge(cloudflare(502)).direct(exchange(502)); },
     ""},
    {"the edge says 522, and the origin is silent from here too",
     [](Situation& s) { s.edge(cloudflare(522)).direct(broken(Failure::connect_timeout)); }, ""},
    {"the edge itself refuses connections",
     [](Situation& s) { s.edge(broken(Failure::refused)).direct(exchange(200)); }, ""},
    {"the edge's own certificate is broken",
     [](Situation& s) { s.edge(broken(Failure::cert_expired)).direct(exchange(200)); }, ""},
    {"the CDN's own firewall refuses this client",
     [](Situation& s) { s.edge(cloudflare(403, "error code: 1020")).direct(exchange(200)); }, ""},
    {"a 500 of the application that the origin did not give again",
     [](Situation& s) { s.edge(cloudflare(500, "oops")).direct(exchange(200)).other_host(exchange(404)); }, ""},

    // The redirect loop of a plain-to-origin mode.
    {"flexible: the origin sends plain HTTP to https",
     [](Situation& s) {
       s.loops()
           .edge(redirecting(301, kPage))
           .direct(exchange(200))
           .plain_http(plain(redirecting(301, kPage, "nginx")));
     },
     "tls-mode shown"},
    {"the same, and the origin's port 80 does not answer from here",
     [](Situation& s) {
       s.loops().edge(redirecting(301, kPage)).direct(exchange(200)).plain_http(broken(Failure::connect_timeout));
     },
     "tls-mode likely"},
    {"the origin turns in a circle by itself",
     [](Situation& s) {
       s.loops()
           .edge(redirecting(301, kPage))
           .direct(redirecting(301, kPage, "nginx"))
           .plain_http(plain(redirecting(301, kPage, "nginx")));
     },
     ""},
    {"the origin sends https to http, the edge back",
     [](Situation& s) {
       s.loops()
           .edge(redirecting(301, "http://shop.example/cart"))
           .direct(redirecting(301, "http://shop.example/cart", "nginx"))
           .plain_http(plain(exchange(200)));
     },
     "force-https shown"},
    {"the origin says that plain HTTP came to its TLS port",
     [](Situation& s) {
       s.edge(cloudflare(400, "The plain HTTP request was sent to HTTPS port")).direct(exchange(200));
     },
     "tls-mode shown"},
    {"the origin speaks no TLS",
     [](Situation& s) {
       s.edge(cloudflare(525)).direct(broken(Failure::tls_not_tls)).plain_http(plain(exchange(200)));
     },
     "plain-mode shown"},

    // Connections.
    {"521, nothing else known",
     [](Situation& s) { s.edge(cloudflare(521)).direct(exchange(200)).plain_http(plain(exchange(301))); },
     "port likely, firewall possible, address possible"},
    {"521, and port 80 refuses as well: a plain mode would meet that",
     [](Situation& s) { s.edge(cloudflare(521)).direct(exchange(200)).plain_http(broken(Failure::refused)); },
     "tls-mode likely, port likely, firewall possible"},
    {"521, the origin listens at 8443 only",
     [](Situation& s) {
       s.origin("203.0.113.50", 8443).edge(cloudflare(521)).direct(exchange(200)).usual(broken(Failure::refused));
     },
     "port likely, firewall possible"},
    {"522: the firewall",
     [](Situation& s) { s.edge(cloudflare(522)).direct(exchange(200)).plain_http(plain(exchange(301))); },
     "firewall likely, address possible"},
    {"523: no way to the address that the CDN has", [](Situation& s) { s.edge(cloudflare(523)).direct(exchange(200)); },
     "address likely"},
    {"530: the CDN's name for the origin",
     [](Situation& s) { s.edge(cloudflare(530, "error code: 1016")).direct(exchange(200)); }, "address shown"},

    // TLS.
    {"525, and the origin wants a server name",
     [](Situation& s) { s.edge(cloudflare(525)).direct(exchange(200)).no_name(broken(Failure::tls_alert)); },
     "sni shown"},
    {"525, and names make no difference",
     [](Situation& s) { s.edge(cloudflare(525)).direct(exchange(200)).no_name(exchange(200)); }, "sni possible"},
    {"526, and without a name another certificate comes",
     [](Situation& s) {
       s.edge(cloudflare(526)).direct(exchange(200)).no_name(with_certificate_for(exchange(200), "other.example"));
     },
     "sni shown"},
    {"526, and the certificate is for another name",
     [](Situation& s) {
       s.edge(cloudflare(526)).direct(untrusted(with_certificate_for(exchange(200), "origin.example"), 62));
     },
     "certificate shown"},
    {"526, and the certificate has expired",
     [](Situation& s) { s.edge(cloudflare(526)).direct(untrusted(exchange(200), 10)); }, "certificate shown"},
    {"526, and the certificate is good from here",
     [](Situation& s) { s.edge(cloudflare(526)).direct(exchange(200)).no_name(exchange(200)); },
     "certificate likely, sni likely"},
    {"a wildcard in the certificate covers the name",
     [](Situation& s) {
       s.edge(cloudflare(526)).direct(exchange(200)).no_name(with_certificate_for(exchange(200), "*.example"));
     },
     "certificate likely, sni likely"},

    // Time.
    {"524, and the origin needs longer than the edge waited",
     [](Situation& s) { s.edge(slow(cloudflare(524), 700)).direct(slow(exchange(200), 1500)); }, "read-timeout shown"},
    {"524, and the origin is quick: not the timeout",
     [](Situation& s) { s.edge(slow(cloudflare(524), 700)).direct(slow(exchange(200), 30)); }, ""},
    {"504 of the CDN's own: the same",
     [](Situation& s) {
       s.cdn("fastly").edge(slow(exchange(503, "Varnish", "first byte timeout <h3>Guru Mediation:</h3>"), 700));
       s.direct(slow(exchange(200), 1500));
     },
     "read-timeout shown"},

    // Stored.
    {"a stored 502 and a healthy origin",
     [](Situation& s) {
       s.edge(with_header(cloudflare(502), "cf-cache-status", "HIT")).direct(exchange(200)).round(exchange(200));
     },
     "error-cache shown, purge shown"},
    {"stored, but the error is there without the cache too",
     [](Situation& s) {
       s.edge(with_header(cloudflare(521), "cf-cache-status", "HIT")).direct(exchange(200)).round(cloudflare(521));
     },
     "port likely, firewall possible, address possible"},

    // Host.
    {"the edge hands on what the origin gives to a strange Host",
     [](Situation& s) {
       s.edge(cloudflare(503, "no server")).direct(exchange(200)).other_host(exchange(503, "nginx", "no server"));
     },
     "host shown"},
    {"a 404 of the default site, which would pass for the site's own",
     [](Situation& s) {
       s.edge_works();
       s.edge(cloudflare(404, "default site")).direct(exchange(200)).other_host(exchange(404, "nginx", "default site"));
     },
     "host shown"},
    {"the origin does not look at the Host",
     [](Situation& s) { s.edge(cloudflare(500, "oops")).direct(exchange(200)).other_host(exchange(200)); }, ""},
    {"the origin refuses the CDN's addresses",
     [](Situation& s) { s.edge(cloudflare(403, "Forbidden")).direct(exchange(200)).other_host(exchange(200)); },
     "firewall likely"},

    {"a 403 that would pass for the site's own, were it not for the CDN only",
     [](Situation& s) {
       s.edge_works().edge(cloudflare(403, "Forbidden")).direct(exchange(200)).other_host(exchange(200));
     },
     "firewall likely"},
    {"a 403 that the site means for everybody",
     [](Situation& s) {
       s.edge_works().edge(cloudflare(403, "Forbidden")).direct(exchange(403, "nginx", "Forbidden"));
     },
     ""},
    {"a 404 that the origin gives to other Hosts in other words",
     [](Situation& s) {
       s.edge_works().edge(cloudflare(404, "a")).direct(exchange(200)).other_host(exchange(404, "Apache", "b"));
     },
     ""},

    // Header.
    {"more header than the network takes",
     [](Situation& s) {
       s.cdn("fastly").edge(exchange(503, "Varnish", "backend read error <h3>Guru Mediation:</h3>"));
       s.direct(with_header(exchange(200), "set-cookie", std::string(80'000, 'x')));
     },
     "header-limit likely"},
    {"much header, but less than the network takes",
     [](Situation& s) {
       s.cdn("fastly").edge(exchange(503, "Varnish", "backend read error <h3>Guru Mediation:</h3>"));
       s.direct(with_header(exchange(200), "set-cookie", std::string(20'000, 'x')));
     },
     ""},
    {"a network that says nothing of its limit",
     [](Situation& s) {
       s.cdn("").edge(exchange(502)).direct(with_header(exchange(200), "set-cookie", std::string(20'000, 'x')));
     },
     "header-limit possible"},
    {"the CDN's own 502 without a reason",
     [](Situation& s) {
       s.cdn("cloudfront").edge(exchange(502, "CloudFront", "Generated by cloudfront (CloudFront)"));
       s.direct(exchange(200)).no_name(exchange(200));
     },
     "port possible, firewall possible, certificate possible"},
};

std::string described(const std::vector<SuspectSetting>& settings) {
  std::string text;
  for (const auto& one : settings)
    text += fmt::format("{}{} {}", text.empty() ? "" : ", ", to_word(one.kind), to_word(one.suspicion));
  return text;
}

TEST(SuspectSettings, NamesTheSettingThatWouldMakeThemDifferSo) {
  for (const auto& [name, build, expect] : kSuspects) {
    Situation situation;
    build(situation);
    EXPECT_EQ(described(suspect_settings(situation.sides)), expect) << name;
  }
}

TEST(SuspectSettings, CitesWhatItRestsOn) {
  for (const auto& [name, build, expect] : kSuspects) {
    Situation situation;
    build(situation);
    for (const auto& one : suspect_settings(situation.sides)) {
      EXPECT_FALSE(one.why.empty()) << name;
      EXPECT_TRUE(lists(one.cites, situation.sides.edge->id)) << name;
      EXPECT_TRUE(lists(one.cites, situation.sides.direct->id)) << name;
    }
  }
}

TEST(CompareSides, FillsInWhatToChoose) {
  Situation situation;
  situation.origin("203.0.113.50", 8443).edge(cloudflare(521)).direct(exchange(200)).usual(broken(Failure::refused));
  const auto comparison = compare_sides(situation.sides);
  ASSERT_TRUE(comparison);
  const SuspectSetting* port = comparison->suspect(EdgeKind::port);
  ASSERT_NE(port, nullptr);
  EXPECT_EQ(port->value, "8443");
  ASSERT_NE(port->setting, nullptr);
  EXPECT_EQ(port->setting->panel, "Rules > Origin Rules > Destination Port");
  const SuspectSetting* firewall = comparison->suspect(EdgeKind::firewall);
  ASSERT_NE(firewall, nullptr);
  EXPECT_NE(firewall->value.find("port 8443"), std::string::npos) << firewall->value;
}

TEST(CompareSides, ComputesTheTimeFromTheOriginsOwn) {
  Situation situation;
  situation.cdn("cloudfront").edge(slow(exchange(504, "CloudFront", "Generated by cloudfront (CloudFront)"), 30'000));
  situation.direct(slow(exchange(200), 41'000));
  const auto comparison = compare_sides(situation.sides);
  ASSERT_TRUE(comparison);
  const SuspectSetting* timeout = comparison->suspect(EdgeKind::read_timeout);
  ASSERT_NE(timeout, nullptr);
  EXPECT_EQ(timeout->value, "65");
}

TEST(CompareSides, DoesNotOfferANameForACertificateThatHasExpired) {
  Situation situation;
  situation.cdn("fastly").edge(exchange(503, "Varnish", "certificate has expired <h3>Guru Mediation:</h3>"));
  situation.direct(untrusted(exchange(200), 10));
  const auto comparison = compare_sides(situation.sides);
  ASSERT_TRUE(comparison);
  ASSERT_EQ(comparison->settings.size(), 1U);
  EXPECT_EQ(comparison->settings[0].setting, nullptr);
  EXPECT_NE(comparison->settings[0].value.find("renew"), std::string::npos);
}

TEST(CompareSides, NeedsBothSides) {
  Situation situation;
  situation.edge(cloudflare(521));
  EXPECT_FALSE(compare_sides(situation.sides));
}

const FieldPair* field_of(const std::vector<FieldPair>& fields, std::string_view field) {
  const auto found = std::ranges::find(fields, field, &FieldPair::field);
  return found == fields.end() ? nullptr : &*found;
}

TEST(CompareFields, TellsFieldByFieldWhatDiffers) {
  HttpExchange edge = cloudflare(200), origin = exchange(200);
  edge.http_version = "2";
  edge.times.first_byte = std::chrono::milliseconds(300);
  origin.chain.front().names = {"origin.example", "shop.example"};
  const auto fields = compare_fields(edge, origin);
  struct Expect {
    std::string_view field;
    bool differs;
  };
  const Expect kExpected[] = {{"status", false},           {"server", true},
                              {"http-version", true},      {"tls-version", false},
                              {"certificate-names", true}, {"certificate-issuer", false},
                              {"header-bytes", false},     {"first-byte", false}};
  for (const auto& [field, differs] : kExpected) {
    const FieldPair* pair = field_of(fields, field);
    ASSERT_NE(pair, nullptr) << field;
    EXPECT_EQ(pair->differs, differs) << field << ": " << pair->edge << " / " << pair->origin;
  }
  EXPECT_EQ(field_of(fields, "redirect"), nullptr);
}

struct ContrastCase {
  std::string_view name;
  std::function<void(Situation&)> build;
  std::string_view expect;  ///< "variable=value ..."
};

const ContrastCase kContrasts[] = {
    {"healthy", [](Situation& s) { s.edge(cloudflare(200)).direct(exchange(200)).edge_works(); }, ""},
    {"both fail", [](Situation& s) { s.edge(cloudflare(521)).direct(exchange(502)); }, ""},
    {"the edge does not answer", [](Situation& s) { s.edge(broken(Failure::refused)).direct(exchange(200)); }, ""},
    {"a plain loop", [](Situation& s) { s.loops().edge(redirecting(301, kPage)).direct(exchange(200)); }, ""},
    {"525", [](Situation& s) { s.edge(cloudflare(525)).direct(exchange(200)); }, "sni=none"},
    {"526, and the origin has a name of its own",
     [](Situation& s) { s.origin("origin.example", 0).edge(cloudflare(526)).direct(exchange(200)); },
     "sni=none sni=origin.example"},
    {"521 at an unusual port",
     [](Situation& s) { s.origin("203.0.113.50", 8443).edge(cloudflare(521)).direct(exchange(200)); }, "port=443"},
    {"521 at the usual one", [](Situation& s) { s.edge(cloudflare(521)).direct(exchange(200)); }, ""},
    {"524", [](Situation& s) { s.edge(cloudflare(524)).direct(exchange(200)); }, ""},
    {"another page that would pass", [](Situation& s) { s.edge_works().edge(cloudflare(404)).direct(exchange(200)); },
     "host=fix502.invalid"},
    {"an answer handed on, everything possible",
     [](Situation& s) { s.origin("origin.example", 8443).edge(exchange(502)).direct(exchange(200)); },
     "sni=none sni=origin.example port=443 host=origin.example"},
};

TEST(Contrasts, AskNoMoreThanWhatCanTell) {
  for (const auto& [name, build, expect] : kContrasts) {
    Situation situation;
    build(situation);
    std::string text;
    const auto wanted = contrasts_worth_asking(situation.sides);
    for (const auto& [variable, value] : wanted)
      text += fmt::format("{}{}={}", text.empty() ? "" : " ", variable, value);
    EXPECT_EQ(text, expect) << name;
    EXPECT_LE(wanted.size(), kMostContrasts) << name;
  }
}

}  // namespace
}  // namespace fix502
