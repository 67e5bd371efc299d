#pragma once

// Puts together what several lines say of one request: retries and consequences in an error log, and the access log's
// line with it. Memory is bounded by what happens within a few seconds (a few minutes, for timeouts), not by the logs'
// size.

#include <deque>
#include <functional>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "logline/pending.hpp"

namespace fix502 {

/// One client request that failed by something behind the gateway (or was saved by a retry), or an application's line.
struct LoggedFailure {
  WallTime at{};
  std::string gateway;
  std::string fault;
  std::string cause;
  std::string upstream;            ///< the last that was tried
  std::vector<std::string> tried;  ///< all, where there were several
  std::string host;
  std::string url;
  std::string client;
  std::string sample;
  std::string_view made_by;
  Sureness sureness = Sureness::certain;
  std::uint32_t file = 0;
  int status = 0;
  bool secondary = false;    ///< its cause stands elsewhere
  bool retried = false;      ///< the client got a good answer from another upstream
  bool in_access = false;    ///< an access log's line is behind it
  bool unmatched = false;    ///< an error log's line that no access log's line fits, though there is an access log
  bool application = false;  ///< of an application's log: about no single request
  bool mark = false;         ///< a health check: why an upstream is down
  bool change = false;       ///< a reload or restart
};

class Joiner {
 public:
  /// What is handed on is used again afterwards: whoever keeps it copies it, or moves it out.
  using Sink = std::function<void(LoggedFailure&&)>;
  using Logs = GatewayLogs;

  explicit Joiner(Sink sink) : sink_(std::move(sink)) {}
  Joiner(const Joiner&) = delete;
  Joiner& operator=(const Joiner&) = delete;
  /// Says which logs of the gateway are read; of one that is not named, none is expected.
  void expect(std::string_view gateway, Logs logs);

  /// Records come nearly in order of time. Of what they point to nothing is kept.
  void take(const Record& record);
  /// Time goes by without lines: what waited for others until then is handed on.
  void pass(WallTime now) { advance(now); }
  void finish();

 private:
  using Groups = std::deque<std::unique_ptr<ErrorGroup>>;  // in order of their first line
  using Accesses = std::deque<std::unique_ptr<WaitingAccess>>;

  [[nodiscard]] Logs logs_of(std::string_view gateway) const;
  void take_error(const Record& record);
  void take_access(const Record& record);
  void hand_on_alone(const Record& record);
  ErrorGroup& open_group(const Record& record, const std::string& upstream);
  void index(ErrorGroup& group);
  ErrorGroup* find_group(const WaitingAccess& access) const;
  WaitingAccess* early_access(const ErrorGroup& group);
  void settle(WaitingAccess& access);
  void settle_before(Accesses& waiting, std::chrono::seconds wait, WallTime now);
  void expire(Groups& groups, WallTime now);
  void close(ErrorGroup& group, WaitingAccess* access);
  void advance(WallTime now);

  Sink sink_;
  std::vector<std::pair<std::string, Logs>> logs_;
  Pool<ErrorGroup> spare_groups_;
  Pool<WaitingAccess> spare_accesses_;
  Groups groups_;
  Groups slow_;  // nginx' timeouts, whose next try may come a minute later
  Chains<ErrorGroup, &ErrorGroup::by_connection> by_connection_;
  Chains<ErrorGroup, &ErrorGroup::by_request> by_request_;
  Accesses accesses_;
  Accesses early_;  // Apache's, stamped when the request came in
  Chains<WaitingAccess, &WaitingAccess::by_client> early_by_client_;
  LoggedFailure out_;  // what was handed on last, for its memory
  std::uint64_t seen_ = 0;
  WallTime now_{};
};

}  // namespace fix502
