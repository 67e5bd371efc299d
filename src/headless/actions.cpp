#include "headless/actions.hpp"

#include <algorithm>
#include <boost/asio/this_coro.hpp>
#include <charconv>
#include <filesystem>
#include <fstream>
#include <map>
#include <tuple>

#include "base/text.hpp"
#include "headless/message.hpp"
#include "headless/running.hpp"
#include "headless/tabs.hpp"
#include "target/target.hpp"

namespace fix502 {
namespace {

using Clock = std::chrono::steady_clock;
constexpr std::size_t kMostWorkers = 200;
constexpr Milliseconds kToWriteDown{5'000};

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

/// Registrations first, then their versions, which name them by number.
void read_workers(const Json& message, std::map<std::string, ListedWorker>& workers) {
  const std::string method = id_at(message, {"method"});
  const bool registrations = method == "ServiceWorker.workerRegistrationUpdated";
  if (!registrations && method != "ServiceWorker.workerVersionUpdated") return;
  const Json* list = member(message, {"params", registrations ? "registrations" : "versions"});
  if (list == nullptr || !list->is_array()) return;
  for (const auto& item : *list) {
    const std::string id = id_at(item, {"registrationId"});
    if (id.empty() || flag_at(item, {"isDeleted"}) || workers.size() >= kMostWorkers) continue;
    if (registrations)
      workers[id].scope = text_at(item, {"scopeURL"}, kLongestUrl);
    else
      workers[id].script = text_at(item, {"scriptURL"}, kLongestUrl);
  }
}

/// ServiceWorker.enable is answered, then the lists come: the next command's answer is behind them.
Task<Result<std::vector<ListedWorker>>> workers_of(Conversation& talk, std::string session) {
  std::map<std::string, ListedWorker> workers;
  Json params = Json::object();
  const auto enabled = co_await talk.say("ServiceWorker.enable", params, session);
  if (!enabled) co_return std::unexpected(enabled.error());
  const auto last = co_await talk.say("Target.getTargets", params);
  if (!last) co_return std::unexpected(last.error());
  for (;;) {
    const auto message = co_await talk.hear();
    if (!message) co_return std::unexpected(message.error());
    read_workers(*message, workers);
    if (number_at(*message, {"id"}) == *last) break;
  }
  std::vector<ListedWorker> list;
  for (auto& [id, worker] : workers)
    if (!worker.scope.empty()) list.push_back(std::move(worker));
  co_return list;
}

Task<Result<std::vector<ListedWorker>>> with_profile(RunnableBrowser browser, OwnProfile profile, std::string origin,
                                                     Milliseconds timeout) {
  StartOptions options;
  options.profile = profile.root;
  const std::string folder = std::filesystem::path(profile.folder).filename();
  if (folder != "Default") options.arguments.push_back("--profile-directory=" + folder);
  auto running = co_await start_browser(browser, std::move(options), Clock::now() + timeout);
  if (!running) co_return std::unexpected(running.error());
  Conversation& talk = (*running)->talk;
  const auto session = co_await blank_tab(talk);
  if (!session) co_return std::unexpected(session.error());
  auto workers = co_await workers_of(talk, *session);
  if (workers && !origin.empty()) {
    std::erase_if(*workers, [&](const ListedWorker& one) { return !one.scope.starts_with(origin); });
    Json params = Json::object();
    params["origin"] = origin;
    params["storageTypes"] = "service_workers";
    if (const auto done = co_await talk.call("Storage.clearDataForOrigin", params, *session); !done)
      workers = std::unexpected(done.error());
  }
  co_await close_browser(**running, browser.protocol, kToWriteDown);
  co_return workers;
}

std::string read_small(const std::filesystem::path& path) {
  std::ifstream file(path, std::ios::binary);
  std::string text(4096, '\0');
  file.read(text.data(), static_cast<std::streamsize>(text.size()));
  text.resize(static_cast<std::size_t>(file.gcount()));
  return text;
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

Task<Result<std::vector<ListedWorker>>> unregister_workers(RunnableBrowser browser, OwnProfile profile,
                                                           std::string origin, Milliseconds timeout) {
  if (browser.protocol != BrowserProtocol::devtools) co_return fail("that is done in Firefox's own files");
  if (origin.empty()) co_return fail("no site was named");
  co_return co_await with_profile(std::move(browser), std::move(profile), std::move(origin), timeout);
}

Task<Result<std::vector<ListedWorker>>> list_workers(RunnableBrowser browser, OwnProfile profile,
                                                     Milliseconds timeout) {
  if (browser.protocol != BrowserProtocol::devtools) co_return fail("that stands in Firefox's own files");
  std::string every;
  co_return co_await with_profile(std::move(browser), std::move(profile), std::move(every), timeout);
}

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

Result<OpenLine> open_line(const OwnProfile& profile) {
  if (profile.protocol == BrowserProtocol::devtools)
    return read_devtools_port(read_small(std::filesystem::path(profile.root) / "DevToolsActivePort"));
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
