#include "serve/event_log.hpp"

#include <fmt/format.h>

#include <boost/asio/experimental/awaitable_operators.hpp>
#include <charconv>

#include "net/await.hpp"

namespace fix502 {
namespace {

namespace asio = boost::asio;
using namespace asio::experimental::awaitable_operators;

/// A comment this often tells both ends that the other is still there.
constexpr Milliseconds kHeartbeat{15'000};
/// Sent at once at most: what a slow reader holds of ours.
constexpr std::size_t kPiece = std::size_t{64} * 1024;

Task<void> send_events(std::function<EventLog*()> find, std::uint64_t last, Outlet& outlet) {
  while (true) {
    EventLog* log = find();
    if (log == nullptr) co_return;
    std::string events = log->after(last);
    if (events.empty()) {
      if (log->ended()) co_return;
      co_await log->wait(last, kHeartbeat);
      log = find();  // it may have been forgotten meanwhile
      if (log == nullptr) co_return;
      events = log->after(last);
      if (events.empty() && !log->ended()) events = ":\n\n";
    }
    if (events.empty()) continue;
    const bool there = co_await outlet.write(std::move(events));
    if (!there) co_return;
  }
}

}  // namespace

EventLog::EventLog(asio::io_context& loop, std::size_t most_bytes)
    : most_bytes_(most_bytes), news_(loop, asio::steady_timer::time_point::max()) {}

void EventLog::add(std::string_view name, const Json& data) {
  kept_.push_back(fmt::format("id: {}\nevent: {}\ndata: {}\n\n", first_ + kept_.size(), name,
                              data.dump(-1, ' ', false, Json::error_handler_t::replace)));
  bytes_ += kept_.back().size();
  while (bytes_ > most_bytes_ && kept_.size() > 1) {
    bytes_ -= kept_.front().size();
    kept_.pop_front();
    ++first_;
  }
  news_.cancel();
}

void EventLog::end() {
  ended_ = true;
  news_.cancel();
}

std::string EventLog::after(std::uint64_t& last) const {
  // A number from before this log's time, or from another one: from the beginning.
  if (last + 1 < first_ || last > newest()) last = first_ - 1;
  std::string text;
  while (last < newest() && (text.empty() || text.size() < kPiece)) text += kept_[++last - first_];
  return text;
}

Task<void> EventLog::wait(std::uint64_t last, Milliseconds most) {
  if (ended_ || newest() > last) co_return;
  asio::steady_timer limit(news_.get_executor(), most);
  co_await (news_.async_wait(kAwait) || limit.async_wait(kAwait));
}

Reply event_stream(std::function<EventLog*()> find, const Request& request) {
  std::uint64_t last = 0;
  std::string_view text = request.field("last-event-id");
  if (text.empty()) text = request.asked("last_event_id");
  std::from_chars(text.data(), text.data() + text.size(), last);
  Reply reply;
  reply.type = "text/event-stream";
  reply.fields.emplace_back("X-Accel-Buffering", "no");  // nginx in front would hold events back
  reply.stream = [find = std::move(find), last](Outlet& outlet) { return send_events(find, last, outlet); };
  return reply;
}

}  // namespace fix502
