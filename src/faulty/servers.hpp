#pragma once

#include <boost/asio/io_context.hpp>
#include <memory>

#include "faulty/config.hpp"

namespace fix502::faulty {

struct World;

/// Where a listener listens.
struct Bound {
  std::string name;      // the listener's
  std::string protocol;  // "http", "dns", "tcp"
  std::string address;
  std::uint16_t port = 0;
};

/// Servers that misbehave as their configuration says, all on one loop. They listen from `start` on and serve while
/// the loop runs. After `stop`, or the destructor, the loop may go on running: what is under way ends by itself.
class Servers {
 public:
  /// Opens every listener; `loop` must outlive the servers' last connection.
  [[nodiscard]] static Result<Servers> start(boost::asio::io_context& loop, Config config);
  Servers(Servers&&) = default;
  Servers& operator=(Servers&&) = delete;
  ~Servers();

  [[nodiscard]] const std::vector<Bound>& endpoints() const { return endpoints_; }
  /// The port of the listener of this name; 0: there is none.
  [[nodiscard]] std::uint16_t port(std::string_view name) const;
  /// Requests, questions and connections that a listener has seen, as in its log.
  [[nodiscard]] std::size_t events(const std::string& name) const;
  void stop();

 private:
  explicit Servers(std::shared_ptr<World> world) : world_(std::move(world)) {}

  std::shared_ptr<World> world_;
  std::vector<Bound> endpoints_;
};

}  // namespace fix502::faulty
