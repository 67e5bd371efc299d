#include <gtest/gtest.h>
#include <unistd.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <set>

#include "headless/actions.hpp"
#include "headless/net_errors.hpp"
#include "headless/profile_copy.hpp"
#include "headless/running.hpp"

namespace fix502 {
namespace {

namespace fs = std::filesystem;

const RunnableBrowser kChromium{"chromium", "/usr/bin/chromium", BrowserProtocol::devtools};
const RunnableBrowser kFirefox{"firefox-esr", "/usr/bin/firefox-esr", BrowserProtocol::bidi};

bool has(const std::vector<std::string>& list, const std::string& item) {
  return std::ranges::find(list, item) != list.end();
}

TEST(PlanLaunch, GivesUpTheSandboxForRootAlone) {
  EXPECT_TRUE(has(plan_launch(kChromium, {}, "/tmp/own", true, {}).command, "--no-sandbox"));
  EXPECT_FALSE(has(plan_launch(kChromium, {}, "/tmp/own", false, {}).command, "--no-sandbox"));
  EXPECT_FALSE(has(plan_launch(kFirefox, {}, "/tmp/own", true, {}).command, "--no-sandbox"));
}

TEST(PlanLaunch, KeepsTheBrowserInItsOwnFolder) {
  const std::vector<std::string> given = {"HOME=/home/eve", "XDG_CONFIG_HOME=/home/eve/c", "DISPLAY=:0",
                                          "http_proxy=http://proxy.example:3128", "LANG=C"};
  for (const auto& browser : {kChromium, kFirefox}) {
    const Launch launch = plan_launch(browser, {}, "/tmp/own", false, given);
    EXPECT_TRUE(has(launch.environment, "HOME=/tmp/own/home")) << browser.name;
    EXPECT_TRUE(has(launch.environment, "TMPDIR=/tmp/own/tmp")) << browser.name;
    EXPECT_TRUE(has(launch.environment, "http_proxy=http://proxy.example:3128")) << browser.name;
    for (const auto& entry : launch.environment) EXPECT_EQ(entry.find("eve"), entry.npos) << entry;
    const auto names_profile = [](const std::string& argument) { return argument.ends_with("/tmp/own/profile"); };
    EXPECT_TRUE(std::ranges::any_of(launch.command, names_profile)) << browser.name;
  }
}

TEST(PlanLaunch, GoesTheWayThatTheProbesGo) {
  StartOptions options;
  options.proxy = "direct";
  EXPECT_TRUE(has(plan_launch(kChromium, options, "/o", false, {}).command, "--no-proxy-server"));
  options.proxy = "http://proxy.example:3128";
  EXPECT_TRUE(
      has(plan_launch(kChromium, options, "/o", false, {}).command, "--proxy-server=http://proxy.example:3128"));
  const std::string preferences = quiet_preferences(options.proxy);
  EXPECT_NE(preferences.find("user_pref(\"network.proxy.ssl_port\", 3128);"), preferences.npos);
  EXPECT_EQ(quiet_preferences("").find("network.proxy"), std::string::npos);
}

TEST(AnnouncedPort, WaitsForTheWholeLine) {
  EXPECT_EQ(announced_port("*** You are running in headless mode.\nWebDriver BiDi listening on ws://127.0.0.1:39021\n"),
            39021);
  EXPECT_EQ(announced_port("WebDriver BiDi listening on ws://127.0.0.1:390"), 0);
  EXPECT_EQ(announced_port("WebDriver BiDi listening on ws://127.0.0.1:99999\n"), 0);
  EXPECT_EQ(announced_port(""), 0);
}

TEST(ChooseBrowsers, TakesOneOfEachEngine) {
  const auto chosen = choose_browsers([](std::string_view program) {
    const std::set<std::string_view> here = {"chromium", "brave-browser", "firefox", "firefox-esr"};
    return here.contains(program) ? "/usr/bin/" + std::string(program) : std::string{};
  });
  ASSERT_EQ(chosen.size(), 2U);
  EXPECT_EQ(chosen[0].path, "/usr/bin/chromium");
  EXPECT_EQ(chosen[1].path, "/usr/bin/firefox-esr");
  EXPECT_TRUE(choose_browsers([](std::string_view) { return std::string{}; }).empty());
}

struct Named {
  std::string_view net_error;
  Failure failure;
};
const Named kNamed[] = {
    {"net::ERR_CONNECTION_REFUSED", Failure::refused},
    {"net::ERR_HTTP2_PROTOCOL_ERROR", Failure::http2_error},
    {"NS_ERROR_UNKNOWN_HOST", Failure::name_not_resolved},
    {"NS_ERROR_GENERATE_FAILURE(NS_ERROR_MODULE_SECURITY, SEC_ERROR_UNKNOWN_ISSUER)", Failure::cert_issuer},
    {"NS_ERROR_GENERATE_FAILURE(", Failure::other},
    {"net::ERR_THAT_NOBODY_KNOWS", Failure::other},
    {"", Failure::other},
};

TEST(FailureOf, KnowsTheBrowsersNames) {
  for (const auto& [name, failure] : kNamed) EXPECT_EQ(failure_of(name), failure) << name;
  EXPECT_TRUE(browser_declined("net::ERR_BLOCKED_BY_CLIENT.Inspector"));
  EXPECT_FALSE(browser_declined("net::ERR_CONNECTION_RESET"));
}

// The browsers' own rule, worked out by another program: SHA-1 of "1/0/_dk_http://site.test http://site.test
// http://site.test/" and of "O^partitionKey=%28http%2Csite.test%29,:http://site.test/".
TEST(CacheFiles, AreNamedAsTheBrowsersNameThem) {
  EXPECT_TRUE(has(cache_files_of("http://site.test/", BrowserProtocol::devtools), "40e8d437277c2e99"));
  EXPECT_TRUE(has(cache_files_of("http://www.site.test/", BrowserProtocol::devtools), "035b59c304aebc00"));
  EXPECT_TRUE(
      has(cache_files_of("http://site.test/", BrowserProtocol::bidi), "7952A4A04E6DBB1EBBC3FD8232C3F07C7943AE3E"));
  EXPECT_TRUE(cache_files_of("no address", BrowserProtocol::bidi).empty());
}

TEST(OpenLine, IsReadFromWhatTheBrowserWrote) {
  const auto devtools = read_devtools_port("38123\n/devtools/browser/0b6f\n");
  ASSERT_TRUE(devtools);
  EXPECT_EQ(devtools->port, 38123);
  EXPECT_EQ(devtools->path, "/devtools/browser/0b6f");
  for (const char* text : {"", "38123", "99999\n/devtools/browser/0b6f", "38123x\n/devtools/browser/0b6f", "1\n/evil"})
    EXPECT_FALSE(read_devtools_port(text)) << text;
  using namespace std::string_view_literals;
  const auto chosen = read_devtools_words("/usr/bin/chromium\0--remote-debugging-port=9222\0https://shop.example/\0"sv);
  ASSERT_TRUE(chosen);
  EXPECT_EQ(chosen->port, 9222);
  EXPECT_EQ(chosen->path, "");
  for (const auto words :
       {""sv, "chromium\0"sv, "chromium\0--remote-debugging-port=0\0"sv, "chromium\0--remote-debugging-port=70000\0"sv,
        "chromium\0--remote-debugging-port=9x\0"sv, "chromium --remote-debugging-port=9222\0"sv})
    EXPECT_FALSE(read_devtools_words(words)) << words;
  const auto bidi = read_bidi_server(R"({"ws_host":"127.0.0.1","ws_port":39021})");
  ASSERT_TRUE(bidi);
  EXPECT_EQ(bidi->port, 39021);
  for (const char* text : {"", "{}", R"({"ws_host":"127.0.0.1","ws_port":0})", R"({"ws_host":7,"ws_port":5})", "["})
    EXPECT_FALSE(read_bidi_server(text)) << text;
}

class CopyProfile : public testing::Test {
 protected:
  CopyProfile() : place_(fs::temp_directory_path() / ("fix502-copy-" + std::to_string(getpid()))) {
    fs::remove_all(place_);
    fs::create_directories(place_);
  }
  ~CopyProfile() override { fs::remove_all(place_); }
  void put(const std::string& path, const std::string& text) {
    fs::create_directories((place_ / path).parent_path());
    std::ofstream(place_ / path) << text;
  }
  fs::path place_;
};

TEST_F(CopyProfile, TakesWhatIsStoredForThePageAndNoSecret) {
  const auto names = cache_files_of("http://site.test/", BrowserProtocol::devtools);
  put("mine/Local State", "{}");
  put("mine/Default/Preferences", "{}");
  put("mine/Default/Cookies", "secret");
  put("mine/Default/Login Data", "secret");
  put("mine/Default/History", "secret");
  put("mine/Default/Service Worker/Database/000003.log", "worker");
  put("mine/Default/Cache/Cache_Data/index", "index");
  put("mine/Default/Cache/Cache_Data/index-dir/the-real-index", "stale");
  put("mine/Default/Cache/Cache_Data/" + names.front() + "_0", "entry");
  put("mine/Default/Cache/Cache_Data/0123456789abcdef_0", "another page's");
  const auto own = own_profile_at(place_ / "mine");
  ASSERT_TRUE(own) << own.error().message();
  ASSERT_TRUE(copy_profile(*own, {"http://site.test/"}, place_ / "copy"));
  EXPECT_TRUE(fs::exists(place_ / "copy/Default/Cache/Cache_Data" / (names.front() + "_0")));
  EXPECT_TRUE(fs::exists(place_ / "copy/Default/Service Worker/Database/000003.log"));
  EXPECT_FALSE(fs::exists(place_ / "copy/Default/Cache/Cache_Data/0123456789abcdef_0"));
  for (const char* secret : {"Cookies", "Login Data", "History"})
    EXPECT_FALSE(fs::exists(place_ / "copy/Default" / secret)) << secret;
}

TEST_F(CopyProfile, KnowsAFirefoxProfile) {
  put("mine/prefs.js", "");
  put("mine/cookies.sqlite", "secret");
  put("mine/logins.json", "secret");
  put("mine/cache2/entries/" + cache_files_of("http://site.test/", BrowserProtocol::bidi).front(), "entry");
  const auto own = own_profile_at(place_ / "mine");
  ASSERT_TRUE(own) << own.error().message();
  EXPECT_EQ(own->protocol, BrowserProtocol::bidi);
  ASSERT_TRUE(copy_profile(*own, {"http://site.test/"}, place_ / "copy"));
  EXPECT_FALSE(fs::is_empty(place_ / "copy/cache2/entries"));
  EXPECT_FALSE(fs::exists(place_ / "copy/cookies.sqlite"));
  EXPECT_FALSE(fs::exists(place_ / "copy/logins.json"));
}

TEST_F(CopyProfile, RefusesWhatIsNone) {
  EXPECT_FALSE(own_profile_at(place_));
  EXPECT_FALSE(own_profile_at(place_ / "nowhere"));
}

}  // namespace
}  // namespace fix502
