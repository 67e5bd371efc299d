#pragma once

// One request as httpd sees it: its server, its path decoded, the sections that apply to it, and what is known of
// variables before anybody has sent it.

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "gateway/gateways/apache/servers.hpp"

namespace fix502::apache {

enum class Truth { no, yes, unknown };
[[nodiscard]] Truth operator!(Truth truth);
/// A switch: "On" or "Off", `otherwise` where there is none.
[[nodiscard]] bool is_on(const Directive* directive, bool otherwise);

/// Environment variables in the order in which they came: FastCGI gets them so.
class Environment {
 public:
  [[nodiscard]] const std::string* find(std::string_view name) const;
  [[nodiscard]] bool contains(std::string_view name) const { return find(name) != nullptr; }
  void set(std::string_view name, std::string value);
  void erase(std::string_view name);
  [[nodiscard]] const std::vector<NameValue>& all() const { return variables_; }

 private:
  std::vector<NameValue> variables_;
};

struct Asked {
  const Incoming* in = nullptr;
  const Servers* servers = nullptr;
  const VirtualHost* host = nullptr;
  const VirtualHost* first_host = nullptr;  ///< the address's default one: its limits count until the name is known
  std::string raw_path;                     ///< as sent, no query
  std::string path;                         ///< r->uri: decoded, normalised, or as rewritten
  std::string args;
  bool has_args = false;
  std::string host_header;
  Environment env;
  std::vector<std::string> early_env;  ///< names that were set before the request was mapped
  std::vector<const Scope*> sight;     ///< scopes in the order in which httpd merges them
  std::vector<std::string> notes;
  std::string filename;                        ///< once it is mapped to a file
  std::optional<std::string> redirected_from;  ///< an internal redirect led here: the path before it
  std::string redirected_args;

  void note(std::string text);
  [[nodiscard]] const std::string* header(std::string_view name) const;
  /// Nothing where only the running server knows it.
  [[nodiscard]] std::optional<std::string> variable(std::string_view name);
  /// The directive that counts: the last one of the last scope that has it.
  [[nodiscard]] const Directive* find(std::string_view key) const;
  /// The same for what only servers have: the virtual host's, else the main one's.
  [[nodiscard]] const Directive* find_in_server(std::string_view key) const;
  [[nodiscard]] Source source_of(const Directive* directive) const;
  [[nodiscard]] std::string server_name() const;
};

/// The virtual host for a request (vhost.c); null: nobody listens there.
struct HostChoice {
  const VirtualHost* host = nullptr;
  const VirtualHost* first = nullptr;
  const Listen* listen = nullptr;
  std::string note;
};
[[nodiscard]] HostChoice choose_host(const Servers& servers, const Incoming& incoming);
[[nodiscard]] bool answers_to(const VirtualHost& host, std::string_view name);

/// Decoded, without "//", "." and ".."; nothing where httpd refuses it (400, 404).
struct Decoded {
  std::string path;
  std::string refused;  ///< "404: %2F in the path (AllowEncodedSlashes Off)"
};
[[nodiscard]] Decoded decode_path(std::string_view raw, bool merge_slashes, std::string_view encoded_slashes);

[[nodiscard]] Asked ask(const Servers& servers, const HostChoice& choice, const Incoming& incoming);
/// Rebuilds `sight`: the server's own scopes, those of the file (where it is mapped to one), those of the URL.
void look_around(Asked& asked, std::string_view proxied_url);
/// SetEnvIf, BrowserMatch: before the request is mapped.
void set_early_environment(Asked& asked);
/// SetEnv, PassEnv, UnsetEnv.
void set_environment(Asked& asked);
[[nodiscard]] bool location_matches(const Scope& location, std::string_view path);

/// ap_expr, as far as it can be known.
[[nodiscard]] Truth expression_holds(Asked& asked, std::string_view text);
/// A string of ap_expr with %{...} put in; nothing where it is not known.
[[nodiscard]] std::optional<std::string> expression_text(Asked& asked, std::string_view text);

}  // namespace fix502::apache
