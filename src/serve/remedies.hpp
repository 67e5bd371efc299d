#pragma once

// /api/remedies: what `fix502 fix`, `undo` and `fixes` do, each in a process of its own, so that neither a command nor
// a disk that takes its time stops anybody else.

#include <sys/types.h>

#include <boost/asio/io_context.hpp>
#include <chrono>
#include <optional>

#include "serve/diagnoses.hpp"

namespace fix502 {

/// A remedy that is being applied.
struct RemedyUnderWay {
  std::string remedy;
  int output = -1;    ///< the file that it writes to; -1: not begun, or over
  pid_t process = 0;  ///< 0: the same
  bool stopped = false;
  std::chrono::steady_clock::time_point began = std::chrono::steady_clock::now();
};

class Remedies {
 public:
  Remedies(boost::asio::io_context& loop, const ServeWorld& world, const Diagnoses& diagnoses)
      : loop_(loop), world_(world), diagnoses_(diagnoses) {}

  Task<Reply> list();
  Task<Reply> plan(const Request& request);
  Task<Reply> apply(const Request& request);
  Task<Reply> undo(const Request& request);
  /// How far the remedy is that is being applied.
  Reply progress(const Request& request) const;
  /// Ends it, and what it has changed is taken back; apply's own answer says what came of that.
  Reply stop(const Request& request);
  void stop_all();
  [[nodiscard]] bool is_busy() const { return changing_; }

 private:
  /// What one remedy is asked for with.
  struct Wanted {
    std::string remedy;
    std::vector<std::string> arguments;  ///< of `fix502 fix`
  };
  [[nodiscard]] Result<Wanted> read_wanted(const std::string& remedy, const Json& json, Reply& refused) const;
  /// Runs this program with these arguments; what it printed, as JSON.
  Task<Result<Json>> run(std::vector<std::string> arguments, RemedyUnderWay* work = nullptr);

  boost::asio::io_context& loop_;
  const ServeWorld& world_;
  const Diagnoses& diagnoses_;
  bool changing_ = false;
  std::optional<RemedyUnderWay> work_;
};

}  // namespace fix502
