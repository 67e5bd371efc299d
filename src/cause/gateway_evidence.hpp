#pragma once

// Everything that was seen of one way through one gateway: what the rules may look at.

#include <optional>
#include <string>
#include <vector>

#include "gateway/configuration.hpp"
#include "gateway/machine_facts.hpp"
#include "gateway/replay_facts.hpp"

namespace fix502 {

/// Lines of a log that say the same of the same upstream.
struct LogSign {
  std::string fault;     ///< id of the catalogue
  std::string cause;     ///< RFC 9209 error type, may be empty
  std::string upstream;  ///< as the log names it: "127.0.0.1:8000", "b/s1"; empty where it does not
  std::uint64_t count = 0;
  WallTime first_seen, last_seen;
  std::string sample;  ///< one line, printable
  std::string file;
  bool secondary = false;  ///< a consequence of another error ("no live upstreams")
  std::vector<std::string> urls;
  std::optional<std::uint64_t> bytes;  ///< a size that the line names, where it does
};

/// An answer of the gateway itself to the page's request, or to that request with one thing changed.
struct GatewayAnswer {
  HttpExchange http;
  std::string varied;  ///< "upgrade": asked for WebSocket; empty: the page as it is
};

/// An error that the gateway's cache keeps.
struct CachedError {
  std::string file;  ///< in the cache's folder
  int status = 0;
  std::string key;
};

struct GatewayEvidence {
  std::string kind;             ///< "nginx"
  std::string gateway_version;  ///< "1.22.1"
  bool running = false;
  std::string url;  ///< what was asked about; empty: a way that the configuration names
  Incoming incoming;
  Route route;
  std::string main_file;
  std::vector<Problem> problems;
  std::string check_said;  ///< the gateway's own check refused the configuration, in these words; empty: it did not
  std::string check_file;  ///< and where
  int check_line = 0;
  std::vector<GatewayAnswer> answers;
  std::vector<Replay> replays;
  std::vector<IdleWatch> idle;
  MachineFacts machine;
  std::vector<LogSign> log;
  bool loops = false;  ///< the upstream is a listener of this gateway, and the request would be sent there again
  std::optional<CachedError> stored;
  std::vector<std::string>
      other_scripts;               ///< SCRIPT_FILENAMEs that exist, were the root another one of this configuration
  std::string resolver;            ///< that this machine uses and that knows the upstream's name; empty: none does
  std::vector<std::string> notes;  ///< what could not be looked at
  std::vector<std::string> used_elsewhere;  ///< endpoints that other ways of this virtual host have
};

}  // namespace fix502
