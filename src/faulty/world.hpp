#pragma once

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/ip/udp.hpp>
#include <fstream>
#include <list>
#include <memory>

#include "faulty/config.hpp"
#include "faulty/dns_zone.hpp"
#include "faulty/stream.hpp"

namespace fix502::faulty {

/// What numbers a selection's requests.
struct Counter {
  std::size_t seen = 0;
};

/// What an edge remembers of an answer.
struct Stored {
  Answer answer;
  std::chrono::steady_clock::time_point since;
};

/// What a route remembers from request to request.
struct RouteState {
  Counter counter;
  std::size_t turn = 0;  // among an edge's origins
  std::map<std::string, Stored> cache;
  TlsContext origin_tls;
};

/// What an HTTP listener remembers from request to request.
struct HttpState {
  std::vector<RouteState> routes;  // parallel to HttpListener::routes
  std::optional<std::chrono::steady_clock::time_point> last_request;
};

/// A listener at work.
struct Door {
  const Listener* listener = nullptr;
  std::unique_ptr<TlsServer> tls;
  HttpState http;
  std::optional<asio::ip::udp::socket> datagrams;  // of a DNS listener
  std::optional<tcp::acceptor> acceptor;           // one that is never asked for connections
  std::list<tcp::socket> fillers;                  // fill its queue
};

/// What all servers of one run share. Kept by every running coroutine, because they end after `Servers::stop` returned:
/// the one place where ownership is truly shared.
struct World {
  explicit World(asio::any_io_executor on) : executor(std::move(on)) {}

  asio::any_io_executor executor;
  Config config;
  std::map<std::string, DnsZone> zones;
  std::list<Door> doors;
  std::ofstream log;
  std::chrono::steady_clock::time_point ready = std::chrono::steady_clock::now();
  std::list<asio::cancellation_signal> running;
  std::size_t connections = 0;
  std::map<std::string, std::size_t> events;  // by listener
  std::map<std::string, std::string> places;  // listener to "address:port", as bound

  [[nodiscard]] milliseconds since_ready() const;
  /// "@name" is where that listener listens; anything else is itself.
  [[nodiscard]] std::string place_of(const std::string& text) const;
  /// Counts an event of a listener and writes it to the log.
  void note(const Listener& listener, std::string_view event, nlohmann::json facts);
};

/// Runs a coroutine that ends with the world; `world` lives as long as it.
void spawn(const std::shared_ptr<World>& world, Task<void> task);

/// Whether a request that fits otherwise is picked; counts it.
[[nodiscard]] bool picks(const Selection& selection, Counter& counter, milliseconds since_ready,
                         const asio::ip::address& client);
[[nodiscard]] bool address_matches(const std::string& pattern, const asio::ip::address& address);

}  // namespace fix502::faulty
