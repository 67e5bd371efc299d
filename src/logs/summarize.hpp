#pragma once

// The logs of one gateway, as evidence for `fix502 gateway`: what they say of one virtual host or some upstreams,
// lately.

#include <string>
#include <vector>

#include "base/fields.hpp"
#include "base/result.hpp"

namespace fix502 {

/// Where to look and for what.
struct LogSources {
  std::string gateway = {};                  ///< "nginx", "haproxy", "apache", "caddy"
  std::vector<std::string> error_logs = {};  ///< paths, plain or compressed
  std::vector<std::string> access_logs = {};
  std::vector<std::string> upstream_logs = {};  ///< the application's own (php-fpm, gunicorn, uwsgi, node)
  std::string access_format = {};  ///< nginx' log_format directive, Apache's LogFormat; empty: it is recognised
  WallTime since{};                ///< plain files are read from there on, not from their beginning
  std::string server = {};         ///< virtual host; empty: any
  /// "127.0.0.1:8080", "unix:/run/a.sock", of HAProxy "backend/server" or "backend"; empty: any
  std::vector<std::string> upstreams = {};
};

/// Requests that failed alike, or lines of an application that say the same.
struct LogFinding {
  std::string fault;
  std::string cause;
  std::string gateway;
  std::string upstream;
  WallTime first_seen{};
  WallTime last_seen{};
  std::uint64_t count = 0;  ///< client requests, each once though it stands in two logs; of applications, lines
  std::string sample;       ///< one raw line: hostile bytes, make it printable() before it is shown
  std::string file;
  bool secondary = false;          ///< "no live upstreams" and the like: the cause is another finding
  bool retried = false;            ///< another upstream answered: the clients saw no error
  bool application = false;        ///< out of upstream_logs
  bool health_check = false;       ///< a health check's word; counts no request
  std::string sureness;            ///< certain, likely, possible
  std::string made_by;             ///< "gateway", "upstream" (it said the 5xx itself), empty where no log tells
  std::vector<std::string> urls;   ///< top paths
  std::vector<std::string> tried;  ///< every upstream that these requests tried, where there were several
  int status = 0;                  ///< the most frequent one that clients got; 0: no log tells

  static constexpr void fields(auto&& field) {
    field("fault", &LogFinding::fault);
    field("cause", &LogFinding::cause);
    field("gateway", &LogFinding::gateway);
    field("upstream", &LogFinding::upstream);
    field("first_seen", &LogFinding::first_seen);
    field("last_seen", &LogFinding::last_seen);
    field("count", &LogFinding::count);
    field("sample", &LogFinding::sample);
    field("file", &LogFinding::file);
    field("secondary", &LogFinding::secondary);
    field("retried", &LogFinding::retried);
    field("application", &LogFinding::application);
    field("health_check", &LogFinding::health_check);
    field("sureness", &LogFinding::sureness);
    field("made_by", &LogFinding::made_by);
    field("urls", &LogFinding::urls);
    field("tried", &LogFinding::tried);
    field("status", &LogFinding::status);
  }
  bool operator==(const LogFinding&) const = default;
};

struct LogSummary {
  std::vector<LogFinding> findings;  ///< most requests first
  std::vector<Error> problems;       ///< files that could not be read
};

[[nodiscard]] LogSummary summarize_logs(const LogSources& sources, WallTime now);

}  // namespace fix502
