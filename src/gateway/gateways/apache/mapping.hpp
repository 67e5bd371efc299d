#pragma once

// Where httpd sends a request: RewriteRule [P], ProxyPass, SetHandler "proxy:...", in the order in which the modules
// are asked (hooks of httpd modules/mappers/mod_rewrite.c, modules/proxy/mod_proxy.c, modules/mappers/mod_alias.c).

#include <optional>
#include <string>
#include <vector>

#include "gateway/gateways/apache/asked.hpp"

namespace fix502::apache {

struct Target {
  enum class By { pass, rewrite, handler } by = By::pass;
  std::string written;  ///< the URL that the directive names
  std::string url;      ///< canonical: "http://127.0.0.1:8000/cart?id=1"
  std::string socket;
  const Directive* from = nullptr;
  std::size_t word = 0;  ///< of `from`: where the URL stands
  const Alias* alias = nullptr;
  const Worker* worker = nullptr;  ///< null: httpd's own for everything else, which keeps no connection
  const Balancer* balancer = nullptr;
  std::vector<const Worker*> members;
  std::string location;  ///< "ProxyPass /cart"
  std::string path_info;
};

struct Mapping {
  std::optional<Target> target;
  std::string answer;  ///< what httpd does itself
  std::vector<ConfigPlace> way;
};

[[nodiscard]] Mapping map_request(Asked& asked);

struct Rewritten {
  enum class Kind { nothing, path, again, proxied, answered } kind = Kind::nothing;
  std::string url;     ///< path or URL, its query already in Asked::args
  std::string answer;  ///< "302 https://..."
  const Directive* rule = nullptr;
  bool unescaped = false;  ///< [NE]
  std::string handler;     ///< [H=...]
  std::vector<ConfigPlace> way;
};
/// The rules of a server.
[[nodiscard]] Rewritten rewrite_in_server(Asked& asked);
/// Those of the section that counts for this file.
[[nodiscard]] Rewritten rewrite_in_directory(Asked& asked);

/// ap_pregsub: "$1" and "&".
[[nodiscard]] std::string put_groups(std::string_view text, const std::vector<std::string>& groups);
/// ap_proxy_canonenc, of a path.
[[nodiscard]] std::string encode_path(std::string_view path, bool keep_encoded_slashes);

}  // namespace fix502::apache
