#pragma once

// Tries of one page, as cheap as they may be: one request that fails where the last one failed is enough to go on
// waiting; a good answer is then asked for at every address.

#include <functional>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "net/net.hpp"
#include "sys/host.hpp"
#include "target/settings.hpp"
#include "target/target.hpp"
#include "watch/pace.hpp"

namespace fix502 {

/// What one try, or one at every address, said.
struct Round {
  bool good = false;
  std::string what;                      ///< "502 Bad Gateway from 203.0.113.10"
  std::optional<Wait> rest;              ///< Retry-After
  int requests = 0;                      ///< sent to the site
  std::vector<std::string> passed_over;  ///< addresses that take no connection, where another one answered well
};

/// Keeps requests to one host apart, whoever sends them.
class Spacing {
 public:
  using Clock = std::function<std::chrono::steady_clock::time_point()>;
  Spacing(Net& net, Clock now) : net_(net), now_(std::move(now)) {}
  Task<void> wait_for_slot(std::string host);

 private:
  Net& net_;
  Clock now_;
  std::map<std::string, std::chrono::steady_clock::time_point> next_;
};

class SiteVisits {
 public:
  /// All but `target` and `settings` must outlive it. `visible_body`: whether the page works shows in its body only.
  SiteVisits(Net& net, const Host& host, Spacing& spacing, Target target, Settings settings);

  /// One request where it failed last, by HEAD where that is enough. A good answer counts for its address.
  Task<Round> glance();
  /// A GET to every address; those that glance() has just seen good are left out once.
  Task<Round> at_every_address();
  /// What the first look saw: a HEAD that says something else is not to be trusted.
  void expect(std::optional<int> status, bool in_the_body);

 private:
  struct Answer {
    HttpExchange last;
    bool good = false;
    int requests = 0;
  };
  Task<Answer> visit(Target page, std::string method, std::vector<std::string> addresses);
  Task<HttpExchange> send(const Target& page, HttpRequest request);
  Task<std::vector<std::string>> addresses_of(std::string host, std::string* problem);
  Task<bool> arrange(Round& round);
  void remember(const Answer& answer);
  [[nodiscard]] bool head_will_do() const;
  static void describe(Round& round, const Answer& answer);

  Net& net_;
  const Host& host_;
  Spacing& spacing_;
  Target target_;
  Settings settings_;
  std::string proxy_;  // with credentials
  std::vector<std::string> proxy_addresses_;
  std::vector<std::string> addresses_;  // of the target's host, as of the last try
  std::vector<std::string> seen_good_;  // by glance(), in this round
  Target page_;                         // that failed last: the target, or what it redirects to
  std::string failing_address_;
  std::optional<int> expected_status_;
  bool in_the_body_ = false;
  bool head_differs_ = false;
  bool redirects_ = false;
  int jars_ = 0;
};

}  // namespace fix502
