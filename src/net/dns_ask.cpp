#include "net/dns_ask.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/deferred.hpp>
#include <boost/asio/experimental/parallel_group.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <exception>

namespace fix502 {
namespace {

namespace asio = boost::asio;

/// What parallel_group asks of every answer: whether the other questions shall be given up.
struct EndsWith {
  std::function<bool(const DnsExchange&)> enough;
  asio::cancellation_type_t operator()(const std::exception_ptr& error, const DnsExchange& exchange) const {
    return !error && enough(exchange) ? asio::cancellation_type::all : asio::cancellation_type::none;
  }
};

}  // namespace

Task<std::vector<DnsExchange>> ask_until(AskDns ask, std::vector<DnsQuery> queries,
                                         std::function<bool(const DnsExchange&)> enough) {
  if (queries.empty()) co_return std::vector<DnsExchange>{};
  const auto executor = co_await asio::this_coro::executor;
  const auto start = [&](DnsQuery query) { return asio::co_spawn(executor, ask(std::move(query)), asio::deferred); };
  std::vector<decltype(start(DnsQuery{}))> started;
  started.reserve(queries.size());
  for (auto& query : queries) started.push_back(start(std::move(query)));
  EndsWith ends{std::move(enough)};
  auto group = asio::experimental::make_parallel_group(std::move(started));
  auto [order, errors, exchanges] = co_await group.async_wait(std::move(ends), asio::use_awaitable);
  for (std::size_t i = 0; i < exchanges.size(); ++i)
    if (errors[i]) exchanges[i].failure = Failure::out_of_time;
  co_return std::move(exchanges);
}

Task<std::vector<DnsExchange>> ask_all(AskDns ask, std::vector<DnsQuery> queries) {
  return ask_until(std::move(ask), std::move(queries), [](const DnsExchange&) { return false; });
}

}  // namespace fix502
