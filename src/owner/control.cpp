#include "owner/control.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <optional>

#include "base/text.hpp"
#include "net/http_client.hpp"
#include "target/target.hpp"
#include "upstream/channel.hpp"

namespace fix502 {
namespace {

namespace asio = boost::asio;

constexpr std::size_t kMostSaid = 4UL * 1024 * 1024;

/// A question that ends the conversation, and everything that is said to it.
Task<Result<std::string>> converse(std::string address, std::uint16_t port, std::string path, std::string question,
                                   std::chrono::milliseconds longest) {
  const Moment until = std::chrono::steady_clock::now() + longest;
  UpstreamChannel channel(co_await asio::this_coro::executor);
  Waited waited = co_await channel.connect(address, port, path, until);
  if (waited.good()) waited = co_await channel.write(std::move(question), until);
  std::string said, piece;
  while (waited.good() && said.size() < kMostSaid) {
    waited = co_await channel.read(piece, until);
    said += piece;
  }
  if (waited.late) co_return fail("no answer in time", path.empty() ? address : path);
  if (said.empty()) co_return fail(waited.error ? waited.error.message() : "no answer", path.empty() ? address : path);
  co_return said;
}

template <typename T>
Result<T> on_a_loop(Task<Result<T>> task) {
  asio::io_context loop;
  std::optional<Result<T>> result;
  asio::co_spawn(loop, std::move(task), [&](const std::exception_ptr& broken, Result<T> got) {
    if (!broken) result = std::move(got);
  });
  loop.run();
  return result ? std::move(*result) : Result<T>(fail("no answer"));
}

Result<std::string> ask_haproxy(const std::string& control, const std::string& root, const std::string& command,
                                std::chrono::milliseconds longest) {
  std::string path = control;
  for (const std::string_view prefix : {"unix@", "unix:", "ipv4@", "ipv6@"})
    if (path.starts_with(prefix)) path = path.substr(prefix.size());
  const std::string question = command + "\n";
  if (path.starts_with('/') || path.starts_with('@'))
    return on_a_loop(converse("", 0, path.starts_with('/') ? root + path : path, question, longest));
  const auto place = parse_endpoint(path);
  if (!place || place->port == 0) return fail("no place of a runtime socket", printable(control, 100));
  return on_a_loop(converse(place->host == "*" ? "127.0.0.1" : place->host, place->port, "", question, longest));
}

Task<Result<std::string>> fetch(std::string url, std::vector<std::string> addresses,
                                std::chrono::milliseconds longest) {
  HttpClient client(co_await asio::this_coro::executor);
  HttpRequest request;
  request.url = std::move(url);
  request.addresses = std::move(addresses);
  request.timeout = request.connect_timeout = longest;
  request.max_body = kMostSaid;
  RawAnswer answer = co_await client.fetch(std::move(request));
  if (answer.exchange.failure != Failure::none) co_return fail(std::string(sentence(answer.exchange.failure)));
  if (answer.exchange.status != 200) co_return fail("the admin API refuses");
  co_return std::move(answer.body);
}

Result<std::string> ask_caddy(const std::string& control, std::string_view path, std::chrono::milliseconds longest) {
  const auto place = parse_endpoint(control);
  if (!place || place->port == 0)
    return fail("no place of an admin API that is asked over TCP", printable(control, 100));
  std::vector<std::string> addresses = {place->host};
  if (place->host == "localhost") addresses = {"127.0.0.1", "::1"};
  if (place->host == "0.0.0.0" || place->host == "::") addresses = {"127.0.0.1"};
  // It looks at Host: the one that it listens at is allowed.
  return on_a_loop(fetch("http://" + to_text(*place) + std::string(path), std::move(addresses), longest));
}

std::int64_t max_fails_of(const Route& route) {
  const Limit* limit = route.limit(LimitKind::max_fails);
  return limit && limit->amount ? *limit->amount : 1;
}

}  // namespace

Result<std::vector<ServerState>> ask_gateway(std::string_view kind, const std::string& control, const std::string& root,
                                             const Route& route, std::chrono::milliseconds longest) {
  if (kind == "caddy") {
    const auto json = ask_caddy(control, "/reverse_proxy/upstreams", longest);
    return json ? read_caddy_upstreams(*json, max_fails_of(route)) : std::unexpected(json.error());
  }
  if (kind != "haproxy") return std::vector<ServerState>{};
  const auto stat = ask_haproxy(control, root, "show stat", longest);
  if (!stat) return std::unexpected(stat.error());
  auto servers = read_haproxy_stat(*stat);
  if (const auto state = ask_haproxy(control, root, "show servers state", longest)) read_haproxy_state(*state, servers);
  return servers;
}

Result<std::string> ask_running_configuration(std::string_view kind, const std::string& control,
                                              std::chrono::milliseconds longest) {
  if (kind != "caddy" || control.empty()) return fail("it does not tell what it runs", std::string(kind));
  return ask_caddy(control, "/config/", longest);
}

}  // namespace fix502
