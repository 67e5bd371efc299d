#include "sys/held_signals.hpp"

#include <poll.h>
#include <sys/signalfd.h>

#include <boost/asio/signal_set.hpp>
#include <ctime>
#include <initializer_list>

#include "sys/linux/fd.hpp"

namespace fix502 {
namespace {

sigset_t set_of(std::initializer_list<int> signals) {
  sigset_t set{};
  sigemptyset(&set);
  for (const int signal : signals) sigaddset(&set, signal);
  return set;
}

sigset_t held() {
  return set_of({SIGINT, SIGTERM, SIGHUP});
}

}  // namespace

HeldSignals::HeldSignals() {
  const sigset_t set = held();
  pthread_sigmask(SIG_BLOCK, &set, &before_);
}

HeldSignals::~HeldSignals() {
  const sigset_t set = held();
  const timespec now{};
  while (sigtimedwait(&set, nullptr, &now) > 0) continue;
  pthread_sigmask(SIG_SETMASK, &before_, nullptr);
}

bool HeldSignals::came(std::chrono::milliseconds within) {
  // Reading is what takes a signal away, and nobody reads.
  const sigset_t set = held();
  const Fd heard(signalfd(-1, &set, SFD_CLOEXEC));
  pollfd wait{heard.get(), POLLIN, 0};
  return poll(&wait, 1, static_cast<int>(within.count())) > 0;
}

namespace {

/// Lets them through while it lives: for who listens.
class HeardSignals {
 public:
  HeardSignals() {
    const sigset_t set = set_of({SIGINT, SIGTERM});
    pthread_sigmask(SIG_UNBLOCK, &set, &before_);
  }
  ~HeardSignals() { pthread_sigmask(SIG_SETMASK, &before_, nullptr); }
  HeardSignals(const HeardSignals&) = delete;
  HeardSignals& operator=(const HeardSignals&) = delete;

  [[nodiscard]] bool are_held() const { return sigismember(&before_, SIGTERM) == 1; }

 private:
  sigset_t before_{};
};

}  // namespace

bool run_until_signal(boost::asio::io_context& loop) {
  bool came = false, held_back = false;
  {
    boost::asio::signal_set signals(loop, SIGINT, SIGTERM);
    signals.async_wait([&](const boost::system::error_code& error, int) {
      if (error) return;
      came = true;
      loop.stop();
    });
    const HeardSignals heard;  // after there is somebody who listens, and until there is nobody any more
    held_back = heard.are_held();
    loop.run();
  }
  if (came && held_back) raise(SIGTERM);
  return came;
}

}  // namespace fix502
