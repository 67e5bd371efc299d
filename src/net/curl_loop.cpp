#include "net/curl_loop.hpp"

#include <sys/epoll.h>
#include <sys/timerfd.h>
#include <unistd.h>

#include <array>
#include <boost/asio/use_awaitable.hpp>
#include <cerrno>
#include <cstdint>
#include <cstring>

namespace fix502 {
namespace {

namespace asio = boost::asio;

/// The transfer is taken from the multi handle when the coroutine's frame goes, however it goes.
class Attached {
 public:
  Attached(CURLM* multi, CURL* easy) : multi_(multi), easy_(easy) { curl_multi_add_handle(multi_, easy_); }
  ~Attached() { curl_multi_remove_handle(multi_, easy_); }
  Attached(const Attached&) = delete;
  Attached& operator=(const Attached&) = delete;

 private:
  CURLM* multi_;
  CURL* easy_;
};

std::uint32_t epoll_events(int what) {
  return (what & CURL_POLL_IN ? std::uint32_t{EPOLLIN | EPOLLRDHUP} : 0U) |
         (what & CURL_POLL_OUT ? std::uint32_t{EPOLLOUT} : 0U);
}

int curl_events(std::uint32_t events) {
  return (events & EPOLLIN ? CURL_CSELECT_IN : 0) | (events & EPOLLOUT ? CURL_CSELECT_OUT : 0) |
         (events & (EPOLLERR | EPOLLHUP) ? CURL_CSELECT_ERR : 0);
}

/// Waiting for `socket` as told; whether it is there already depends on what curl said before.
void watch(int sockets, int socket, std::uint32_t events) {
  epoll_event event{};
  event.events = events;
  event.data.fd = socket;
  if (epoll_ctl(sockets, EPOLL_CTL_MOD, socket, &event) != 0 && errno == ENOENT)
    epoll_ctl(sockets, EPOLL_CTL_ADD, socket, &event);
}

}  // namespace

Result<std::unique_ptr<CurlLoop>> CurlLoop::open(const asio::any_io_executor& executor) {
  const int sockets = epoll_create1(EPOLL_CLOEXEC);
  if (sockets < 0) return fail("no descriptor left to watch the network with", std::strerror(errno));
  const int timer = timerfd_create(CLOCK_MONOTONIC, TFD_NONBLOCK | TFD_CLOEXEC);
  if (timer < 0) {
    const int reason = errno;
    close(sockets);
    return fail("no descriptor left to measure time with", std::strerror(reason));
  }
  std::unique_ptr<CurlLoop> loop(new CurlLoop(executor, sockets, timer));
  if (!loop->multi_) return fail("curl has no memory left");
  return loop;
}

CurlLoop::CurlLoop(const asio::any_io_executor& executor, int sockets, int timer)
    : sockets_(executor, sockets), timer_(timer), multi_(curl_multi_init()) {
  watch(sockets, timer, EPOLLIN);
  curl_multi_setopt(multi_.get(), CURLMOPT_SOCKETFUNCTION, on_socket);
  curl_multi_setopt(multi_.get(), CURLMOPT_SOCKETDATA, this);
  curl_multi_setopt(multi_.get(), CURLMOPT_TIMERFUNCTION, on_timer);
  curl_multi_setopt(multi_.get(), CURLMOPT_TIMERDATA, this);
  // One kept connection: the next request of a session goes over the same one or over none.
  curl_multi_setopt(multi_.get(), CURLMOPT_MAXCONNECTS, 1L);
}

CurlLoop::~CurlLoop() {
  multi_.reset();
  close(timer_);
}

Task<CURLcode> CurlLoop::run(CURL* easy, Look look) {
  const Attached attached(multi_.get(), easy);
  int running = 0;
  curl_multi_socket_action(multi_.get(), CURL_SOCKET_TIMEOUT, 0, &running);
  while (true) {
    if (const auto code = ended()) co_return *code;
    co_await sockets_.async_wait(asio::posix::stream_descriptor::wait_read, asio::use_awaitable);
    serve(look);
  }
}

int CurlLoop::on_socket(CURL*, curl_socket_t socket, int what, void* self, void*) {
  const int sockets = static_cast<CurlLoop*>(self)->sockets_.native_handle();
  if (what == CURL_POLL_REMOVE)
    epoll_ctl(sockets, EPOLL_CTL_DEL, socket, nullptr);
  else
    watch(sockets, socket, epoll_events(what));
  return 0;
}

int CurlLoop::on_timer(CURLM*, long milliseconds, void* self) {
  itimerspec when{};  // all zero: no alarm, which is what -1 asks for
  if (milliseconds > 0) {
    when.it_value = {milliseconds / 1000, milliseconds % 1000 * 1'000'000};
  } else if (milliseconds == 0) {
    when.it_value.tv_nsec = 1;
  }
  timerfd_settime(static_cast<CurlLoop*>(self)->timer_, 0, &when, nullptr);
  return 0;
}

void CurlLoop::serve(const Look& look) {
  std::array<epoll_event, 8> events;
  const int count = epoll_wait(sockets_.native_handle(), events.data(), static_cast<int>(events.size()), 0);
  int running = 0;
  for (int i = 0; i < count; ++i) {
    const auto& event = events[static_cast<std::size_t>(i)];
    if (event.data.fd != timer_) {
      look(event.data.fd, (event.events & (EPOLLRDHUP | EPOLLHUP)) != 0);
      curl_multi_socket_action(multi_.get(), event.data.fd, curl_events(event.events), &running);
      continue;
    }
    std::uint64_t rings = 0;
    if (read(timer_, &rings, sizeof rings) > 0)
      curl_multi_socket_action(multi_.get(), CURL_SOCKET_TIMEOUT, 0, &running);
  }
}

std::optional<CURLcode> CurlLoop::ended() {
  int left = 0;
  while (const CURLMsg* message = curl_multi_info_read(multi_.get(), &left))
    if (message->msg == CURLMSG_DONE) return message->data.result;
  return std::nullopt;
}

}  // namespace fix502
