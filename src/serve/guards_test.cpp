#include "serve/guards.hpp"

#include <gtest/gtest.h>

#include "serve/site.hpp"

namespace fix502 {
namespace {

using std::chrono::seconds;

Guards loopback() {
  return {.port = 9502, .token = "0123456789abcdef"};
}

TEST(Guards, OnLoopbackOnlyTheWaysToWriteLoopbackNameThisServer) {
  struct Case {
    const char* host;
    bool own;
  };
  const Case cases[] = {{"127.0.0.1:9502", true},
                        {"localhost:9502", true},
                        {"LocalHost:9502", true},
                        {"[::1]:9502", true},
                        {"127.0.0.2:9502", true},
                        {"127.0.0.1", false},
                        {"127.0.0.1:80", false},
                        {"evil.example:9502", false},
                        {"", false},
                        {"127.0.0.1.evil:9502", false},
                        {"[::1:9502", false},
                        {"[::1]9502", false},
                        {":9502", false},
                        {"127.0.0.1:9502x", false},
                        {"127.1:9502", false},
                        {"localhost:09502x", false},
                        {"[]:9502", false},
                        {"10.0.0.1:9502", false},
                        {"localhost.:9502", false}};
  for (const Case& one : cases) EXPECT_EQ(is_own_host(loopback(), one.host), one.own) << one.host;
}

TEST(Guards, ForOthersTheNameIsHeldToWhereOneIsGiven) {
  Guards guards{.serves_others = true, .tls = true, .port = 443, .token = "x"};
  EXPECT_TRUE(is_own_host(guards, "anything.example"));
  EXPECT_FALSE(is_own_host(guards, ""));
  guards.name = "fix502.example";
  EXPECT_TRUE(is_own_host(guards, "FIX502.example:443"));
  EXPECT_FALSE(is_own_host(guards, "evil.example"));
}

Request asked(std::map<std::string, std::string> fields, std::string method = "POST") {
  Request request;
  request.method = std::move(method);
  request.path = "/";
  request.fields = std::move(fields);
  request.fields.try_emplace("host", "127.0.0.1:9502");
  return request;
}

TEST(Guards, AnotherSitesPageIsFoundOut) {
  EXPECT_FALSE(is_cross_site(loopback(), asked({})));
  EXPECT_FALSE(is_cross_site(loopback(), asked({{"origin", "http://127.0.0.1:9502"}})));
  EXPECT_FALSE(is_cross_site(loopback(), asked({{"sec-fetch-site", "same-origin"}})));
  EXPECT_FALSE(is_cross_site(loopback(), asked({{"sec-fetch-site", "none"}})));
  for (const char* origin : {"http://evil.example", "null", "https://127.0.0.1:9502", "http://127.0.0.1:9503",
                             "http://", "http://localhost:9502", "http://127.0.0.1:9502.evil.example"})
    EXPECT_TRUE(is_cross_site(loopback(), asked({{"origin", origin}}))) << origin;
  EXPECT_TRUE(is_cross_site(loopback(), asked({{"sec-fetch-site", "cross-site"}})));
  EXPECT_TRUE(is_cross_site(loopback(), asked({{"sec-fetch-site", "same-site"}})));
  const std::map<std::string, std::string> followed = {
      {"sec-fetch-site", "cross-site"}, {"sec-fetch-mode", "navigate"}, {"sec-fetch-dest", "document"}};
  EXPECT_FALSE(is_cross_site(loopback(), asked(followed, "GET")));
  EXPECT_TRUE(is_cross_site(loopback(), asked(followed, "POST")));
  Request probe = asked(followed, "GET");
  probe.path = "/probe";
  EXPECT_TRUE(is_cross_site(loopback(), probe));
}

TEST(Guards, TheTokenMustBeWhole) {
  EXPECT_TRUE(has_token(loopback(), asked({{"authorization", "Bearer 0123456789abcdef"}}), false));
  EXPECT_TRUE(has_token(loopback(), asked({{"authorization", "bearer  0123456789abcdef"}}), false));
  for (const char* field : {"", "Bearer", "Bearer ", "Bearer 0123456789abcde", "Bearer 0123456789abcdef0",
                            "0123456789abcdef", "Basic 0123456789abcdef"})
    EXPECT_FALSE(has_token(loopback(), asked({{"authorization", field}}), false)) << field;
  Request query = asked({});
  query.query["access_token"] = "0123456789abcdef";
  EXPECT_TRUE(has_token(loopback(), query, true));
  EXPECT_FALSE(has_token(loopback(), query, false));
  EXPECT_FALSE(same_secret("", ""));
}

TEST(Guards, SecretsAreLongAndNeverTheSame) {
  const std::string one = new_secret();
  EXPECT_EQ(one.size(), 64U);
  EXPECT_NE(one, new_secret());
}

TEST(RateLimit, EachClientHasItsOwnAndEarnsItBack) {
  RateLimit limit(2, 0.5);
  const RateLimit::Clock::time_point start{};
  EXPECT_FALSE(limit.take("a", start));
  EXPECT_FALSE(limit.take("a", start));
  EXPECT_EQ(limit.take("a", start), seconds(2));
  EXPECT_FALSE(limit.take("b", start));
  EXPECT_EQ(limit.take("a", start + seconds(1)), seconds(1));
  EXPECT_FALSE(limit.take("a", start + seconds(3)));
}

TEST(RateLimit, RemembersNoMoreClientsThanItShould) {
  RateLimit limit(1, 1e-9);
  const RateLimit::Clock::time_point start{};
  for (int i = 0; i < 20'000; ++i) (void)limit.take("client " + std::to_string(i), start + seconds(i));
  EXPECT_LE(limit.clients(), 10'000U);
}

TEST(RateLimit, AWholeIpv6NetworkIsOneClient) {
  EXPECT_EQ(client_of("2001:db8:1:2::1"), client_of("2001:db8:1:2:ffff::9"));
  EXPECT_NE(client_of("2001:db8:1:2::1"), client_of("2001:db8:1:3::1"));
  EXPECT_EQ(client_of("192.0.2.1"), "192.0.2.1");
}

TEST(Site, RoutesFitTheirPaths) {
  std::vector<std::string> parts;
  EXPECT_TRUE(fits("/api/about", "/api/about", parts));
  EXPECT_FALSE(fits("/api/about", "/api/about/", parts));
  EXPECT_TRUE(fits("/api/diagnoses/{}", "/api/diagnoses/d1", parts));
  EXPECT_EQ(parts, std::vector<std::string>{"d1"});
  EXPECT_FALSE(fits("/api/diagnoses/{}", "/api/diagnoses/", parts));
  EXPECT_FALSE(fits("/api/diagnoses/{}", "/api/diagnoses/d1/events", parts));
  EXPECT_TRUE(fits("/api/remedies/{}/apply", "/api/remedies/flush-dns/apply", parts));
  EXPECT_EQ(parts, std::vector<std::string>{"flush-dns"});
  EXPECT_FALSE(fits("/api/remedies/{}/apply", "/api", parts));
}

}  // namespace
}  // namespace fix502
