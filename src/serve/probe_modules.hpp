#pragma once

// How to probe, by name: the modules of a blackbox_exporter configuration file, or the three that are always there
// (https://github.com/prometheus/blackbox_exporter/blob/v0.23.0/CONFIGURATION.md).

#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/result.hpp"
#include "net/net.hpp"

namespace re2 {
class RE2;
}

namespace fix502 {

struct FreeRe2 {
  void operator()(const re2::RE2* pattern) const noexcept;
};
/// Go's regular expressions are RE2's: the same language, and no text makes one slow.
using GoPattern = std::unique_ptr<const re2::RE2, FreeRe2>;
[[nodiscard]] Result<GoPattern> compile_pattern(const std::string& text);
/// `text`: valid UTF-8 (as_utf8()).
[[nodiscard]] bool matches(const GoPattern& pattern, std::string_view text);

struct HeaderPattern {
  std::string name;  ///< in lower case
  GoPattern pattern;
  bool allow_missing = false;
};

/// What the Authorization field says.
struct ProbeAuthorization {
  std::string scheme;  ///< "Basic", "Bearer", ...; empty: there is no such field
  std::string user;    ///< Basic
  std::string secret;
  std::string secret_file;  ///< read anew for each probe, for secrets that are replaced; empty: `secret` holds

  /// The field's value, empty where there is none. Errors: the file cannot be read.
  [[nodiscard]] Result<std::string> value() const;
};

struct ProbeModule {
  std::string name;
  bool http = true;
  Milliseconds timeout{0};  ///< 0: as long as the collector waits

  enum class Protocol { any, ip4, ip6 };
  Protocol protocol = Protocol::any;  ///< any: both are tried and compared, the figures are IPv6's where there is one
  bool fallback = true;

  // The request.
  std::string method = "GET";
  std::string host;                                          ///< the Host field; empty: the target's
  std::string server_name;                                   ///< whose certificate is asked for; empty: the host's
  std::vector<std::pair<std::string, std::string>> headers;  ///< without Host
  std::string body;
  ProbeAuthorization authorization;
  bool verify_certificate = true;
  bool http2 = true;
  bool follow_redirects = true;

  // What the answer must be.
  std::vector<int> statuses;          ///< empty: 2xx
  std::vector<std::string> versions;  ///< "HTTP/1.1"; empty: any
  bool fail_if_ssl = false, fail_if_not_ssl = false;
  enum class Compression { none, gzip, deflate };
  Compression compression = Compression::none;  ///< of the body, whatever its fields say
  std::vector<HeaderPattern> header_must_not, header_must;
  std::vector<GoPattern> body_must_not, body_must;

  [[nodiscard]] bool reads_body() const {
    return compression != Compression::none || !body_must_not.empty() || !body_must.empty();
  }
};

class ProbeModules {
 public:
  /// http_2xx, http_post_2xx and tcp_connect.
  [[nodiscard]] static ProbeModules built_in();

  /// Null where there is none; the empty name is http_2xx's. Lives as long as this.
  [[nodiscard]] const ProbeModule* find(std::string_view name) const;
  /// Why a module of the file is not among them: what it needs and is not supported. Empty: there is none of that name.
  [[nodiscard]] std::string_view why_left_out(std::string_view name) const;
  /// A line for each module that was left out, with file and line.
  [[nodiscard]] const std::vector<std::string>& warnings() const { return warnings_; }

  [[nodiscard]] bool is_empty() const { return modules_.empty(); }
  void add(ProbeModule module);
  void leave_out(const std::string& name, std::string why, std::string warning);

 private:
  std::map<std::string, ProbeModule, std::less<>> modules_;
  std::map<std::string, std::string, std::less<>> left_out_;
  std::vector<std::string> warnings_;
};

/// The largest file that is read.
constexpr std::size_t kMostModulesFile = 1 << 20;

/// The modules of a configuration file of blackbox_exporter 0.23. Errors name `path`, line and key: what cannot be
/// read, what is unknown, and what is known there but not supported. Modules whose whole kind of probe is not
/// supported are left out instead. Secrets' files are looked at, since nobody would see later that they are missing.
[[nodiscard]] Result<ProbeModules> read_probe_modules(const std::string& text, const std::string& path);

/// A host with or without a port, as the Host field has it.
[[nodiscard]] bool is_host_field(std::string_view text);

/// "1m30s" as Go's time.ParseDuration reads it, and not negative.
[[nodiscard]] Result<Milliseconds> parse_go_duration(std::string_view text);

}  // namespace fix502
