#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"
#include "gateway/edit.hpp"
#include "gateway/files.hpp"
#include "gateway/process.hpp"
#include "gateway/route.hpp"

namespace fix502 {

/// Something wrong in the configuration itself. The rest of it is used all the same.
struct Problem {
  bool fatal = false;  ///< the gateway would refuse to load it
  std::string what;    ///< "unknown directive \"prox_pass\""
  ConfigPlace place;

  bool operator==(const Problem&) const = default;
  static constexpr void fields(auto&& field) {
    field("fatal", &Problem::fatal);
    field("what", &Problem::what);
    field("place", &Problem::place);
  }
};

/// A change that ends a fault, in no gateway's words. See mendings.def for what each member means.
struct Mending {
  MendingKind kind = MendingKind::reload_only;
  std::size_t server = 0;
  std::string text{};
  std::string name{};
  LimitKind limit = LimitKind::read_timeout;
  std::int64_t amount = 0;
  Protocol protocol = Protocol::http1_1;
};

/// The same in this gateway's words.
struct Proposal {
  std::string title;  ///< the reason, in one line: "give the upstream 6 s to answer: it needed 3.2 s"; may be empty
  std::vector<Edit> edits;  ///< the smallest that do it; none for a reload
  bool restart = false;     ///< a reload is not enough
};

/// A log that the gateway writes.
struct LogPlace {
  enum class Kind { error, access } kind = Kind::error;
  std::string path;    ///< a file; empty where it goes elsewhere
  std::string where;   ///< "syslog", "stderr", "off", where it is no file
  std::string format;  ///< of an access log: its own words ("$remote_addr ..."), empty: the default one
  std::string level;
  ConfigPlace place;
};

/// Where a client may connect to.
struct Listener {
  std::string address;  ///< empty: any
  std::uint16_t port = 0;
  bool tls = false;
  std::string server;              ///< virtual host or frontend
  std::vector<std::string> names;  ///< host names that it answers to, as written
  ConfigPlace place;
};

/// One gateway's configuration, read. Pure: everything it needs was read before.
class Configuration {
 public:
  Configuration() = default;
  Configuration(const Configuration&) = delete;
  Configuration& operator=(const Configuration&) = delete;
  virtual ~Configuration() = default;

  [[nodiscard]] virtual std::string_view kind() const = 0;  ///< "nginx"
  /// The way that this request takes. `no_route` where this gateway would not take it (no listener, no such host).
  [[nodiscard]] virtual Route route(const Incoming& incoming) const = 0;
  /// A request for every place that sends requests on, as `fix502 gateway` without a URL judges them. At most
  /// `kMostRoutes`.
  [[nodiscard]] virtual std::vector<Incoming> every_way() const = 0;
  [[nodiscard]] virtual std::vector<Listener> listeners() const = 0;
  /// The logs of the virtual host that takes this route, the nearest first; the gateway's own among them.
  [[nodiscard]] virtual std::vector<LogPlace> logs(const Route& route) const = 0;
  /// Nothing where this gateway has no such setting.
  [[nodiscard]] virtual std::optional<Proposal> propose(const Route& route, const Mending& mending) const = 0;

  FileTexts files;                ///< everything that was read, by path
  std::vector<Problem> problems;  ///< in order of reading
  std::string version;            ///< "1.22.1", empty: not known
  bool outdated = false;          ///< what the gateway runs is not what its files say, although they would load
  std::string user;               ///< that the workers run as, as configured; empty: as the gateway was started
};
inline constexpr std::size_t kMostRoutes = 200;

/// What is read: by the process that runs it, or by a file's name.
struct ReadRequest {
  std::string config;  ///< main file
  std::string prefix;  ///< nginx -p, Apache's ServerRoot; empty: the built-in one
  std::string folder;  ///< the process's working directory: relative names of HAProxy are relative to it; empty: "/"
  std::vector<std::string> more;     ///< further files in order (HAProxy's -f), or nginx's -g text as "-g ..."
  std::vector<std::string> defines;  ///< Apache's -D
  std::vector<NameValue> environment;
  std::string version;
  std::string
      adapted;  ///< Caddy: the JSON that `caddy adapt` made of `config`; empty: not adapted, or the file is JSON
  std::string control;  ///< of a gateway that tells what it runs: where it is asked, unless its file says otherwise
  std::string running;  ///< Caddy: the JSON that its admin API gives; empty: not asked, or it does not say
};

}  // namespace fix502
