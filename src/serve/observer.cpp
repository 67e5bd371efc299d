#include "serve/observer.hpp"

#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/co_spawn.hpp>

namespace fix502 {

namespace {
constexpr Milliseconds kPatience{4'000};
}  // namespace

std::optional<double> Observer::age_seconds() const {
  if (!last_) return std::nullopt;
  return std::chrono::duration<double>(Clock::now() - when_).count();
}

Task<std::optional<bool>> Observer::works(Milliseconds most) {
  if (pages_.empty() || (last_ && Clock::now() - when_ < kFresh)) co_return last_;
  if (!looking_) {
    looking_ = true;
    checked_ = std::make_unique<Event>(loop_);
    const auto ended = [this](const std::exception_ptr&) {
      looking_ = false;
      checked_->fire();
    };
    boost::asio::co_spawn(loop_, look(), boost::asio::bind_cancellation_slot(stop_.slot(), ended));
  }
  co_await checked_->wait_for(most);
  co_return last_;
}

Task<void> Observer::look() {
  seen_good_ = false;
  std::vector<Task<void>> tasks;
  for (const auto& page : pages_) tasks.push_back(look_at_page(page));
  co_await all(std::move(tasks));
  last_ = seen_good_;
  when_ = Clock::now();
}

Task<void> Observer::look_at_page(std::string page) {
  const auto target = parse_target(page);
  if (!target) co_return;
  HttpRequest request;
  request.url = target->url;
  request.addresses = {target->host};
  request.timeout = kPatience;
  if (!target->host_is_address) {
    SystemLookup found = co_await net_.lookup(target->host, kPatience);
    request.addresses = std::move(found.addresses);
  }
  const HttpExchange seen = co_await net_.http(std::move(request));
  // A login page answers with a redirect or a page of its own; what leads elsewhere is no sign of a way out.
  if (seen.failure == Failure::none && seen.status && *seen.status >= 200 && *seen.status < 300) seen_good_ = true;
}

}  // namespace fix502
