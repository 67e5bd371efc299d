#pragma once

// Puts together what several lines say of one request: retries and consequences in an error log, and the access log's
// line with it. Memory is bounded by what happens within a few seconds (a few minutes, for timeouts), not by the logs'
// size.

#include <deque>
#include <functional>
#include <memory>
#include <set>
#include <string>
#include <unordered_map>
#include <vector>

#include "logline/judge.hpp"
#include "logline/record.hpp"

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
  using Sink = std::function<void(LoggedFailure&&)>;

  struct Logs {
    bool access = false;  ///< this gateway's access log is read as well
    bool error = false;
  };

  /// What absence of a line means something by: `logs` says of each gateway which of its logs are read; that is what
  /// absence of a line means something by.
  explicit Joiner(Sink sink);
  ~Joiner();
  Joiner(const Joiner&) = delete;
  Joiner& operator=(const Joiner&) = delete;
  void expect(std::string_view gateway, Logs logs) { logs_[std::string(gateway)] = logs; }

  /// Records come nearly in order of time. Of what they point to nothing is kept.
  void take(const Record& record);
  /// Time goes by without lines: what waited for others until then is handed on.
  void pass(WallTime now) { advance(now); }
  void finish();

 private:
  struct Group;  // error lines of one request
  struct Access;

  void take_error(const Record& record);
  void take_access(const Record& record);
  void advance(WallTime now);
  void index(Group& group);
  void settle(Access& access);
  void release(Group& group, const Access* access);
  Group* find_group(const Access& access);
  const Access* early_access(const Group& group);
  Group* open_group(const Record& record);
  Logs logs_of(const std::string& gateway) const;

  Sink sink_;
  std::unordered_map<std::string, Logs> logs_;
  using Groups = std::deque<std::unique_ptr<Group>>;  // in order of their first line
  void expire(Groups& groups, WallTime now);
  Groups groups_;
  Groups slow_;  // nginx' timeouts, whose next try may come a minute later
  std::unordered_multimap<std::size_t, Group*> by_connection_;
  std::unordered_multimap<std::size_t, Group*> by_key_;
  std::deque<std::unique_ptr<Access>> accesses_;
  std::deque<std::unique_ptr<Access>> early_;  // Apache's, stamped when the request came in
  std::uint64_t groups_seen_ = 0;
  WallTime now_{};
};

}  // namespace fix502
