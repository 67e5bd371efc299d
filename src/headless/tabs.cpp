#include "headless/tabs.hpp"

#include "headless/message.hpp"
#include "headless/reader.hpp"

namespace fix502 {
namespace {

using Clock = std::chrono::steady_clock;

Duration since(Clock::time_point began) {
  return std::chrono::duration_cast<Duration>(Clock::now() - began);
}

/// Commands of the two protocols that mean the same.
struct Words {
  std::string_view navigate, pass, stop;
};
constexpr Words kDevtools{"Page.navigate", "Fetch.continueRequest", "Fetch.failRequest"};
constexpr Words kBidi{"browsingContext.navigate", "network.continueRequest", "network.failRequest"};

Json about_held(const Held& held, bool devtools) {
  Json params = Json::object();
  params[devtools ? "requestId" : "request"] = held.request;
  if (devtools && !held.pass) params["errorReason"] = "BlockedByClient";
  return params;
}

/// What the reader saw, into the visit, that other members of it are kept of.
void take_over(BrowserVisit& visit, const BrowserVisit& seen) {
  visit.failure = seen.failure;
  visit.net_error = seen.net_error;
  visit.status = seen.status;
  visit.protocol = seen.protocol;
  visit.from_cache = seen.from_cache;
  visit.from_worker = seen.from_worker;
  visit.address = seen.address;
  visit.port = seen.port;
  visit.final_url = seen.final_url;
  visit.redirects = seen.redirects;
  visit.headers = seen.headers;
  visit.requests += seen.requests;  // a visit may take a second try
  visit.trouble = seen.trouble;
}

/// From the command to the document's end. The answer to the command comes in between.
template <typename Reader>
Task<Result<void>> load(Conversation& talk, Reader& reader, std::string session, Json navigate, BrowserVisit& visit) {
  constexpr bool kIsDevtools = std::is_same_v<Reader, DevtoolsReader>;
  constexpr Words kWords = kIsDevtools ? kDevtools : kBidi;
  const auto began = Clock::now();
  std::string command(kWords.navigate);
  const auto id = co_await talk.say(std::move(command), std::move(navigate), session);
  if (!id) co_return std::unexpected(id.error());
  Result<void> outcome;
  while (!reader.done() && outcome) {
    const auto message = co_await talk.hear();
    if (!message) {
      outcome = std::unexpected(message.error());
      break;
    }
    if (number_at(*message, {"id"}) == *id) reader.navigated(*message);
    if (const auto held = reader.read(*message)) {
      std::string reply(held->pass ? kWords.pass : kWords.stop);
      Json params = about_held(*held, kIsDevtools);
      if (const auto said = co_await talk.say(std::move(reply), std::move(params), session); !said)
        outcome = std::unexpected(said.error());
    }
    if (!visit.times.answer && reader.visit().status) visit.times.answer = since(began);
  }
  take_over(visit, reader.visit());
  if (reader.done()) visit.times.page = since(began);
  co_return outcome;
}

}  // namespace

Task<Result<void>> devtools_page(Conversation& talk, PageWish wish, BrowserVisit& visit) {
  Json params = Json::object();
  params["url"] = "about:blank";
  const auto target = co_await talk.call("Target.createTarget", params);
  if (!target) co_return std::unexpected(target.error());
  const std::string frame = id_at(*target, {"targetId"});
  params = Json::object();
  params["targetId"] = frame;
  params["flatten"] = true;
  const auto attached = co_await talk.call("Target.attachToTarget", params);
  if (!attached) co_return std::unexpected(attached.error());
  const std::string session = id_at(*attached, {"sessionId"});
  params = Json::object();
  if (const auto done = co_await talk.call("Network.enable", params, session); !done)
    co_return std::unexpected(done.error());
  if (!wish.user_agent.empty()) {
    // Emulation.setUserAgentOverride would take the client hints away as well (seen with 156).
    params["headers"]["User-Agent"] = wish.user_agent;
    if (const auto done = co_await talk.call("Network.setExtraHTTPHeaders", params, session); !done)
      co_return std::unexpected(done.error());
  }
  if (wish.past_the_cache) {
    params = Json::object();
    params["cacheDisabled"] = true;
    if (const auto done = co_await talk.call("Network.setCacheDisabled", params, session); !done)
      co_return std::unexpected(done.error());
    params = Json::object();
    params["bypass"] = true;
    if (const auto done = co_await talk.call("Network.setBypassServiceWorker", params, session); !done)
      co_return std::unexpected(done.error());
  }
  params = Json::object();
  params["patterns"] = Json::array({Json::object({{"urlPattern", "*"}})});
  if (const auto done = co_await talk.call("Fetch.enable", params, session); !done)
    co_return std::unexpected(done.error());
  Result<void> loaded;
  for (int tries = 1; tries <= 2; ++tries) {
    DevtoolsReader reader(frame);
    params = Json::object();
    params["url"] = wish.url;
    loaded = co_await load(talk, reader, session, std::move(params), visit);
    // An address of this machine came or went in that moment: a browser with a window reloads by itself.
    if (!loaded || visit.net_error != "net::ERR_NETWORK_CHANGED") break;
  }
  if (loaded) {
    params = Json::object();
    params["targetId"] = frame;
    static_cast<void>(co_await talk.say("Target.closeTarget", params));
  }
  co_return loaded;
}

Task<Result<void>> bidi_page(Conversation& talk, PageWish wish, BrowserVisit& visit) {
  Json params = Json::object();
  params["events"] = Json::array(
      {"network.beforeRequestSent", "network.responseStarted", "network.responseCompleted", "network.fetchError"});
  if (const auto done = co_await talk.call("session.subscribe", params); !done) co_return std::unexpected(done.error());
  params = Json::object();
  params["type"] = "tab";
  params["background"] = true;
  const auto tab = co_await talk.call("browsingContext.create", params);
  if (!tab) co_return std::unexpected(tab.error());
  const std::string context = id_at(*tab, {"context"});
  if (wish.past_the_cache) {
    params = Json::object();
    params["cacheBehavior"] = "bypass";
    params["contexts"] = Json::array({context});
    if (const auto done = co_await talk.call("network.setCacheBehavior", params); !done)
      co_return std::unexpected(done.error());
  }
  params = Json::object();
  params["phases"] = Json::array({"beforeRequestSent"});
  params["contexts"] = Json::array({context});
  if (const auto done = co_await talk.call("network.addIntercept", params); !done)
    co_return std::unexpected(done.error());
  BidiReader reader(context);
  params = Json::object();
  params["context"] = context;
  params["url"] = wish.url;
  params["wait"] = "none";
  const auto loaded = co_await load(talk, reader, {}, std::move(params), visit);
  if (loaded && visit.from_cache) {
    // It says "from cache" of a worker's answer as well; the page itself knows who is in charge of it.
    params = Json::object();
    params["expression"] = "!!(navigator.serviceWorker && navigator.serviceWorker.controller)";
    params["target"]["context"] = context;
    params["awaitPromise"] = false;
    const auto said = co_await talk.call("script.evaluate", params);
    visit.from_worker = said && flag_at(*said, {"result", "value"});
    if (visit.from_worker) visit.from_cache = false;
  }
  if (loaded) {
    params = Json::object();
    params["context"] = context;
    static_cast<void>(co_await talk.say("browsingContext.close", params));
  }
  co_return loaded;
}

}  // namespace fix502
