#pragma once

// What the blocks of a file mean: servers with their addresses and names, locations, groups of upstreams, variables.

#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "gateway/gateways/nginx/tree.hpp"
#include "gateway/pattern.hpp"
#include "gateway/route.hpp"

namespace fix502::nginx {

/// Regular expressions, compiled once each. The key is the pattern behind "~" or "*".
class Patterns {
 public:
  /// Null where it does not compile; `error` says why.
  const Regex* compile(const std::string& pattern, bool ignore_case, std::string* error = nullptr);
  [[nodiscard]] const Regex* find(const std::string& pattern, bool ignore_case) const;
  /// Whether any of them has a group of this name: nginx makes a variable of it.
  [[nodiscard]] bool names(const std::string& name) const { return names_.contains(name); }

 private:
  std::unordered_map<std::string, std::unique_ptr<Regex>> known_;
  std::set<std::string> names_;
};

struct Listen {
  std::string address{};  ///< "0.0.0.0", "::", "127.0.0.1"; empty for a socket
  std::uint16_t port = 0;
  std::string socket{};
  bool tls = false, is_default = false, proxy_protocol = false, both_families = false;
  const Directive* at = nullptr;  ///< null: the built-in "*:80"

  [[nodiscard]] bool any_address() const { return address == "0.0.0.0" || address == "::"; }
};

struct ServerName {
  std::string text{};  ///< in lower case, "~" taken off
  const Regex* pattern = nullptr;
};

struct Locations;

struct Location {
  enum class Match { prefix, prefix_only, exact, pattern, named } match = Match::prefix;
  std::string name{};
  const Regex* pattern = nullptr;
  const Directive* at = nullptr;
  std::unique_ptr<Locations> inner{};

  [[nodiscard]] const Block& block() const { return *at->block; }
  [[nodiscard]] bool redirects_to_slash() const;  ///< a pass behind a prefix with a slash at its end
  /// "location ~ \.php$"
  [[nodiscard]] std::string title() const;
};

/// The locations of one server, or those nested in one location.
struct Locations {
  struct Node {
    const Location* exact = nullptr;
    const Location* prefix = nullptr;
  };
  std::vector<std::unique_ptr<Location>> all{};  ///< in order of reading
  std::unordered_map<std::string, Node> fixed{};
  std::vector<std::size_t> lengths{};  ///< of the names in `fixed`, the longest first
  std::vector<const Location*> patterns{};
};

struct Server {
  const Directive* at = nullptr;
  std::vector<Listen> listens{};
  std::vector<ServerName> names{};
  std::string name{};  ///< the first as written, "" if there is none
  Locations locations{};
  std::unordered_map<std::string, const Location*> named{};

  [[nodiscard]] const Block& block() const { return *at->block; }
};

/// The servers behind one address and port.
struct Address {
  std::string address{};
  std::uint16_t port = 0;
  bool tls = false, proxy_protocol = false, both_families = false;
  std::vector<std::pair<const Server*, const Listen*>> servers{};  ///< in order of reading
  const Server* fallback = nullptr;                                ///< the default server
  std::unordered_map<std::string, const Server*> exact{}, head{}, tail{};
  std::vector<std::pair<const ServerName*, const Server*>> patterns{};
};

/// A map, geo or split_clients block.
struct Map {
  const Directive* at = nullptr;
  std::string source{};  ///< what is looked up, variables in it
  bool geo = false, split = false, hostnames = false;
  std::optional<std::string> fallback{};
  std::unordered_map<std::string, std::string> exact{};  ///< keys in lower case
  std::vector<std::pair<const Regex*, std::string>> patterns{};
  std::vector<std::pair<std::string, std::string>> ranges{};  ///< geo: "10.0.0.0/8" and its value
};

/// A server of an upstream group, or the one that a literal address makes.
struct Group {
  std::string name{};
  const Directive* at = nullptr;
  std::vector<const Directive*> servers{};
};

/// host, port and path as ngx_parse_url() takes them apart.
struct Url {
  std::string host{};  ///< as written, with brackets
  std::string port_text{};
  std::uint16_t port = 0;  ///< 0: none is written
  std::string socket{};
  std::string uri{};
};
[[nodiscard]] Url parse_url(std::string_view text);

struct Model {
  const Block* http = nullptr;
  std::vector<std::unique_ptr<Server>> servers{};
  std::vector<Address> addresses{};
  std::map<std::string, Group> groups{};
  std::unordered_map<std::string, Map> maps{};                 ///< by the variable's name
  std::unordered_map<std::string, const Directive*> set_by{};  ///< variables that `set` and its like make
  std::unordered_map<std::string, const Directive*> log_formats{};
  std::unordered_map<std::string, const Directive*> cache_zones{};
  std::vector<const Directive*> passes{};  ///< everything that sends requests on
  Patterns patterns;
};

[[nodiscard]] bool is_pass(std::string_view name);

/// Reads the model out of the tree; what nginx would refuse becomes a problem.
void read_model(const Block& main, Model& model, std::vector<Problem>& problems);
void read_maps(const Block& http, Model& model, std::vector<Problem>& problems);
void read_locations(const Block& block, Locations& into, Server& server, Model& model, std::vector<Problem>& problems);
void read_addresses(Model& model, std::vector<Problem>& problems);

/// Understands the words of directives as far as nginx refuses some of them.
void check_meaning(const Block& main, const Model& model, std::vector<Problem>& problems);

void add_problem(std::vector<Problem>& problems, bool fatal, std::string what, const ConfigPlace& place);

}  // namespace fix502::nginx
