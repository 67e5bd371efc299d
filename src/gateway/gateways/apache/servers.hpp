#pragma once

// The main server and its virtual hosts: addresses, names, what they send on (ProxyPass), and the workers and balancers
// that they have made for it. Source: httpd server/vhost.c, modules/proxy/mod_proxy.c and proxy_util.c.

#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "gateway/gateways/apache/tree.hpp"
#include "gateway/pattern.hpp"

namespace fix502::apache {

/// "scheme://host:port/path", as httpd takes it apart.
struct Url {
  std::string scheme, host, path;  ///< scheme and host in lower case; the path with its query, "" where there is none
  std::uint16_t port = 0;          ///< as written; 0: the scheme's
  bool valid = false;

  [[nodiscard]] std::string origin() const;  ///< "http://h:81", the scheme's own port left out
  [[nodiscard]] std::uint16_t real_port() const;
};
[[nodiscard]] Url parse_url(std::string_view text);
[[nodiscard]] std::uint16_t port_of_scheme(std::string_view scheme);
/// "unix:/p.sock|http://h/x" is "/p.sock" and "http://h/x"; anything else has no socket.
struct SocketUrl {
  std::string socket, url;
};
[[nodiscard]] SocketUrl split_socket(std::string_view text);

struct Parameter {
  std::string value;
  const Directive* from = nullptr;  ///< ProxyPass, ProxySet, BalancerMember
  const Scope* section = nullptr;   ///< or the <Proxy> whose line says it
  std::size_t word = 0;
};
using Parameters = std::map<std::string, Parameter, std::less<>>;

struct Worker {
  std::string url;  ///< httpd's name of it
  std::string scheme, host, socket;
  std::uint16_t port = 0;
  bool matchable = false;  ///< of ProxyPassMatch: $1 stands for anything
  bool made_for_any_host = false;
  Parameters parameters;
  ConfigPlace place;
  const Directive* from = nullptr;
  std::size_t word = 0;  ///< of `from`: where the address is written
  std::size_t order = 0;
  const Directive* early_timeout = nullptr;  ///< ProxyTimeout that stood before it in the same server

  [[nodiscard]] const Parameter* parameter(std::string_view key) const;
};

struct Balancer {
  std::string name;  ///< "balancer://shop"
  std::vector<Worker> members;
  Parameters parameters;
  ConfigPlace place;
};

/// A ProxyPass or ProxyPassMatch.
struct Alias {
  const Directive* from = nullptr;
  const Scope* location = nullptr;  ///< null: of the server
  std::string fake, real, written;  ///< path or pattern; URL without its socket; as written
  std::optional<Regex> pattern;
  std::size_t word = 0;   ///< of `from`: the URL's
  bool excluded = false;  ///< "!"
  bool nocanon = false, noquery = false, encoded = false, interpolate = false, servlet = false;
  Parameters parameters;  ///< as written, whether or not they count
};

struct HostAddress {
  std::string address;  ///< empty: any
  std::string written;
  std::uint16_t port = 0;  ///< 0: any
};

struct VirtualHost {
  const Scope* scope = nullptr;
  std::vector<HostAddress> addresses;
  std::string name;  ///< ServerName's host; may be empty
  std::uint16_t name_port = 0;
  std::string name_scheme;
  std::vector<std::string> other_names;
  std::vector<Alias> passes;                      ///< of the server, in order
  std::map<const Scope*, Alias> location_passes;  ///< the last one of each section
  std::vector<std::unique_ptr<Worker>> workers;
  std::vector<std::unique_ptr<Balancer>> balancers;
  std::vector<const Scope*> locations, directories, files, proxies, conditions;  ///< in the order of the file

  [[nodiscard]] const Worker* find_worker(std::string_view url) const;
  [[nodiscard]] const Balancer* find_balancer(std::string_view url) const;
};

struct Listen {
  std::string address, protocol;
  std::uint16_t port = 0;
  ConfigPlace place;
};

struct Servers {
  VirtualHost main;
  std::vector<std::unique_ptr<VirtualHost>> hosts;
  std::vector<Listen> listens;
};

[[nodiscard]] Servers build_servers(Tree& tree);

/// What a worker's parameter takes: an error in httpd's words, or nothing.
[[nodiscard]] std::string worker_parameter_error(std::string_view key, std::string_view value);
[[nodiscard]] std::string balancer_parameter_error(std::string_view key, std::string_view value);
/// "500ms", "5", "1min" in ms (ap_timeout_parameter_parse); `unit` for a bare number.
[[nodiscard]] std::optional<std::int64_t> parse_time(std::string_view text, std::string_view unit);
/// apr_fnmatch.c: "*", "?", "[a-z]"; `*` takes slashes as well unless `by_path`.
[[nodiscard]] bool wild_match(std::string_view pattern, std::string_view text, bool by_path = false,
                              bool ignore_case = false);
/// The groups of a match, none where it does not match.
[[nodiscard]] std::vector<std::string> groups_of(const Regex& pattern, std::string_view text);
[[nodiscard]] std::vector<std::string> groups_of(std::string_view pattern, std::string_view text,
                                                 bool ignore_case = false);
[[nodiscard]] bool has_wildcard(std::string_view text);

}  // namespace fix502::apache
