// Which protocol, and for FastCGI which script.
#include <fmt/format.h>

#include <algorithm>

#include "base/text.hpp"
#include "gateway/gateways/apache/edits.hpp"

namespace fix502::apache {
namespace {

std::string scheme_of_protocol(Protocol protocol, bool tls) {
  switch (protocol) {
    case Protocol::fastcgi:
      return "fcgi";
    case Protocol::uwsgi:
      return "uwsgi";
    case Protocol::scgi:
      return "scgi";
    case Protocol::ajp:
      return "ajp";
    case Protocol::http2:
      return tls ? "h2" : "h2c";
    case Protocol::http1_0:
    case Protocol::http1_1:
      return tls ? "https" : "http";
    default:
      return {};
  }
}

std::string module_of(std::string_view scheme) {
  if (scheme == "fcgi" || scheme == "uwsgi" || scheme == "scgi" || scheme == "ajp")
    return "proxy_" + std::string(scheme) + "_module";
  return scheme.starts_with("h2") ? "proxy_http2_module" : "proxy_http_module";
}

/// What of the path is put behind the target's own: with ProxyPass /app/ it is "x.php" of "/app/x.php".
std::optional<std::string> rest_of_path(const Editor& editor) {
  const Alias* alias = editor.target().alias;
  const std::string& path = editor.way().asked.path;
  if (alias == nullptr || alias->pattern || !path.starts_with(alias->fake)) return std::nullopt;
  return path.substr(alias->fake.size());
}

/// "/srv/app/x.php" for the rest "x.php" is "/srv/app/".
std::optional<std::string> base_for(const Editor& editor, const std::string& script) {
  const auto rest = rest_of_path(editor);
  if (!rest) return std::nullopt;
  if (!script.ends_with(".php")) {
    // A root: as many slashes as the ProxyPass's own path has at its end.
    std::string base = script;
    while (base.ends_with('/')) base.pop_back();
    return base + (editor.target().alias->fake.ends_with('/') ? "/" : "");
  }
  if (rest->empty() || !script.ends_with(*rest)) return std::nullopt;
  return script.substr(0, script.size() - rest->size());
}

/// The root in the URL of a pattern ("fcgi://h:9000/srv/old/$1"): what the script's name was, and is, put behind.
bool change_root(Editor& editor, const Route& route, const std::string& script) {
  const auto param = std::ranges::find(route.request.params, "SCRIPT_FILENAME", &NameValue::name);
  if (param == route.request.params.end()) return false;
  std::string old = param->value;  // "proxy:fcgi://h:9000/srv/old/x.php"
  if (const auto scheme = old.find("://"); scheme != std::string::npos)
    old = old.substr(std::min(old.find('/', scheme + 3), old.size()));
  std::size_t same = 0;
  while (same < std::min(old.size(), script.size()) && old[old.size() - 1 - same] == script[script.size() - 1 - same])
    ++same;
  const auto name = old.find('/', old.size() - same);
  if (name == std::string::npos || name == 0) return false;
  const std::string before = old.substr(0, name), after = script.substr(0, script.size() - (old.size() - name));
  const Target& target = editor.target();
  const Url url = parse_url(split_socket(target.written).url);
  if (!url.valid || !url.path.starts_with(before + "/")) return false;
  return change_url(editor, 0,
                    {.scheme = {}, .address = {}, .path = after + url.path.substr(before.size()), .change_path = true});
}

std::optional<Proposal> mend_script(Editor& editor, const Route& route, const std::string& text) {
  if (text.empty()) return std::nullopt;
  const Target& target = editor.target();
  const Asked& asked = editor.way().asked;
  for (const Scope* scope : asked.sight)
    for (const Directive* set : scope->all("proxyfcgisetenvif"))
      if (set->word(1) == "SCRIPT_FILENAME") {
        if (!editor.replace_word(*set, 2, text)) return std::nullopt;
        return proposal(editor);
      }
  if (target.balancer == nullptr && target.by == Target::By::pass) {
    if (const auto base = base_for(editor, text)) {
      if (!change_url(editor, 0, {.scheme = {}, .address = {}, .path = *base, .change_path = true}))
        return std::nullopt;
      return proposal(editor);
    }
    if (text.ends_with(".php") && change_root(editor, route, text)) return proposal(editor);
  }
  std::string script_name = asked.path;
  if (!target.path_info.empty() && script_name.ends_with(target.path_info))
    script_name.resize(script_name.size() - target.path_info.size());
  std::string value = text;
  if (!text.ends_with(".php")) {
    while (value.ends_with('/')) value.pop_back();
    value += "%{reqenv:SCRIPT_NAME}";
  } else if (text.ends_with(script_name)) {
    value = text.substr(0, text.size() - script_name.size()) + "%{reqenv:SCRIPT_NAME}";
  }
  if (!editor.add_for_target({fmt::format("ProxyFCGISetEnvIf \"true\" SCRIPT_FILENAME \"{}\"", value)}))
    return std::nullopt;
  return proposal(editor);
}

}  // namespace

std::optional<Proposal> mend_protocol(Editor& editor, const Route& route, const Mending& mending) {
  if (mending.kind == MendingKind::script_file) {
    if (route.request.protocol != Protocol::fastcgi) return std::nullopt;
    return mend_script(editor, route, mending.text);
  }
  if (mending.kind == MendingKind::unchunked) {
    if (!is_http(route.request.protocol) || route.request.protocol == Protocol::http1_0) return std::nullopt;
    if (!editor.add_for_target({"SetEnv force-proxy-request-1.0 1"})) return std::nullopt;
    return proposal(editor);
  }
  const Target& target = editor.target();
  const std::string scheme = scheme_of_protocol(mending.protocol, route.tls.on);
  if (scheme.empty() || scheme == scheme_of(target) || !editor.apache().tree().has_module(module_of(scheme)))
    return std::nullopt;
  // SetHandler sends a file's path: right for FastCGI only.
  if (target.by == Target::By::handler && scheme != "fcgi") return std::nullopt;
  // A RewriteRule makes the whole path: what of it the script would be is not known.
  if (target.by == Target::By::rewrite && scheme == "fcgi") return std::nullopt;
  UrlChange change{.scheme = scheme, .address = {}, .path = {}};
  if (target.balancer != nullptr && scheme == "fcgi" && !mending.text.empty() && !mending.text.ends_with(".php")) {
    change.change_path = true;
    change.path = mending.text;
    while (change.path.ends_with('/')) change.path.pop_back();
  }
  if (target.balancer == nullptr && target.by == Target::By::pass) {
    if (scheme == "fcgi") {
      if (mending.text.empty()) return std::nullopt;
      const auto base = base_for(editor, mending.text);
      if (!base) {
        // One script for all: the application's front.
        if (!change_url(editor, mending.server, change)) return std::nullopt;
        if (!editor.add_for_target({fmt::format("ProxyFCGISetEnvIf \"true\" SCRIPT_FILENAME \"{}\"", mending.text)}))
          return std::nullopt;
        return proposal(editor);
      }
      change.change_path = true;
      change.path = *base;
    } else if (route.request.protocol == Protocol::fastcgi) {
      change.change_path = true;
      change.path = target.alias != nullptr && target.alias->fake.ends_with('/') ? "/" : "";
    }
  }
  if (!change_url(editor, mending.server, change)) return std::nullopt;
  return proposal(editor);
}

}  // namespace fix502::apache
