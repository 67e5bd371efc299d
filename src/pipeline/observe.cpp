// The first half of a diagnosis: asking. The second half, from evidence to report, is pure: make_report().

#include "pipeline/observe.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/signal_set.hpp>
#include <boost/asio/steady_timer.hpp>
#include <csignal>
#include <exception>

#include "experiment/run.hpp"

namespace fix502 {

namespace asio = boost::asio;

Evidence observe(asio::io_context& loop, Net& net, const Host& host, Assignment assignment) {
  Run run(loop, net, host, assignment.target, assignment.settings, std::move(assignment.progress));
  run.look_into_caches = std::move(assignment.look_into_caches);
  bool interrupted = false;
  std::exception_ptr broken;

  asio::signal_set signals(loop, SIGINT, SIGTERM);
  signals.async_wait([&](const boost::system::error_code& error, int) {
    if (error) return;
    interrupted = true;
    loop.stop();
  });
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
  loop.run();
  if (broken) std::rethrow_exception(broken);
  return run.finish(interrupted);
}

}  // namespace fix502
