#include "sys/proxy_rules.hpp"

#include <gtest/gtest.h>

#include <span>

namespace fix502 {
namespace {

struct BypassCase {
  std::string_view no_proxy, host;
  std::uint16_t port;
  std::string_view expect;
};

const BypassCase kBypass[] = {
    {"", "shop.example", 443, ""},
    {"*", "shop.example", 443, "*"},
    {"other.example, shop.example", "shop.example", 443, "shop.example"},
    {"example", "shop.example", 443, "example"},
    {".example", "shop.example", 443, ".example"},
    {"*.example", "shop.example", 443, "*.example"},
    {"EXAMPLE.", "shop.example", 443, "EXAMPLE."},
    {"hop.example", "shop.example", 443, ""},
    {"www.shop.example", "shop.example", 443, ""},
    {"a b shop.example", "shop.example", 443, "shop.example"},
    {"shop.example:8443", "shop.example", 443, ""},
    {"shop.example:443", "shop.example", 443, "shop.example:443"},
    {"192.0.2.1", "192.0.2.1", 80, "192.0.2.1"},
    {"192.0.2.0/24", "192.0.2.77", 80, "192.0.2.0/24"},
    {"192.0.2.0/25", "192.0.2.200", 80, ""},
    {"192.0.2.0/33,192.0.2.0/x,192.0.2.0/-1", "192.0.2.0", 80, ""},
    {"0.0.0.0/0", "192.0.2.1", 80, "0.0.0.0/0"},
    {"2.1", "192.0.2.1", 80, ""},
    {"2001:db8::/32", "2001:db8::1", 80, "2001:db8::/32"},
    {"[2001:db8::1]:80", "2001:db8::1", 80, "[2001:db8::1]:80"},
    {"[2001:db8::1]", "2001:db8::1", 80, "[2001:db8::1]"},
    {"::/0", "192.0.2.1", 80, ""},
    {"localhost", "localhost", 80, "localhost"},
    {"shop.example", "127.0.0.1", 80, ""},
    {"127.0.0.0/8", "127.0.0.1", 80, "127.0.0.0/8"},
};

TEST(ProxyBypassed, NamesTheEntry) {
  for (const auto& row : kBypass)
    EXPECT_EQ(proxy_bypassed(row.no_proxy, row.host, row.port), row.expect) << row.no_proxy << " for " << row.host;
}

struct ProxyCase {
  const char* what;
  Environment environment;
  std::string_view url, proxy, source;
  std::string_view bypassed_by = {}, pac = {};
};

const ProxyCase kEnvironments[] = {
    {"nothing", {}, "https://shop.example/", "", ""},
    {"lower case",
     {{"https_proxy", "http://proxy.example:3128"}},
     "https://shop.example/",
     "http://proxy.example:3128",
     "environment https_proxy"},
    {"capitals",
     {{"HTTPS_PROXY", "proxy.example:3128"}},
     "https://shop.example/",
     "http://proxy.example:3128",
     "environment HTTPS_PROXY"},
    {"the other scheme's", {{"http_proxy", "http://proxy.example:3128"}}, "https://shop.example/", "", ""},
    {"http",
     {{"HTTP_PROXY", "http://proxy.example"}},
     "http://shop.example/",
     "http://proxy.example:80",
     "environment HTTP_PROXY"},
    {"lower case first",
     {{"HTTP_PROXY", "http://b:1"}, {"http_proxy", "http://a:1"}},
     "http://shop.example/",
     "http://a:1",
     "environment http_proxy"},
    {"for all",
     {{"all_proxy", "socks5h://proxy.example"}},
     "https://shop.example/",
     "socks5h://proxy.example:1080",
     "environment all_proxy"},
    {"an empty one is none", {{"https_proxy", ""}}, "https://shop.example/", "", ""},
    {"senseless", {{"https_proxy", "http://"}}, "https://shop.example/", "", ""},
    {"another protocol", {{"https_proxy", "ftp://proxy.example"}}, "https://shop.example/", "", ""},
    {"excepted",
     {{"https_proxy", "http://proxy.example:3128"}, {"NO_PROXY", "localhost,.example"}},
     "https://shop.example/",
     "",
     "environment https_proxy",
     ".example"},
    {"loopback is not excepted by itself",
     {{"http_proxy", "http://proxy.example:3128"}},
     "http://127.0.0.1:8080/",
     "http://proxy.example:3128",
     "environment http_proxy"},
    {"a script",
     {{"auto_proxy", "http://wpad.example/p.pac"}},
     "https://shop.example/",
     "",
     "environment auto_proxy",
     "",
     "http://wpad.example/p.pac"},
};

TEST(ProxyOfEnvironment, IsWhatABrowserTakes) {
  for (const auto& row : kEnvironments) {
    const auto target = parse_target(row.url);
    ASSERT_TRUE(target);
    std::string proxy_url = "left over";
    const auto settings = settle_proxy(proxy_of_environment(row.environment, target->scheme), *target, proxy_url);
    EXPECT_EQ(settings.proxy, row.proxy) << row.what;
    EXPECT_EQ(proxy_url, row.proxy) << row.what;
    EXPECT_EQ(settings.source, row.source) << row.what;
    EXPECT_EQ(settings.bypassed_by, row.bypassed_by) << row.what;
    EXPECT_EQ(settings.pac, row.pac) << row.what;
  }
}

TEST(SettleProxy, ShowsNoCredentials) {
  const auto target = parse_target("https://shop.example/");
  std::string proxy_url;
  const auto settings = settle_proxy(
      proxy_of_environment({{"https_proxy", "http://user:s%40cret@Proxy.Example:3128/"}}, "https"), *target, proxy_url);
  EXPECT_EQ(settings.proxy, "http://proxy.example:3128");
  EXPECT_EQ(proxy_url, "http://user:s%40cret@proxy.example:3128");
}

struct DesktopCase {
  const char* what;
  std::string_view text;
  std::string_view proxy, no_proxy, pac;
};

const DesktopCase kGnome[] = {
    {"no answer", "", "", "", ""},
    {"off", "org.gnome.system.proxy mode 'none'\norg.gnome.system.proxy.https host 'old.example'\n", "", "", ""},
    {"by hand",
     "org.gnome.system.proxy autoconfig-url ''\n"
     "org.gnome.system.proxy ignore-hosts ['localhost', '127.0.0.0/8', '::1']\n"
     "org.gnome.system.proxy mode 'manual'\n"
     "org.gnome.system.proxy.http host 'http.example'\norg.gnome.system.proxy.http port 8080\n"
     "org.gnome.system.proxy.https host 'proxy.example'\norg.gnome.system.proxy.https port 3128\n",
     "http://proxy.example:3128", "localhost, 127.0.0.0/8, ::1", ""},
    {"socks only",
     "org.gnome.system.proxy mode 'manual'\norg.gnome.system.proxy ignore-hosts @as []\n"
     "org.gnome.system.proxy.https host ''\norg.gnome.system.proxy.https port 0\n"
     "org.gnome.system.proxy.socks host 'proxy.example'\norg.gnome.system.proxy.socks port 1080\n",
     "socks5://proxy.example:1080", "", ""},
    {"a script", "org.gnome.system.proxy mode 'auto'\norg.gnome.system.proxy autoconfig-url 'http://a.example/p.pac'\n",
     "", "", "http://a.example/p.pac"},
    {"discovery", "org.gnome.system.proxy mode 'auto'\norg.gnome.system.proxy autoconfig-url ''\n", "", "",
     "http://wpad/wpad.dat"},
};

const DesktopCase kKde[] = {
    {"no file", "", "", "", ""},
    {"off", "[Proxy Settings]\nProxyType=0\nhttpsProxy=http://old.example 3128\n", "", "", ""},
    {"by hand",
     "[Other]\nProxyType=2\n[Proxy Settings]\nNoProxyFor=localhost,.lan\nProxyType=1\nhttpsProxy=http://proxy.example "
     "3128\n",
     "http://proxy.example:3128", "localhost,.lan", ""},
    {"with a colon", "[Proxy Settings]\nProxyType=1\nhttpsProxy[$e]=http://proxy.example:3128\n",
     "http://proxy.example:3128", "", ""},
    {"a script", "[Proxy Settings]\nProxy Config Script=http://a.example/p.pac\nProxyType=2\n", "", "",
     "http://a.example/p.pac"},
    {"discovery", "[Proxy Settings]\nProxyType=3\n", "", "", "http://wpad/wpad.dat"},
    {"another section's", "[Proxy Settings]\nProxyType=1\n[Else]\nhttpsProxy=http://proxy.example 3128\n", "", "", ""},
};

void expect_choices(std::span<const DesktopCase> rows, ProxyChoice (*read)(std::string_view, std::string_view),
                    std::string_view source) {
  for (const auto& row : rows) {
    const auto choice = read(row.text, "https");
    EXPECT_EQ(choice.proxy, row.proxy) << source << ": " << row.what;
    EXPECT_EQ(choice.no_proxy, row.no_proxy) << source << ": " << row.what;
    EXPECT_EQ(choice.pac, row.pac) << source << ": " << row.what;
    EXPECT_EQ(choice.source, row.proxy.empty() && row.pac.empty() ? "" : source) << source << ": " << row.what;
  }
}

TEST(ProxyOfDesktop, ReadsGnomeAndKde) {
  expect_choices(kGnome, proxy_of_gnome, "GNOME");
  expect_choices(kKde, proxy_of_kde, "KDE");
}

}  // namespace
}  // namespace fix502
