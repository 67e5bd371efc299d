#include "headless/running.hpp"

#include <unistd.h>

#include <array>
#include <boost/asio/buffer.hpp>
#include <boost/asio/experimental/awaitable_operators.hpp>
#include <boost/asio/posix/stream_descriptor.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <cstdlib>
#include <filesystem>
#include <fstream>

#include "headless/profile_copy.hpp"
#include "net/await.hpp"

namespace fix502 {
namespace {

namespace asio = boost::asio;
namespace fs = std::filesystem;
using namespace asio::experimental::awaitable_operators;

constexpr std::size_t kMostErrors = 256 * 1024;

std::vector<std::string> own_environment() {
  std::vector<std::string> list;
  for (char** entry = environ; entry != nullptr && *entry != nullptr; ++entry) list.emplace_back(*entry);
  return list;
}

/// Home and temporary folder for the browser alone. Certificates that the visitor has made the system's NSS trust count
/// for Chromium (docs/linux/cert_management.md there), so they are led to; everything else stays out of reach.
Result<void> furnish(const std::string& folder) {
  std::error_code failed;
  for (const char* name : {"/home", "/tmp", "/profile"}) {
    fs::create_directory(folder + name, failed);
    if (failed) return fail("no folder could be made for it: " + failed.message());
  }
  const char* home = std::getenv("HOME");
  if (home == nullptr || *home != '/') return {};
  std::error_code ignored;
  if (fs::is_directory(std::string(home) + "/.pki/nssdb", ignored))
    fs::create_directory_symlink(std::string(home) + "/.pki", folder + "/home/.pki", ignored);
  if (fs::is_directory(std::string(home) + "/.local/share/pki/nssdb", ignored)) {
    fs::create_directories(folder + "/home/.local/share", ignored);
    fs::create_directory_symlink(std::string(home) + "/.local/share/pki", folder + "/home/.local/share/pki", ignored);
  }
  return {};
}

/// What it says on standard error until it names its port. Nothing of it is kept.
Task<Result<std::uint16_t>> wait_for_port(int errors, SteadyTime deadline) {
  asio::posix::stream_descriptor pipe(co_await asio::this_coro::executor, errors);
  asio::steady_timer timer(pipe.get_executor(), deadline);
  std::array<char, 4096> block{};
  std::string text;
  while (text.size() < kMostErrors) {
    const auto first = co_await (pipe.async_read_some(asio::buffer(block), kAwait) || timer.async_wait(kAwait));
    if (first.index() == 1) co_return fail("it did not start in time");
    const auto [error, size] = std::get<0>(first);
    if (error) co_return fail("it ended at once");
    text.append(block.data(), size);
    if (const auto port = announced_port(text); port != 0) co_return port;
  }
  co_return fail("it did not name its port");
}

Task<Result<std::unique_ptr<BrowserLine>>> connect(Keeper& keeper, BrowserProtocol protocol, SteadyTime deadline) {
  const auto executor = co_await asio::this_coro::executor;
  if (protocol == BrowserProtocol::devtools)
    co_return pipe_channel(executor, keeper.take_commands(), keeper.take_answers());
  const auto port = co_await wait_for_port(keeper.take_errors(), deadline);
  if (!port) co_return std::unexpected(port.error());
  std::string host = "127.0.0.1";
  std::string path = "/session";
  co_return co_await web_socket(executor, std::move(host), *port, std::move(path), deadline);
}

}  // namespace

Task<Result<std::unique_ptr<RunningBrowser>>> start_browser(RunnableBrowser browser, StartOptions options,
                                                            SteadyTime deadline) {
  const auto began = std::chrono::steady_clock::now();
  auto folder = OwnFolder::make();
  if (!folder) co_return std::unexpected(folder.error());
  if (const auto furnished = furnish(folder->path()); !furnished) co_return std::unexpected(furnished.error());
  const std::string profile = folder->path() + "/profile";
  if (options.copy_of)
    if (const auto copied = copy_profile(*options.copy_of, options.pages, profile); !copied)
      co_return std::unexpected(copied.error());
  if (browser.protocol == BrowserProtocol::bidi && options.profile.empty())
    std::ofstream(profile + "/user.js") << quiet_preferences(options.proxy);
  const Launch launch = plan_launch(browser, options, folder->path(), geteuid() == 0, own_environment());
  auto keeper = Keeper::start(launch, std::move(*folder));
  if (!keeper) co_return std::unexpected(keeper.error());
  auto channel = co_await connect(*keeper, browser.protocol, deadline);
  if (!channel) co_return std::unexpected(channel.error());
  Conversation talk(std::move(*channel), deadline);
  auto running = std::make_unique<RunningBrowser>(std::move(*keeper), std::move(talk));
  Json params = Json::object();
  const bool devtools = browser.protocol == BrowserProtocol::devtools;
  if (!devtools) params["capabilities"]["alwaysMatch"]["acceptInsecureCerts"] = false;
  std::string hello = devtools ? "Browser.getVersion" : "session.new";
  auto about = co_await running->talk.call(std::move(hello), std::move(params));
  if (!about) co_return std::unexpected(about.error());
  running->about = std::move(*about);
  running->ready = std::chrono::duration_cast<Duration>(std::chrono::steady_clock::now() - began);
  co_return running;
}

Task<void> close_browser(RunningBrowser& running, BrowserProtocol protocol, Milliseconds most) {
  running.talk.extend(std::chrono::steady_clock::now() + most);
  Json params = Json::object();
  std::string goodbye = protocol == BrowserProtocol::devtools ? "Browser.close" : "browser.close";
  const auto said = co_await running.talk.say(std::move(goodbye), std::move(params));
  // The line closes when it is gone.
  while (said)
    if (const auto heard = co_await running.talk.hear(); !heard) break;
}

}  // namespace fix502
