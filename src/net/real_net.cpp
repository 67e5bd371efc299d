#include "net/real_net.hpp"

#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>

#include "net/dns_client.hpp"
#include "net/http_client.hpp"
#include "net/lookup.hpp"
#include "net/tcp_connect.hpp"

namespace fix502 {
namespace {

namespace asio = boost::asio;

class RealNet final : public Net {
 public:
  explicit RealNet(asio::io_context& loop)
      : executor_(loop.get_executor()),
        http_(executor_),
        lookups_(executor_),
        dns_(executor_, [this](HttpRequest request) { return http_.fetch(std::move(request)); }) {}

  Task<HttpExchange> http(HttpRequest request) override { return http_.exchange(std::move(request)); }
  Task<DnsExchange> dns(DnsQuery query) override { return dns_.ask(std::move(query)); }
  Task<TcpConnect> tcp(std::string address, std::uint16_t port, std::string interface, Milliseconds timeout) override {
    return tcp_connect(std::move(address), port, std::move(interface), timeout);
  }
  Task<SystemLookup> lookup(std::string name, Milliseconds timeout) override {
    return lookups_.look_up(std::move(name), timeout);
  }
  Task<void> sleep(Milliseconds time) override {
    asio::steady_timer timer(executor_, time);
    co_await timer.async_wait(asio::use_awaitable);
  }

 private:
  asio::any_io_executor executor_;
  HttpClient http_;
  SystemLookups lookups_;
  DnsClient dns_;
};

}  // namespace

std::unique_ptr<Net> real_net(asio::io_context& loop) {
  return std::make_unique<RealNet>(loop);
}

}  // namespace fix502
