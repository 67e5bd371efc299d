#include "headless/actions.hpp"

#include <algorithm>
#include <boost/asio/this_coro.hpp>
#include <charconv>
#include <filesystem>
#include <fstream>
#include <tuple>

#include "base/text.hpp"
#include "headless/message.hpp"
#include "headless/running.hpp"
#include "headless/tabs.hpp"
#include "target/target.hpp"

namespace fix502 {
namespace {

using Clock = std::chrono::steady_clock;

/// A tab on nothing, for commands that need one.
Task<Result<std::string>> blank_tab(Conversation& talk) {
  Json params = Json::object();
  params["url"] = "about:blank";
  const auto target = co_await talk.call("Target.createTarget", params);
  if (!target) co_return std::unexpected(target.error());
  params = Json::object();
  params["targetId"] = id_at(*target, {"targetId"});
  params["flatten"] = true;
  const auto attached = co_await talk.call("Target.attachToTarget", params);
  if (!attached) co_return std::unexpected(attached.error());
  co_return id_at(*attached, {"sessionId"});
}

std::string read_small(const std::filesystem::path& path) {
  std::ifstream file(path, std::ios::binary);
  std::string text(4096, '\0');
  file.read(text.data(), static_cast<std::streamsize>(text.size()));
  text.resize(static_cast<std::size_t>(file.gcount()));
  return text;
}

/// The number of the process that has a profile of Chromium's kind open (process_singleton_posix.cc).
std::string holder(const std::filesystem::path& root) {
  std::error_code error;
  const std::string lock = std::filesystem::read_symlink(root / "SingletonLock", error).string();
  const std::string pid = lock.substr(lock.rfind('-') + 1);
  return error || pid.find_first_not_of("0123456789") != pid.npos ? std::string("0") : pid;
}

std::string origin_of(const std::string& url) {
  const auto target = parse_target(url);
  if (!target) return {};
  const bool usual = target->port == (target->scheme == "https" ? 443 : 80);
  return target->scheme + "://" + target->host + (usual ? "" : ":" + std::to_string(target->port));
}

Task<Result<SiteCleared>> clear_by_devtools(Conversation& talk, SiteClearing what) {
  SiteCleared cleared;
  const auto session = co_await blank_tab(talk);
  if (!session) co_return std::unexpected(session.error());
  for (const auto& [wanted, kind, done] : {std::tuple{what.workers, "service_workers", &cleared.workers},
                                           std::tuple{what.cookies, "cookies", &cleared.cookies}}) {
    if (!wanted) continue;
    Json params = Json::object();
    params["origin"] = origin_of(what.url);
    params["storageTypes"] = kind;
    const auto answer = co_await talk.call("Storage.clearDataForOrigin", params, *session);
    if (!answer) co_return std::unexpected(answer.error());
    *done = true;
  }
  PageWish wish;
  wish.url = what.url;
  wish.past_the_cache = true;
  if (const auto loaded = co_await devtools_page(talk, std::move(wish), cleared.page); !loaded)
    co_return std::unexpected(loaded.error());
  co_return cleared;
}

Task<Result<SiteCleared>> clear_by_bidi(Conversation& talk, SiteClearing what) {
  SiteCleared cleared;
  Json params = Json::object();
  params["capabilities"] = Json::object();
  const auto session = co_await talk.call("session.new", params);
  if (!session) co_return std::unexpected(session.error());
  if (what.cookies) {
    const auto target = parse_target(what.url);
    params = Json::object();
    params["filter"]["domain"] = target ? target->host : std::string{};
    const auto answer = co_await talk.call("storage.deleteCookies", params);
    if (!answer) co_return std::unexpected(answer.error());
    cleared.cookies = true;
  }
  PageWish wish;
  wish.url = what.url;
  wish.past_the_cache = true;
  const auto loaded = co_await bidi_page(talk, std::move(wish), cleared.page);
  // The visitor's browser goes on: it is left as it was found.
  params = Json::object();
  static_cast<void>(co_await talk.call("session.end", params));
  if (!loaded) co_return std::unexpected(loaded.error());
  co_return cleared;
}

}  // namespace

Result<OpenLine> read_devtools_port(std::string_view text) {
  const auto lines = split(text, '\n');
  OpenLine line;
  if (lines.size() != 2 || !lines[1].starts_with("/devtools/browser/") || lines[1].size() > kLongestId)
    return fail("that is no DevToolsActivePort");
  const auto read = std::from_chars(lines[0].data(), lines[0].data() + lines[0].size(), line.port);
  if (read.ptr != lines[0].data() + lines[0].size() || line.port == 0) return fail("that is no port");
  line.path = lines[1];
  return line;
}

Result<OpenLine> read_bidi_server(std::string_view text) {
  const Json json = Json::parse(text, nullptr, false);
  OpenLine line;
  line.protocol = BrowserProtocol::bidi;
  line.host = id_at(json, {"ws_host"});
  line.path = "/session";
  const auto port = number_at(json, {"ws_port"});
  if (line.host.empty() || !port || *port < 1 || *port > 65'535) return fail("that is no WebDriverBiDiServer.json");
  line.port = static_cast<std::uint16_t>(*port);
  return line;
}

Result<OpenLine> read_devtools_words(std::string_view words) {
  constexpr std::string_view kOption = "--remote-debugging-port=";
  OpenLine line;
  for (const auto word : split(words, '\0')) {
    if (!word.starts_with(kOption)) continue;
    const char* end = word.data() + word.size();
    const auto read = std::from_chars(word.data() + kOption.size(), end, line.port);
    if (read.ptr != end || read.ec != std::errc{}) line.port = 0;
  }
  if (line.port == 0) return fail("it was started without a port");
  return line;
}

Result<OpenLine> open_line(const OwnProfile& profile) {
  if (profile.protocol == BrowserProtocol::devtools) {
    const std::filesystem::path root(profile.root);
    // A port of the user's choice is not written down; "host-PID" stands in the profile's lock.
    if (const auto words = read_devtools_words(read_small("/proc/" + holder(root) + "/cmdline"))) return words;
    return read_devtools_port(read_small(root / "DevToolsActivePort"));
  }
  return read_bidi_server(read_small(std::filesystem::path(profile.root) / "WebDriverBiDiServer.json"));
}

Task<Result<void>> greet(OpenLine line, Milliseconds timeout) {
  const auto executor = co_await boost::asio::this_coro::executor;
  const auto deadline = Clock::now() + timeout;
  auto channel = co_await web_socket(executor, line.host, line.port, line.path, deadline);
  if (!channel) co_return std::unexpected(channel.error());
  Conversation talk(std::move(*channel), deadline);
  Json params = Json::object();
  std::string hello = line.protocol == BrowserProtocol::devtools ? "Browser.getVersion" : "session.status";
  const auto answer = co_await talk.call(std::move(hello), std::move(params));
  if (!answer) co_return std::unexpected(answer.error());
  co_return Result<void>{};
}

Task<Result<SiteCleared>> clear_in_open_browser(OpenLine line, SiteClearing what, Milliseconds timeout) {
  const auto executor = co_await boost::asio::this_coro::executor;
  const auto deadline = Clock::now() + timeout;
  auto channel = co_await web_socket(executor, line.host, line.port, line.path, deadline);
  if (!channel) co_return std::unexpected(channel.error());
  Conversation talk(std::move(*channel), deadline);
  if (line.protocol == BrowserProtocol::devtools) co_return co_await clear_by_devtools(talk, std::move(what));
  co_return co_await clear_by_bidi(talk, std::move(what));
}

}  // namespace fix502
