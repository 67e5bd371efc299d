#include "remedy/custom_dns.hpp"

#include <gtest/gtest.h>

#include <chrono>

namespace fix502 {
namespace {

using std::chrono::milliseconds;

const DnsChoice kOne{.title = "One",
                     .addresses = {"192.0.2.1", "192.0.2.2"},
                     .tls_name = "dns.example",
                     .doh_url = "https://dns.example/dns-query",
                     .over_tls = true};

TEST(CustomDns, ReadsWhatResolverTakes) {
  struct Case {
    std::string_view text;
    std::string address, tls_name, doh_url;  // all empty: refused
  };
  const Case cases[] = {
      {"quad9", "9.9.9.9", "dns.quad9.net", "https://dns.quad9.net/dns-query"},
      {"Quad9", "9.9.9.9", "dns.quad9.net", "https://dns.quad9.net/dns-query"},
      {"8.8.4.4", "8.8.8.8", "dns.google", "https://dns.google/dns-query"},
      {"192.0.2.1", "192.0.2.1", "", ""},
      {"192.0.2.1:5353", "192.0.2.1:5353", "", ""},
      {"2001:db8::1", "2001:db8::1", "", ""},
      {"tls://192.0.2.1#dns.example", "192.0.2.1", "dns.example", ""},
      {"tls://192.0.2.1", "192.0.2.1", "192.0.2.1", ""},
      {"https://dns.example/dns-query", "", "", "https://dns.example/dns-query"},
      {"https://1.1.1.1/dns-query", "1.1.1.1", "one.one.one.one", "https://1.1.1.1/dns-query"},
      {"https://dns.google/dns-query", "8.8.8.8", "dns.google", "https://dns.google/dns-query"},
      {"https://192.0.2.1/q", "192.0.2.1", "", "https://192.0.2.1/q"},
      {"nobody", "", "", ""},
      {"tls://dns.example", "", "", ""},
      {"tls://192.0.2.1#a b", "", "", ""},
      {"tls://192.0.2.1#", "", "", ""},
      {"", "", "", ""},
      {"-rf", "", "", ""},
  };
  for (const auto& [text, address, tls_name, doh_url] : cases) {
    const auto choice = parse_dns_choice(text);
    EXPECT_EQ(choice.has_value(), !address.empty() || !doh_url.empty()) << text;
    if (!choice) continue;
    EXPECT_EQ(choice->addresses.empty() ? "" : choice->addresses.front(), address) << text;
    EXPECT_EQ(choice->tls_name, tls_name) << text;
    EXPECT_EQ(choice->doh_url, doh_url) << text;
  }
}

TEST(CustomDns, PutsTheRightAnswerBeforeTheQuickOne) {
  const std::vector<DnsTrial> trials{
      {.choice = 0, .answered = true, .addresses = {"192.0.2.66"}, .took = milliseconds(1)},
      {.choice = 1, .answered = true, .addresses = {"192.0.2.1"}, .took = milliseconds(9)},
      {.choice = 2, .answered = true, .addresses = {"192.0.2.1"}, .took = milliseconds(5)},
      {.choice = 3, .answered = true, .addresses = {}, .took = milliseconds(1)},
      {.choice = 4, .answered = false, .addresses = {}},
  };
  std::vector<std::size_t> order;
  for (const auto& trial : ranked(trials)) order.push_back(trial.choice);
  EXPECT_EQ(order, (std::vector<std::size_t>{2, 1, 0, 3}));
}

TEST(CustomDns, ByFile) {
  const auto work =
      dns_by_file("/etc/resolv.conf", "search a\nnameserver 10.0.0.1\noptions x\n nameserver 10.0.0.2", true, kOne);
  const auto& write = std::get<WriteFile>(work.steps[0].change);
  EXPECT_EQ(write.bytes,
            "search a\nnameserver 192.0.2.1\nnameserver 192.0.2.2\n# fix502: nameserver 10.0.0.1\noptions x\n"
            "# fix502:  nameserver 10.0.0.2\n");
  EXPECT_TRUE(write.replace_link);
  EXPECT_EQ(std::get<WriteFile>(dns_by_file("/r", "", false, kOne).steps[0].change).bytes,
            "nameserver 192.0.2.1\nnameserver 192.0.2.2\n");
}

TEST(CustomDns, ByResolvedAndBack) {
  LinkDns link{.interface = "eth0", .managed = false, .servers = {}, .domains = {}, .over_tls = "no"};
  auto work = dns_by_resolved(link, kOne);
  ASSERT_EQ(work.steps.size(), 3U);
  EXPECT_EQ(std::get<RunCommand>(work.steps[0].change).words,
            (std::vector<std::string>{"resolvectl", "dns", "eth0", "192.0.2.1#dns.example", "192.0.2.2#dns.example"}));
  EXPECT_EQ(std::get<RunCommand>(work.steps[2].change).undo,
            (std::vector<std::string>{"resolvectl", "revert", "eth0"}));
  // What another program has put there comes back by name.
  link.servers = {"10.0.0.1"};
  work = dns_by_resolved(link, kOne);
  EXPECT_EQ(std::get<RunCommand>(work.steps[0].change).undo,
            (std::vector<std::string>{"resolvectl", "dns", "eth0", "10.0.0.1"}));
  EXPECT_EQ(std::get<RunCommand>(work.steps[1].change).undo,
            (std::vector<std::string>{"resolvectl", "domain", "eth0", ""}));
}

TEST(CustomDns, ByPolicies) {
  const auto chromium = std::get<WriteFile>(dns_by_chromium_policy("Chromium", "/p", kOne).steps[0].change);
  EXPECT_EQ(chromium.path, "/p/fix502-dns.json");
  EXPECT_EQ(
      Json::parse(chromium.bytes),
      Json::parse(R"({"DnsOverHttpsMode":"secure","DnsOverHttpsTemplates":"https://dns.example/dns-query{?dns}"})"));
  const auto merged = dns_by_firefox_policy("/p", R"({"policies":{"DisableTelemetry":true},"other":1})", kOne);
  const auto firefox = Json::parse(std::get<WriteFile>(merged->steps[0].change).bytes);
  EXPECT_EQ(firefox["other"], 1);
  EXPECT_EQ(firefox["policies"]["DisableTelemetry"], true);
  EXPECT_EQ(firefox["policies"]["DNSOverHTTPS"]["ProviderURL"], "https://dns.example/dns-query");
  EXPECT_TRUE(dns_by_firefox_policy("/p", "", kOne));
  for (const char* text : {"{", "[]", R"({"policies":1})", R"({"policies":{"DNSOverHTTPS":{"Locked":true}}})"})
    EXPECT_FALSE(dns_by_firefox_policy("/p", text, kOne)) << text;
}

TEST(CustomDns, InChromiumsOwnSettingsKeepsTheRest) {
  const auto work = dns_by_local_state("Chromium", "/p",
                                       R"({"profile":{"last_used":"Default"},"dns_over_https":{"mode":"off"}})", kOne);
  ASSERT_TRUE(work);
  const auto& write = std::get<WriteFile>(work->steps[0].change);
  const Json state = Json::parse(write.bytes);
  EXPECT_EQ(state["profile"]["last_used"], "Default");
  EXPECT_EQ(state["dns_over_https"]["mode"], "secure");
  EXPECT_EQ(state["dns_over_https"]["templates"], kOne.doh_url + "{?dns}");
  EXPECT_EQ(write.mode, 0600U);
  for (const char* text : {"[1]", "{\"profile\":", "7"})
    EXPECT_FALSE(dns_by_local_state("Chromium", "/p", text, kOne)) << text;
}

TEST(CustomDns, InFirefoxsOwnSettingsReplacesWhatStoodThere) {
  const std::string ours =
      "user_pref(\"network.trr.mode\", 3);\nuser_pref(\"network.trr.uri\", \"" + kOne.doh_url + "\");\n";
  const std::pair<std::string, std::string> cases[] = {
      {"", ours},
      {"user_pref(\"a\", 1);", "user_pref(\"a\", 1);\n" + ours},
      {"// x\nuser_pref(\"network.trr.mode\", 5);\n  user_pref(\"network.trr.uri\", \"u\");\nuser_pref(\"b\", 2);\n",
       "// x\nuser_pref(\"b\", 2);\n" + ours},
      {"user_pref(\"network.trr.mode.other\", 5);\n", "user_pref(\"network.trr.mode.other\", 5);\n" + ours},
  };
  for (const auto& [before, after] : cases) {
    const auto work = dns_by_firefox_prefs("/p", before, "user_pref(\"a\", 1);", kOne);
    ASSERT_TRUE(work) << before;
    EXPECT_EQ(std::get<WriteFile>(work->steps[0].change).bytes, after);
  }
  EXPECT_FALSE(dns_by_firefox_prefs("/p", "", "user_pref(\"network.trr.mode\", 5);\n", kOne));
  // What is commented out settles nothing.
  EXPECT_TRUE(dns_by_firefox_prefs("/p", "", "// user_pref(\"network.trr.mode\", 5);\n", kOne));
}

}  // namespace
}  // namespace fix502
