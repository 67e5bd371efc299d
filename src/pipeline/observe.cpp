// The first half of a diagnosis: asking. The second half, from evidence to report, is pure: make_report().

#include "pipeline/observe.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/deferred.hpp>
#include <boost/asio/experimental/parallel_group.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <exception>

#include "experiment/run.hpp"
#include "fault/browser_views.hpp"
#include "sys/held_signals.hpp"

namespace fix502 {

namespace asio = boost::asio;

namespace {

void furnish(Run& run, Assignment& assignment) {
  run.browsers = assignment.browsers;
  run.headless = assignment.headless;
  run.own_profiles = std::move(assignment.own_profiles);
  run.only = std::move(assignment.only);
  run.would_tell = browsers_would_tell;
  run.look_into_caches = std::move(assignment.look_into_caches);
  run.looked = std::move(assignment.looked);
}

}  // namespace

void Stopper::stop() {
  stopped_ = true;
  if (deadline_ != nullptr) deadline_->cancel();
}

Evidence observe(asio::io_context& loop, Net& net, const Host& host, Assignment assignment) {
  Run run(loop, net, host, assignment.target, assignment.settings, std::move(assignment.progress));
  furnish(run, assignment);
  std::exception_ptr broken;
  asio::steady_timer deadline(loop, assignment.settings.timeout);
  deadline.async_wait([&](const boost::system::error_code& error) {
    if (error) return;
    run.not_tried("the rest", "the time is used up");
    loop.stop();
  });
  asio::co_spawn(loop, investigate(run), [&](std::exception_ptr error) {
    broken = error;
    loop.stop();
  });
  const bool interrupted = run_until_signal(loop);
  if (broken) std::rethrow_exception(broken);
  return run.finish(interrupted);
}

Task<Evidence> observe_beside(asio::io_context& loop, Net& net, const Host& host, Assignment assignment) {
  Run run(loop, net, host, assignment.target, assignment.settings, std::move(assignment.progress));
  furnish(run, assignment);
  Stopper never;
  Stopper& stopper = assignment.stopper == nullptr ? never : *assignment.stopper;
  if (stopper.stopped()) co_return run.finish(true);
  asio::steady_timer deadline(loop, assignment.settings.timeout);
  stopper.deadline_ = &deadline;
  auto group = asio::experimental::make_parallel_group(asio::co_spawn(loop, investigate(run), asio::deferred),
                                                       deadline.async_wait(asio::deferred));
  // What is still under way at the deadline is cancelled, and waited for: it refers to the run.
  auto [order, broken, expired] = co_await group.async_wait(asio::experimental::wait_for_one(), asio::use_awaitable);
  stopper.deadline_ = nullptr;
  const bool in_time = order[0] == 0;
  if (in_time && broken) std::rethrow_exception(broken);
  if (!in_time && !stopper.stopped()) run.not_tried("the rest", "the time is used up");
  co_return run.finish(stopper.stopped());
}

}  // namespace fix502
