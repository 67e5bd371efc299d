// The installed browsers themselves, against a server on loopback. Skipped where there is none.

#include <gtest/gtest.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <thread>

#include "headless/headless.hpp"
#include "headless/running.hpp"
#include "headless/tabs.hpp"

namespace fix502 {
namespace {

namespace asio = boost::asio;
namespace fs = std::filesystem;

/// Answers everything with one text, one connection after the other, and counts.
class Answering {
 public:
  explicit Answering(std::string answer) : answer_(std::move(answer)) {
    listener_ = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    sockaddr_in place{};
    place.sin_family = AF_INET;
    place.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t size = sizeof place;
    bind(listener_, reinterpret_cast<sockaddr*>(&place), size);
    getsockname(listener_, reinterpret_cast<sockaddr*>(&place), &size);
    listen(listener_, 16);
    port_ = ntohs(place.sin_port);
    thread_ = std::thread([this] { serve(); });
  }
  ~Answering() {
    shutdown(listener_, SHUT_RDWR);
    thread_.join();
    close(listener_);
  }
  [[nodiscard]] std::string url(const std::string& path) const {
    return "http://127.0.0.1:" + std::to_string(port_) + path;
  }
  std::vector<std::string> asked;  ///< first lines; to be read when the browser is gone

 private:
  void serve() {
    for (int peer = 0; (peer = accept(listener_, nullptr, nullptr)) >= 0; close(peer)) {
      std::string request;
      char block[4096];
      while (request.find("\r\n\r\n") == request.npos) {
        const auto got = recv(peer, block, sizeof block, 0);
        if (got <= 0) break;
        request.append(block, static_cast<std::size_t>(got));
      }
      if (request.empty()) continue;
      asked.push_back(request);
      const bool redirect = request.starts_with("GET /from");
      const std::string text =
          redirect ? "HTTP/1.1 302 Found\r\nLocation: /to\r\nContent-Length: 0\r\nConnection: close\r\n\r\n" : answer_;
      send(peer, text.data(), text.size(), MSG_NOSIGNAL);
    }
  }
  std::string answer_;
  int listener_ = -1;
  std::uint16_t port_ = 0;
  std::thread thread_;
};

constexpr const char* kBroken =
    "HTTP/1.1 502 Bad Gateway\r\nServer: nginx\r\nCache-Control: max-age=600\r\nSet-Cookie: session=abcdefgh\r\n"
    "Content-Type: text/html\r\nContent-Length: 102\r\nConnection: close\r\n\r\n"
    "<html><img src=/i.png><script src=/s.js></script><iframe src=/f></iframe><h1>502 Bad Gateway</h1></html>";

/// What goes wrong in an application and is called good: both browsers keep that.
constexpr const char* kKept =
    "HTTP/1.1 200 OK\r\nCache-Control: max-age=600\r\nContent-Type: text/html\r\nContent-Length: 24\r\n"
    "Connection: close\r\n\r\n<h1>502 Bad Gateway</h1>";

/// The visitor opens the page in a profile of his own, and closes the browser.
Task<void> use_profile(RunnableBrowser browser, std::string profile, std::string url) {
  StartOptions options;
  options.profile = profile;
  options.proxy = "direct";
  const auto deadline = std::chrono::steady_clock::now() + Milliseconds(60'000);
  auto running = co_await start_browser(browser, std::move(options), deadline);
  EXPECT_TRUE(running);
  if (!running) co_return;
  BrowserVisit seen;
  PageWish wish;
  wish.url = std::move(url);
  const bool devtools = browser.protocol == BrowserProtocol::devtools;
  Task<Result<void>> page = devtools ? devtools_page((*running)->talk, std::move(wish), seen)
                                     : bidi_page((*running)->talk, std::move(wish), seen);
  const auto loaded = co_await std::move(page);
  EXPECT_TRUE(loaded);
  EXPECT_FALSE(seen.from_cache);
  co_await close_browser(**running, browser.protocol, Milliseconds(20'000));
}

BrowserVisit visit(const RunnableBrowser& browser, std::string url, std::optional<OwnProfile> own = std::nullopt) {
  asio::io_context loop;
  const auto browsers = real_headless_browsers();
  BrowserJob job;
  job.browser = browser;
  job.copy_of = std::move(own);
  job.url = std::move(url);
  job.proxy = "direct";
  // A machine that builds something beside this is slow to start a browser.
  job.timeout = Milliseconds(60'000);
  BrowserVisit seen;
  asio::co_spawn(loop, browsers->visit(std::move(job)), [&](std::exception_ptr broken, BrowserVisit result) {
    EXPECT_FALSE(broken);
    seen = std::move(result);
  });
  loop.run();
  return seen;
}

/// Folders of ours under $TMPDIR.
std::size_t left_over() {
  std::size_t count = 0;
  for (const auto& entry : fs::directory_iterator(fs::temp_directory_path()))
    count += entry.path().filename().string().starts_with("fix502-browser-") ? 1 : 0;
  return count;
}

class RealBrowser : public testing::TestWithParam<BrowserProtocol> {
 protected:
  void SetUp() override {
    for (const auto& one : runnable_browsers())
      if (one.protocol == GetParam()) browser_ = one;
    if (browser_.path.empty()) GTEST_SKIP() << "no browser of this kind is installed";
    // A place of its own: other tests may run browsers beside this one.
    place_ = fs::temp_directory_path() / ("fix502-test-" + std::to_string(getpid()));
    fs::create_directories(place_);
    setenv("TMPDIR", place_.c_str(), 1);
  }
  void TearDown() override {
    if (place_.empty()) return;
    EXPECT_EQ(left_over(), 0U);
    unsetenv("TMPDIR");
    fs::remove_all(place_);
  }
  RunnableBrowser browser_;
  fs::path place_;
};

TEST_P(RealBrowser, SeesAnErrorPageAndNothingElseOfIt) {
  Answering server(kBroken);
  const BrowserVisit seen = visit(browser_, server.url("/from"));
  EXPECT_EQ(seen.trouble, "");
  EXPECT_EQ(seen.failure, Failure::none) << seen.net_error;
  EXPECT_EQ(seen.status, 502);
  EXPECT_EQ(seen.protocol, "http/1.1");
  EXPECT_EQ(seen.final_url, server.url("/to"));
  ASSERT_EQ(seen.redirects.size(), 1U);
  EXPECT_EQ(seen.redirects.front().url, server.url("/from"));
  EXPECT_EQ(seen.redirects.front().status, 302);
  EXPECT_FALSE(seen.from_cache);
  EXPECT_FALSE(seen.version.empty());
  EXPECT_EQ(seen.user_agent.find("Headless"), seen.user_agent.npos);
  EXPECT_EQ(seen.requests, 2);
  ASSERT_EQ(server.asked.size(), 2U);
  EXPECT_NE(server.asked.front().find("User-Agent: " + seen.user_agent), std::string::npos) << server.asked.front();
  for (const auto& field : seen.headers) EXPECT_EQ(field.value.find("abcdefgh"), std::string::npos);
  // WebDriver BiDi does not say whom it asked.
  EXPECT_EQ(seen.address, GetParam() == BrowserProtocol::devtools ? "127.0.0.1" : "");
}

TEST_P(RealBrowser, NamesARefusedConnection) {
  std::string url;
  {
    Answering gone("");
    url = gone.url("/");
  }
  const BrowserVisit seen = visit(browser_, url);
  EXPECT_EQ(seen.trouble, "");
  EXPECT_EQ(seen.failure, Failure::refused) << seen.net_error;
  EXPECT_FALSE(seen.status);
}

TEST_P(RealBrowser, ShowsWhatACopyOfTheProfileHasStored) {
  Answering server(kKept);
  const fs::path mine = place_ / "mine";
  fs::create_directories(mine);
  if (GetParam() == BrowserProtocol::bidi) std::ofstream(mine / "user.js") << quiet_preferences("direct");
  asio::io_context loop;
  asio::co_spawn(loop, use_profile(browser_, mine, server.url("/page")),
                 [](std::exception_ptr broken) { EXPECT_FALSE(broken); });
  loop.run();
  const auto own = own_profile_at(mine);
  ASSERT_TRUE(own) << own.error().message();
  const BrowserVisit seen = visit(browser_, server.url("/page"), *own);
  EXPECT_EQ(seen.trouble, "");
  EXPECT_EQ(seen.status, 200);
  EXPECT_TRUE(seen.from_cache);
  EXPECT_EQ(seen.profile, ProfileUse::copy);
  EXPECT_EQ(seen.requests, 0);
  // Using the profile may have asked for the site's icon as well.
  EXPECT_EQ(std::ranges::count_if(server.asked, [](const auto& one) { return one.starts_with("GET /page "); }), 1);
  EXPECT_FALSE(visit(browser_, server.url("/page")).from_cache);
}

INSTANTIATE_TEST_SUITE_P(Installed, RealBrowser, testing::Values(BrowserProtocol::devtools, BrowserProtocol::bidi),
                         [](const auto& kind) {
                           return std::string(kind.param == BrowserProtocol::devtools ? "chromium" : "firefox");
                         });

}  // namespace
}  // namespace fix502
