#pragma once

// /api/remedies: what `fix502 fix`, `undo` and `fixes` do, each in a process of its own, so that neither a command nor
// a disk that takes its time stops anybody else.

#include <boost/asio/io_context.hpp>

#include "serve/diagnoses.hpp"

namespace fix502 {

class Remedies {
 public:
  Remedies(boost::asio::io_context& loop, const ServeWorld& world, const Diagnoses& diagnoses)
      : loop_(loop), world_(world), diagnoses_(diagnoses) {}

  Task<Reply> list();
  Task<Reply> plan(const Request& request);
  Task<Reply> apply(const Request& request);
  Task<Reply> undo(const Request& request);

 private:
  /// What one remedy is asked for with.
  struct Wanted {
    std::string remedy;
    std::vector<std::string> arguments;  ///< of `fix502 fix`
  };
  [[nodiscard]] Result<Wanted> read_wanted(const std::string& remedy, const Json& json, Reply& refused) const;
  /// Runs this program with these arguments; what it printed, as JSON.
  Task<Result<Json>> run(std::vector<std::string> arguments);

  boost::asio::io_context& loop_;
  const ServeWorld& world_;
  const Diagnoses& diagnoses_;
  bool changing_ = false;
};

}  // namespace fix502
