#pragma once

#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/io_context.hpp>
#include <list>
#include <memory>
#include <random>

#include "history/history.hpp"
#include "serve/event_log.hpp"
#include "serve/problem.hpp"
#include "serve/world.hpp"
#include "watch/watch.hpp"

namespace fix502 {

/// /api/watches: pages that are watched until they are taken off the list, or the server ends.
class Watches {
 public:
  Watches(boost::asio::io_context& loop, const ServeWorld& world, const AllowedTargets& allowed, History* history);

  [[nodiscard]] Reply add(const Request& request);
  [[nodiscard]] Reply list() const;
  [[nodiscard]] Reply show(const Request& request);
  [[nodiscard]] Reply remove(const Request& request);
  [[nodiscard]] Reply events(const Request& request);
  void stop_all();
  [[nodiscard]] std::size_t count() const { return all_.size(); }

 private:
  /// One page. Its parts refer to each other, the earlier outlive the later.
  struct Entry {
    Entry(std::string number, WallTime now, Settings wanted, std::unique_ptr<Net> port, const AllowedTargets& allowed)
        : id(std::move(number)), since(now), settings(std::move(wanted)), real(std::move(port)), net(*real, allowed) {}

    std::string id;
    WallTime since;
    Settings settings;
    std::unique_ptr<Net> real;
    GuardedNet net;
    std::unique_ptr<Watch> watch;
    boost::asio::cancellation_signal stop{};
    bool removed = false;
  };
  using Entries = std::list<Entry>;

  [[nodiscard]] Json json_of(const Entry& entry) const;
  [[nodiscard]] Json all_json() const;
  [[nodiscard]] Entry* find(const std::string& id);
  void start(Entry& entry);
  Task<Look> look(const Entry& entry, Target target, Depth depth);
  void tell(const Entry& entry, const WatchEvent& event);

  boost::asio::io_context& loop_;
  const ServeWorld& world_;
  const AllowedTargets& allowed_;
  History* history_;
  EventLog log_;
  Entries all_;
  std::uint64_t number_ = 0;
  std::mt19937 engine_{std::random_device{}()};
};

}  // namespace fix502
