// TLS to upstreams. httpd compares a certificate's name with the URL's host (or the visitor's Host field), and greets
// with it.
#include <fmt/format.h>

#include <algorithm>

#include "base/text.hpp"
#include "gateway/gateways/apache/edits.hpp"
#include "target/target.hpp"

namespace fix502::apache {
namespace {

bool ssl_loaded(const Editor& editor) {
  return editor.apache().tree().has_module("ssl_module");
}

bool engine_on(Editor& editor) {
  return is_on(editor.way().asked.find("sslproxyengine"), false) || editor.set_for_upstream("SSLProxyEngine", "on");
}

/// The certificate's name must be the host that httpd compares it with: the URL's, or the visitor's Host field.
bool fit_name(Editor& editor, const std::string& name, std::string& title) {
  const Asked& asked = editor.way().asked;
  const Target& target = editor.target();
  const bool preserved = is_on(asked.find("proxypreservehost"), false);
  const std::string compared = preserved ? asked.in->host : parse_url(target.url).host;
  if (name.empty() || equals_ignoring_case(name, compared)) return true;
  if (equals_ignoring_case(name, asked.in->host) && !preserved) {
    title = fmt::format("pass the visitor's Host on: the upstream's certificate is for {}", name);
    return editor.set_here("ProxyPreserveHost", "On");
  }
  title =
      fmt::format("do not compare the certificate's name: it is for {}, and Apache knows only the URL's host", name);
  return editor.set_for_upstream("SSLProxyCheckPeerName", "off");
}

std::string scheme_with_tls(std::string_view scheme, bool tls) {
  constexpr std::pair<std::string_view, std::string_view> kPairs[] = {{"http", "https"}, {"ws", "wss"}, {"h2c", "h2"}};
  for (const auto& [plain, secure] : kPairs)
    if (scheme == (tls ? plain : secure)) return std::string(tls ? secure : plain);
  return {};
}

std::optional<Proposal> mend_versions(Editor& editor, const std::string& version) {
  const bool ancient = version == "TLSv1" || version == "TLSv1.0" || version == "TLSv1.1" || version == "SSLv3";
  const Directive* protocol = editor.way().asked.find("sslproxyprotocol");
  // Without signs each word overrides the one before it (AH02532): "all -SSLv3" is every version that OpenSSL has.
  if (protocol != nullptr && !editor.set_for_upstream("SSLProxyProtocol", "all -SSLv3")) return std::nullopt;
  // OpenSSL 3 signs with SHA-1 (TLS 1.0, 1.1) at security level 0 only.
  if (ancient && !editor.set_for_upstream("SSLProxyCipherSuite", "DEFAULT:@SECLEVEL=0")) return std::nullopt;
  if (editor.edits().empty()) return std::nullopt;
  return proposal(editor);
}

}  // namespace

std::optional<Proposal> mend_tls(Editor& editor, const Route& route, const Mending& mending) {
  if (!ssl_loaded(editor) && mending.kind != MendingKind::use_plain) return std::nullopt;
  std::string title;
  const std::string scheme = scheme_of(editor.target());
  if (!route.tls.on && mending.kind != MendingKind::use_tls) return std::nullopt;
  switch (mending.kind) {
    case MendingKind::use_tls: {
      const std::string secure = scheme_with_tls(scheme, true);
      if (secure.empty() || !change_url(editor, mending.server, {.scheme = secure, .address = {}, .path = {}}))
        return std::nullopt;
      if (!engine_on(editor)) return std::nullopt;
      if (!mending.text.empty() && !editor.set_for_upstream("SSLProxyCACertificateFile", as_word(mending.text)))
        return std::nullopt;
      if (!fit_name(editor, mending.name, title)) return std::nullopt;
      return proposal(editor);
    }
    case MendingKind::use_plain: {
      const std::string plain = scheme_with_tls(scheme, false);
      if (plain.empty() || !change_url(editor, mending.server, {.scheme = plain, .address = {}, .path = {}}))
        return std::nullopt;
      return proposal(editor);
    }
    case MendingKind::send_sni: {
      const std::string name = mending.name.empty() ? route.incoming.host : mending.name;
      if (!is_ipv4(name) && !is_ipv6(name) && equals_ignoring_case(name, route.incoming.host) &&
          !is_on(editor.way().asked.find("proxypreservehost"), false)) {
        if (!editor.set_here("ProxyPreserveHost", "On")) return std::nullopt;
        return proposal(editor, "pass the visitor's Host on: Apache greets with it");
      }
      if (is_ipv4(name) || is_ipv6(name) || equals_ignoring_case(name, route.tls.sni)) return std::nullopt;
      const Worker* worker = worker_of(editor.target(), mending.server);
      const std::uint16_t port = worker != nullptr ? worker->port : parse_url(editor.target().url).real_port();
      if (!change_url(editor, mending.server, {.scheme = {}, .address = fmt::format("{}:{}", name, port), .path = {}}))
        return std::nullopt;
      return proposal(
          editor,
          fmt::format("name the upstream by {}: Apache greets with the URL's host (the name must lead there)", name));
    }
    case MendingKind::verify_name:
      if (!fit_name(editor, mending.name, title) || editor.edits().empty()) return std::nullopt;
      return proposal(editor, title);
    case MendingKind::trust_file:
      if (mending.text.empty() || !editor.set_for_upstream("SSLProxyCACertificateFile", as_word(mending.text)))
        return std::nullopt;
      return proposal(editor);
    case MendingKind::tls_versions:
      return mend_versions(editor, mending.text);
    default:
      return std::nullopt;
  }
}

}  // namespace fix502::apache
