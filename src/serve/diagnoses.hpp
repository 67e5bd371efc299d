#pragma once

#include <boost/asio/io_context.hpp>
#include <list>
#include <memory>
#include <optional>

#include "serve/event_log.hpp"
#include "serve/problem.hpp"
#include "serve/world.hpp"

namespace fix502 {

struct Demo;
class DemoStage;

/// One diagnosis, from its order to long after its end.
struct Diagnosis {
  enum class State { running, done, stopped, failed };

  Diagnosis(boost::asio::io_context& loop, std::string number, Order what);
  ~Diagnosis();
  Diagnosis(const Diagnosis&) = delete;
  Diagnosis& operator=(const Diagnosis&) = delete;

  std::string id;
  Order order;
  const Demo* demo = nullptr;
  std::unique_ptr<DemoStage> stage;  ///< of the demo, while it goes on
  State state = State::running;
  WallTime started{};
  std::chrono::steady_clock::time_point began = std::chrono::steady_clock::now();
  Milliseconds took{};  ///< when it is over
  EventLog log;
  Stopper stopper;
  std::optional<Report> report;  ///< when it is over
  const Run* run = nullptr;      ///< while it goes on
};

struct DiagnosisLimits {
  std::size_t running = 200;
  std::size_t kept = 300;                                   ///< that are over
  std::size_t kept_bytes = std::size_t{128} * 1024 * 1024;  ///< of their events; the oldest go first
};

/// /api/diagnoses. All of them share the loop.
class Diagnoses {
 public:
  Diagnoses(boost::asio::io_context& loop, const ServeWorld& world, const AllowedTargets& allowed,
            DiagnosisLimits limits = {})
      : loop_(loop), world_(world), allowed_(allowed), limits_(limits) {}

  [[nodiscard]] Reply begin(const Request& request);
  [[nodiscard]] Reply list() const;
  [[nodiscard]] Reply show(const Request& request);
  [[nodiscard]] Reply remove(const Request& request);
  [[nodiscard]] Reply events(const Request& request);
  [[nodiscard]] Reply file(const Request& request);
  void stop_all();

  [[nodiscard]] const Diagnosis* find(std::string_view id) const;
  [[nodiscard]] std::size_t running() const { return running_; }
  [[nodiscard]] std::uint64_t begun() const { return begun_; }

 private:
  using List = std::list<std::unique_ptr<Diagnosis>>;
  Task<void> run(Diagnosis& diagnosis);
  Task<Evidence> observe_real(Diagnosis& diagnosis, Assignment assignment);
  Task<Evidence> observe_demo(Diagnosis& diagnosis, Assignment assignment);
  void make_room();
  [[nodiscard]] Diagnosis* found(std::string_view id);

  boost::asio::io_context& loop_;
  const ServeWorld& world_;
  const AllowedTargets& allowed_;
  DiagnosisLimits limits_;
  List all_;  // newest first
  std::size_t running_ = 0;
  std::uint64_t begun_ = 0;
};

/// {"url": ..., "options": {...}} read: an object with no other members than those in `known`.
[[nodiscard]] Result<Json> read_body(const Request& request, std::initializer_list<std::string_view> known);

}  // namespace fix502
