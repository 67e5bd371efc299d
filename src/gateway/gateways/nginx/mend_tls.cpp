#include <fmt/format.h>

#include <algorithm>

#include "base/text.hpp"
#include "gateway/gateways/nginx/editor.hpp"
#include "target/target.hpp"

namespace fix502::nginx {
namespace {

/// The pass with another scheme, to the same port as before.
bool change_scheme(Editor& editor, const Route& route, bool to_tls) {
  const auto& word = editor.pass()->arg(0);
  bool tls = false;
  const std::string rest(strip_scheme(word, tls));
  if (tls == to_tls || (word.starts_with('$') && rest.size() == word.size())) return false;
  std::string scheme;
  if (editor.family() == "proxy_") scheme = to_tls ? "https://" : "http://";
  if (editor.family() == "grpc_") scheme = to_tls ? "grpcs://" : "grpc://";
  if (editor.family() == "uwsgi_") scheme = to_tls ? "suwsgi://" : "uwsgi://";
  if (scheme.empty()) return false;
  auto url = parse_url(rest);
  std::string address = rest;
  // The other scheme's own port is another one.
  if (editor.group() == nullptr && url.socket.empty() && url.port_text.empty() && !route.servers.empty() &&
      !word.contains('$'))
    address = fmt::format("{}:{}{}", url.host, route.servers[0].port, url.uri);
  editor.replace_word(*editor.pass(), 0, scheme + address);
  return true;
}

void name_server(Editor& editor, const Route& route, const std::string& name) {
  editor.set(editor.family() + "ssl_server_name", "on");
  if (!name.empty() && name != route.tls.name) editor.set(editor.family() + "ssl_name", quote_word(name));
}

/// Two places that go to the same host and port without an upstream block share their TLS sessions, and a session
/// that one verified counts as verified for the other.
bool shares_sessions(const Editor& editor, const Model& model) {
  if (editor.group() != nullptr) return false;
  return std::ranges::any_of(model.passes, [&](const auto* other) {
    if (other == editor.pass() || other->place == editor.pass()->place) return false;
    bool one = false, two = false;
    const auto a = parse_url(strip_scheme(other->arg(0), one)), b = parse_url(strip_scheme(editor.pass()->arg(0), two));
    return one && two && a.host == b.host && a.port == b.port && a.socket == b.socket;
  });
}

bool allow_version(Editor& editor, const std::string& version) {
  constexpr std::string_view kVersions[] = {"TLSv1", "TLSv1.1", "TLSv1.2", "TLSv1.3"};
  if (std::ranges::find(kVersions, version) == std::end(kVersions)) return false;
  const auto name = editor.family() + "ssl_protocols";
  const auto builtin = editor.since("1.27.3")   ? "TLSv1.2 TLSv1.3"
                       : editor.since("1.23.4") ? "TLSv1 TLSv1.1 TLSv1.2 TLSv1.3"
                                                : "TLSv1 TLSv1.1 TLSv1.2";
  const auto applies = setting_of(editor.conf(), name, builtin).value;
  const auto now = words(applies);
  std::string all;
  for (const auto each : kVersions)
    if (each == version || std::ranges::find(now, each) != now.end())
      all += (all.empty() ? "" : " ") + std::string(each);
  editor.set(name, all);
  // OpenSSL 3 allows the old ones at no security level but the lowest.
  if (version == "TLSv1" || version == "TLSv1.1") editor.set(editor.family() + "ssl_ciphers", "DEFAULT:@SECLEVEL=0");
  return true;
}

}  // namespace

bool mend_tls(Editor& editor, const Route& route, const Mending& mending, const NginxConfiguration& all) {
  if (editor.family() == "fastcgi_" || editor.family() == "scgi_") return false;
  if (!route.tls.on && mending.kind != MendingKind::use_tls) return false;
  const auto setting = [&](std::string_view tail) { return editor.family() + std::string(tail); };
  switch (mending.kind) {
    case MendingKind::use_tls: {
      if (!change_scheme(editor, route, true)) return false;
      const bool has_name = !route.servers.empty() && route.servers[0].is_name() && editor.group() == nullptr;
      if (has_name || !mending.name.empty()) {
        editor.set(setting("ssl_server_name"), "on");
        if (!mending.name.empty() && !(has_name && mending.name == route.servers[0].host))
          editor.set(setting("ssl_name"), quote_word(mending.name));
      }
      if (mending.text.empty()) return true;
      editor.set(setting("ssl_trusted_certificate"), quote_word(mending.text));
      editor.set(setting("ssl_verify"), "on");
      return true;
    }
    case MendingKind::use_plain:
      return change_scheme(editor, route, false);
    case MendingKind::send_sni:
      name_server(editor, route, mending.name);
      return true;
    case MendingKind::verify_name:
      if (mending.name.empty()) return false;
      editor.set(setting("ssl_name"), quote_word(mending.name));
      return true;
    case MendingKind::trust_file:
      if (mending.text.empty()) return false;
      editor.set(setting("ssl_trusted_certificate"), quote_word(mending.text));
      if (shares_sessions(editor, all.model())) editor.set(setting("ssl_session_reuse"), "off");
      return true;
    case MendingKind::tls_versions:
      return allow_version(editor, mending.text);
    default:
      return false;
  }
}

}  // namespace fix502::nginx
