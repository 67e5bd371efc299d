#include "remedy/bypass_proxy.hpp"

#include <gtest/gtest.h>

#include "remedy/prefer_ipv4.hpp"

namespace fix502 {
namespace {

TEST(BypassProxy, ByEnvironmentD) {
  ProxyPlace place{.source = "environment https_proxy", .exceptions = "localhost", .file = "/h/x.conf", .text = ""};
  auto write = std::get<WriteFile>(bypass_proxy(place, "shop.example").steps[0].change);
  EXPECT_EQ(write.path, "/h/x.conf");
  EXPECT_EQ(write.bytes, "no_proxy=localhost,shop.example\nNO_PROXY=localhost,shop.example\n");
  place.text = write.bytes;
  place.exceptions = "localhost,shop.example";
  write = std::get<WriteFile>(bypass_proxy(place, "other.example").steps[0].change);
  EXPECT_EQ(write.bytes,
            "no_proxy=localhost,shop.example,other.example\nNO_PROXY=localhost,shop.example,other.example\n");
}

TEST(BypassProxy, ByGnome) {
  struct Case {
    std::string old, expect, undo;
  };
  for (const auto& [old, expect, undo] :
       {Case{"['localhost', '::1']", "['localhost', '::1', 'a.example']", "['localhost', '::1']"},
        Case{"@as []", "['a.example']", "@as []"}, Case{"[]", "['a.example']", "@as []"}}) {
    const auto work = bypass_proxy({.source = "GNOME", .exceptions = old, .file = "", .text = ""}, "a.example");
    const auto run = std::get<RunCommand>(work.steps[0].change);
    EXPECT_EQ(run.words.back(), expect);
    EXPECT_EQ(run.undo.back(), undo);
  }
}

TEST(BypassProxy, ByKde) {
  struct Case {
    std::string text, old, expect;
  };
  for (const auto& [text, old, expect] :
       {Case{"[Proxy Settings]\nProxyType=1\nNoProxyFor=localhost\n[Other]\nNoProxyFor=x\n", "localhost",
             "[Proxy Settings]\nProxyType=1\nNoProxyFor=localhost,a.example\n[Other]\nNoProxyFor=x\n"},
        Case{"[Proxy Settings]\nProxyType=1\n[Other]\n", "",
             "[Proxy Settings]\nProxyType=1\nNoProxyFor=a.example\n[Other]\n"},
        Case{"[Other]\n", "", "[Other]\n[Proxy Settings]\nNoProxyFor=a.example\n"}}) {
    const auto work = bypass_proxy({.source = "KDE", .exceptions = old, .file = "/k", .text = text}, "a.example");
    EXPECT_EQ(std::get<WriteFile>(work.steps[0].change).bytes, expect);
  }
}

TEST(BypassProxy, NothingWithoutAProxy) {
  EXPECT_FALSE(bypass_proxy({}, "a.example").nothing.empty());
}

TEST(PreferIpv4, TakesTheIpv6WaysAway) {
  const auto work = prefer_ipv4("a.example", {"2001:db8::1", "192.0.2.1", "2001:db8::2"});
  ASSERT_EQ(work.steps.size(), 2U);
  EXPECT_EQ(std::get<RunCommand>(work.steps[1].change).words[5], "2001:db8::2/128");
  EXPECT_FALSE(prefer_ipv4("a.example", {"2001:db8::1"}).nothing.empty());
  EXPECT_FALSE(prefer_ipv4("a.example", {"192.0.2.1"}).nothing.empty());
  EXPECT_FALSE(prefer_ipv4("a.example", {}).nothing.empty());
}

}  // namespace
}  // namespace fix502
