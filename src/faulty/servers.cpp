#include "faulty/servers.hpp"

#include <sys/socket.h>

#include <algorithm>
#include <boost/asio/ip/v6_only.hpp>

#include "faulty/serve.hpp"

namespace fix502::faulty {
namespace {

using Serve = Task<void> (*)(World&, Door&, tcp::socket, std::size_t);

Task<void> accept_for_ever(std::weak_ptr<World> weak, Door& door, tcp::acceptor acceptor, Serve serve) {
  for (;;) {
    auto [bad, socket] = co_await acceptor.async_accept(kAwait);
    if (bad == asio::error::operation_aborted) co_return;
    const auto world = weak.lock();
    if (!world) co_return;
    if (bad) {
      // Out of descriptors, most likely: others have to close theirs first.
      co_await pause_for(milliseconds(20));
      continue;
    }
    const std::size_t connection = ++world->connections;
    spawn(world, serve(*world, door, std::move(socket), connection));
  }
}

Error cannot_listen(const Listener& listener, const boost::system::error_code& bad) {
  return Error{"cannot listen (" + bad.message() + ")", listener.name};
}

template <typename Socket>
boost::system::error_code open(Socket& socket, const typename Socket::endpoint_type& endpoint) {
  boost::system::error_code bad;
  socket.open(endpoint.protocol(), bad);
  if (bad) return bad;
  socket.set_option(asio::socket_base::reuse_address(true), bad);
  // "::" must not take the IPv4 addresses that other listeners have.
  if (endpoint.address().is_v6()) socket.set_option(asio::ip::v6_only(true), bad);
  socket.bind(endpoint, bad);
  return bad;
}

/// With a queue of 0 one connection is still taken; ours takes that place, and further SYNs are ignored.
void fill_queue(World& world, Door& door) {
  const auto endpoint = door.acceptor->local_endpoint();
  boost::system::error_code bad;
  for (int i = 0; i < 2; ++i) {
    tcp::socket& filler = door.fillers.emplace_back(world.executor, endpoint.protocol());
    filler.non_blocking(true, bad);
    ::connect(filler.native_handle(), endpoint.data(), static_cast<socklen_t>(endpoint.size()));
  }
}

Result<std::uint16_t> open_tcp(const std::shared_ptr<World>& world, Door& door, const tcp::endpoint& endpoint,
                               Serve serve) {
  const auto* spec = std::get_if<TcpListener>(&door.listener->serves);
  const bool accepts = !spec || spec->what != "no_accept";
  tcp::acceptor acceptor(world->executor);
  boost::system::error_code bad = open(acceptor, endpoint);
  if (!bad) acceptor.listen(accepts ? asio::socket_base::max_listen_connections : 0, bad);
  if (bad) return std::unexpected(cannot_listen(*door.listener, bad));
  const std::uint16_t port = acceptor.local_endpoint().port();
  if (accepts) {
    spawn(world, accept_for_ever(world, door, std::move(acceptor), serve));
  } else {
    door.acceptor.emplace(std::move(acceptor));
    fill_queue(*world, door);
  }
  return port;
}

Result<std::uint16_t> open_udp(const std::shared_ptr<World>& world, Door& door, const udp::endpoint& endpoint) {
  udp::socket socket(world->executor);
  if (const auto bad = open(socket, endpoint)) return std::unexpected(cannot_listen(*door.listener, bad));
  const std::uint16_t port = socket.local_endpoint().port();
  door.datagrams.emplace(std::move(socket));
  spawn(world, serve_dns_datagrams(world, door, *door.datagrams));
  return port;
}

bool speaks(const Listener& listener, std::string_view transport) {
  const auto& spec = std::get<DnsListener>(listener.serves);
  if (listener.tls) return transport == "tcp";
  return std::ranges::find(spec.transports, transport) != spec.transports.end();
}

Result<std::uint16_t> open_dns(const std::shared_ptr<World>& world, Door& door, asio::ip::address address) {
  std::uint16_t port = door.listener->port;
  if (speaks(*door.listener, "udp")) {
    const auto bound = open_udp(world, door, udp::endpoint(address, port));
    if (!bound) return bound;
    port = *bound;
  }
  if (!speaks(*door.listener, "tcp")) return port;
  return open_tcp(world, door, tcp::endpoint(address, port), serve_dns_stream);
}

Result<void> prepare(World& world, Door& door) {
  if (door.listener->tls) {
    auto tls = TlsServer::make(*door.listener->tls);
    if (!tls) return fail(tls.error().message(), door.listener->name);
    door.tls = std::move(*tls);
  }
  const auto* http = std::get_if<HttpListener>(&door.listener->serves);
  if (!http) return {};
  door.http.routes.resize(http->routes.size());
  for (std::size_t i = 0; i < http->routes.size(); ++i) {
    const auto& edge = http->routes[i].edge;
    if (!edge || !edge->tls) continue;
    auto context = make_client_context(*edge->tls);
    if (!context) return fail(context.error().message(), door.listener->name);
    door.http.routes[i].origin_tls = std::move(*context);
  }
  (void)world;
  return {};
}

Result<void> open_door(const std::shared_ptr<World>& world, const Listener& listener, std::vector<Bound>& bound) {
  Door& door = world->doors.emplace_back();
  door.listener = &listener;
  if (auto done = prepare(*world, door); !done) return done;
  const auto address = asio::ip::make_address(listener.address);
  const tcp::endpoint endpoint(address, listener.port);
  static constexpr const char* kProtocols[] = {"http", "dns", "tcp"};
  Result<std::uint16_t> port;
  if (std::holds_alternative<DnsListener>(listener.serves)) {
    port = open_dns(world, door, address);
  } else {
    const bool is_http = std::holds_alternative<HttpListener>(listener.serves);
    port = open_tcp(world, door, endpoint, is_http ? serve_http : serve_tcp);
  }
  if (!port) return std::unexpected(port.error());
  world->places[listener.name] = to_text(tcp::endpoint(address, *port));
  bound.push_back({listener.name, kProtocols[listener.serves.index()], listener.address, *port});
  return {};
}

Result<void> fill(World& world, Config config) {
  world.config = std::move(config);
  if (!world.config.log.empty()) {
    world.log.open(world.config.log, std::ios::app);
    if (!world.log) return fail("log cannot be written", world.config.log);
  }
  for (const auto& [name, data] : world.config.data) {
    auto zone = make_zone(data);
    if (!zone) return std::unexpected(zone.error());
    world.zones.emplace(name, std::move(*zone));
  }
  return {};
}

}  // namespace

Result<Servers> Servers::start(boost::asio::io_context& loop, Config config) {
  Servers servers(std::make_shared<World>(loop.get_executor()));
  const auto& world = servers.world_;
  if (auto done = fill(*world, std::move(config)); !done) return std::unexpected(done.error());
  for (const Listener& listener : world->config.listeners)
    if (auto done = open_door(world, listener, servers.endpoints_); !done) return std::unexpected(done.error());
  world->ready = std::chrono::steady_clock::now();
  return servers;
}

Servers::~Servers() {
  stop();
}

std::uint16_t Servers::port(std::string_view name) const {
  const auto found = std::ranges::find(endpoints_, name, &Bound::name);
  return found == endpoints_.end() ? std::uint16_t{0} : found->port;
}

std::size_t Servers::events(const std::string& name) const {
  const auto found = world_->events.find(name);
  return found == world_->events.end() ? 0 : found->second;
}

void Servers::stop() {
  if (!world_) return;
  for (auto next = world_->running.begin(); next != world_->running.end();)
    (next++)->emit(asio::cancellation_type::terminal);
  for (Door& door : world_->doors) {
    boost::system::error_code ignored;
    if (door.datagrams) door.datagrams->close(ignored);
    if (door.acceptor) door.acceptor->close(ignored);
    door.fillers.clear();
  }
}

}  // namespace fix502::faulty
