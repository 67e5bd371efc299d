#include "serve/watches.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/co_spawn.hpp>
#include <cstdio>

#include "base/text.hpp"
#include "history/times.hpp"
#include "serve/diagnoses.hpp"
#include "watch/event_words.hpp"

namespace fix502 {
namespace {

namespace asio = boost::asio;

constexpr std::size_t kMostWatches = 200;
/// Of the stream that all of them share: some thousand events. Who missed more gets the list as it stands.
constexpr std::size_t kMostEvents = std::size_t{4} * 1024 * 1024;

}  // namespace

Watches::Watches(asio::io_context& loop, const ServeWorld& world, const AllowedTargets& allowed, History* history)
    : loop_(loop), world_(world), allowed_(allowed), history_(history), log_(loop, kMostEvents) {
  log_.add("watches", all_json());
}

Json Watches::json_of(const Entry& entry) const {
  const Watched& page = entry.watch->pages().front();
  const bool broken = page.looked && page.failing;
  Json json = {{"id", entry.id},
               {"url", printable(page.target.url, 8'000)},
               {"since", utc_time(entry.since)},
               {"looked", page.looked},
               {"failing", page.looked ? Json(page.failing) : Json(nullptr)},
               {"said", page.looked ? text_or_null(page.what) : Json(nullptr)},
               {"began", broken ? Json(utc_time(page.began)) : Json(nullptr)},
               {"tries", page.tries},
               {"requests", page.requests},
               {"cause", broken ? cause_json(page) : Json(nullptr)},
               {"next_try", nullptr},
               {"next_s", nullptr},
               {"typical", nullptr}};
  if (page.next_try) {
    const auto left = std::max(*page.next_try - std::chrono::steady_clock::now(), std::chrono::nanoseconds(0));
    json["next_s"] = static_cast<double>(std::chrono::duration_cast<Milliseconds>(left).count()) / 1000.0;
    json["next_try"] = utc_time(world_.host.now() + std::chrono::ceil<std::chrono::seconds>(left));
  }
  if (page.typical.outages > 0)
    json["typical"] = {{"outages", page.typical.outages}, {"median_s", page.typical.median.count()}};
  return json;
}

Json Watches::all_json() const {
  Json json = Json::array();
  for (const Entry& entry : all_)
    if (!entry.removed) json.push_back(json_of(entry));
  return {{"watches", std::move(json)}};
}

Watches::Entry* Watches::find(const std::string& id) {
  const auto found = std::ranges::find_if(all_, [&](const Entry& entry) { return entry.id == id && !entry.removed; });
  return found == all_.end() ? nullptr : &*found;
}

Reply Watches::add(const Request& request) {
  const auto body = read_body(request, {"url", "options"});
  if (!body) return problem_reply(Refusal::bad_request, body.error().message());
  if (!body->contains("url") || !(*body)["url"].is_string())
    return problem_reply(Refusal::bad_request, "it needs a url, a text");
  auto order = world_.read_order((*body)["url"].get<std::string>(), body->value("options", Json::object()));
  if (!order) return problem_reply(Refusal::bad_address, order.error().message());
  if (order->target.host_is_address && !allowed_.allows(order->target.host))
    return problem_reply(Refusal::not_allowed, "this server may not connect to that address");
  const auto same = [&](const Entry& entry) {
    return !entry.removed && entry.watch->pages().front().target.url == order->target.url;
  };
  if (std::ranges::any_of(all_, same)) return problem_reply(Refusal::conflict, "that page is watched already");
  if (all_.size() >= kMostWatches)
    return problem_reply(Refusal::busy, fmt::format("{} pages are watched, and no more can be", kMostWatches),
                         std::chrono::seconds(60));
  Entry& entry = all_.emplace_back(fmt::format("w{}", ++number_), world_.host.now(), std::move(order->settings),
                                   world_.net(), allowed_);
  WatchOrder what;
  what.targets = {std::move(order->target)};
  what.settings = entry.settings;
  what.forever = true;
  entry.watch = std::make_unique<Watch>(
      std::move(what),
      WatchWorld{
          .net = entry.net,
          .host = world_.host,
          .history = history_,
          .now = [] { return std::chrono::steady_clock::now(); },
          .chance = [this] { return std::uniform_real_distribution<double>(0, 1)(engine_); },
          .diagnose = [this, &entry](Target target, Depth depth) { return look(entry, std::move(target), depth); },
          .tell = [this, &entry](const WatchEvent& event) { tell(entry, event); },
          .complain = [](const std::string& line) { fmt::print(stderr, "fix502: {}\n", printable(line, 400)); }});
  start(entry);
  log_.add("watches", all_json());
  Reply reply = json_reply(json_of(entry), 201);
  reply.fields.emplace_back("Location", "/api/watches/" + entry.id);
  return reply;
}

void Watches::start(Entry& entry) {
  const auto ended = [this, &entry](const std::exception_ptr&) {
    // Off the list at last: nothing refers to it any more.
    std::erase_if(all_, [&](const Entry& one) { return &one == &entry; });
    log_.add("watches", all_json());
  };
  asio::co_spawn(loop_, entry.watch->run(), asio::bind_cancellation_slot(entry.stop.slot(), ended));
}

Task<Look> Watches::look(const Entry& entry, Target target, Depth depth) {
  const auto real = world_.net();
  GuardedNet net(*real, allowed_);
  co_return co_await look_at(loop_, net, world_.host, std::move(target), entry.settings, depth);
}

void Watches::tell(const Entry& entry, const WatchEvent& event) {
  if (entry.removed) return;
  Json json = event_json(event, printable(event.page->target.url, 8'000));
  json["id"] = entry.id;
  json["text"] = event_text(event, event.page->target.url);
  log_.add("watch", json);
  log_.add("watches", all_json());
}

Reply Watches::list() const {
  return json_reply(all_json());
}

Reply Watches::show(const Request& request) {
  const Entry* entry = find(request.parts[0]);
  return entry == nullptr ? problem_reply(Refusal::not_found) : json_reply(json_of(*entry));
}

Reply Watches::remove(const Request& request) {
  Entry* entry = find(request.parts[0]);
  if (entry == nullptr) return problem_reply(Refusal::not_found);
  entry->removed = true;
  entry->stop.emit(asio::cancellation_type::terminal);
  return no_content();
}

Reply Watches::events(const Request& request) {
  // A reader that begins wants the state, not everything that ever was.
  Request from = request;
  if (request.field("last-event-id").empty() && request.asked("last_event_id").empty()) {
    log_.add("watches", all_json());
    from.fields["last-event-id"] = fmt::format("{}", log_.newest() - 1);
  }
  return event_stream([this] { return &log_; }, from);
}

void Watches::stop_all() {
  log_.end();
  for (Entry& entry : all_) {
    entry.removed = true;
    entry.stop.emit(asio::cancellation_type::terminal);
  }
}

}  // namespace fix502
