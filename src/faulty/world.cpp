#include "faulty/world.hpp"

#include <fmt/chrono.h>

#include <algorithm>
#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/ip/network_v4.hpp>
#include <boost/asio/ip/network_v6.hpp>

namespace fix502::faulty {
namespace {

std::string wall_time() {
  const auto now = std::chrono::system_clock::now();
  const auto seconds = std::chrono::floor<std::chrono::seconds>(now);
  const auto rest = std::chrono::duration_cast<milliseconds>(now - seconds);
  return fmt::format("{:%Y-%m-%dT%H:%M:%S}.{:03}Z", fmt::gmtime(std::chrono::system_clock::to_time_t(seconds)),
                     rest.count());
}

}  // namespace

milliseconds World::since_ready() const {
  return std::chrono::duration_cast<milliseconds>(std::chrono::steady_clock::now() - ready);
}

std::string World::place_of(const std::string& text) const {
  const auto found = text.starts_with('@') ? places.find(text.substr(1)) : places.end();
  return found == places.end() ? text : found->second;
}

void World::note(const Listener& listener, std::string_view event, nlohmann::json facts) {
  ++events[listener.name];
  if (!log.is_open()) return;
  facts["time"] = wall_time();
  facts["ms"] = since_ready().count();
  facts["event"] = event;
  facts["listener"] = listener.name;
  // What clients send need not be UTF-8.
  log << facts.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace) << std::endl;
}

void spawn(const std::shared_ptr<World>& world, Task<void> task) {
  const auto place = world->running.emplace(world->running.end());
  asio::co_spawn(world->executor, std::move(task),
                 asio::bind_cancellation_slot(
                     place->slot(), [world, place](const std::exception_ptr&) { world->running.erase(place); }));
}

bool address_matches(const std::string& pattern, const asio::ip::address& address) {
  boost::system::error_code bad;
  if (pattern.find('/') == pattern.npos) return asio::ip::make_address(pattern, bad) == address && !bad;
  if (address.is_v4()) {
    const auto network = asio::ip::make_network_v4(pattern, bad);
    return !bad &&
           asio::ip::make_network_v4(address.to_v4(), network.prefix_length()).canonical() == network.canonical();
  }
  const auto network = asio::ip::make_network_v6(pattern, bad);
  return !bad && asio::ip::network_v6(address.to_v6(), network.prefix_length()).canonical() == network.canonical();
}

bool picks(const Selection& selection, Counter& counter, milliseconds since_ready, const asio::ip::address& client) {
  const auto is_client = [&](const std::string& pattern) { return address_matches(pattern, client); };
  if (!selection.client_address.empty() && std::ranges::none_of(selection.client_address, is_client)) return false;
  if (since_ready < selection.from || (selection.until && since_ready >= *selection.until)) return false;
  const std::size_t number = counter.seen++;
  if (number < selection.skip_requests) return false;
  if (selection.first_requests && number >= *selection.first_requests) return false;
  return number % selection.every == selection.offset % selection.every;
}

}  // namespace fix502::faulty
