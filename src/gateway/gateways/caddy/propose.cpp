// What Caddy can be told to do otherwise, in the words of the Caddyfile.

#include <fmt/format.h>

#include <algorithm>

#include "gateway/gateways/caddy/editor.hpp"

namespace fix502::caddy {
namespace {

std::string duration(std::int64_t ms) {
  return ms % 1000 == 0 ? fmt::format("{}s", ms / 1000) : fmt::format("{}ms", ms);
}

/// "https://" and its kin before an upstream.
std::string scheme_of(std::string_view upstream) {
  const auto end = upstream.find("://");
  return end == std::string_view::npos ? std::string() : std::string(upstream.substr(0, end + 3));
}

std::string without_scheme(const Token& upstream) {
  return upstream.text.substr(scheme_of(upstream.text).size());
}

std::optional<Proposal> limit(const Editor& editor, const Route& route, const Mending& mending, bool fastcgi) {
  switch (mending.limit) {
    case LimitKind::read_timeout: {
      const Limit* now = route.limit(LimitKind::read_timeout);  // which of the two is the shorter
      return editor.transport(fastcgi ? "fastcgi" : "http", now != nullptr ? now->from.directive : "read_timeout",
                              duration(mending.amount));
    }
    case LimitKind::connect_timeout:
      return editor.transport(fastcgi ? "fastcgi" : "http", "dial_timeout", duration(mending.amount));
    case LimitKind::response_header:
      return fastcgi ? std::nullopt : editor.transport("http", "max_response_header", std::to_string(mending.amount));
    case LimitKind::request_header:
      return editor.of_servers("max_header_size", std::to_string(mending.amount));
    default:
      return std::nullopt;
  }
}

std::optional<Proposal> use_tls(const Editor& editor, const Token& upstream, const Mending& mending) {
  Proposal proposal = Editor::replace(upstream, "https://" + without_scheme(upstream));
  const auto trust = mending.text.empty() ? editor.transport("http", "tls_insecure_skip_verify", {})
                                          : editor.transport("http", "tls_trusted_ca_certs", mending.text);
  if (!trust) return std::nullopt;
  proposal.edits.push_back(trust->edits.front());
  return proposal;
}

/// Lines of a transport that are about TLS turn it on, whatever the upstream's scheme says.
std::optional<Proposal> use_plain(const Editor& editor, const Token& upstream) {
  Proposal proposal{.title = {}, .edits = editor.without("tls")};
  if (upstream.text.starts_with("https://"))
    proposal.edits.push_back(Editor::replace(upstream, without_scheme(upstream)).edits.front());
  return proposal.edits.empty() ? std::nullopt : std::optional(std::move(proposal));
}

std::optional<Proposal> speak(const Editor& editor, const Node& node, const Token& upstream, const Mending& mending) {
  const std::string scheme = scheme_of(upstream.text);
  const bool proxies = node.word(0) == "reverse_proxy";
  switch (mending.protocol) {
    case Protocol::http2:
      if (!proxies || !scheme.empty()) return std::nullopt;
      return Editor::replace(upstream, "h2c://" + upstream.text);
    case Protocol::http1_0:
    case Protocol::http1_1:
      if (proxies && scheme == "h2c://") return Editor::replace(upstream, "http://" + without_scheme(upstream));
      if (!proxies && !node.has_block) return Editor::replace(node.words.front(), "reverse_proxy");
      if (const Node* transport = node.child("transport"); transport != nullptr && transport->child("versions"))
        return editor.transport("http", "versions", "1.1");
      return std::nullopt;
    case Protocol::fastcgi:
      // With its own block it would have two transports, or lines that php_fastcgi does not know.
      if (!proxies || node.has_block || !scheme.empty()) return std::nullopt;
      return Editor::replace(node.words.front(), "php_fastcgi");
    default:
      return std::nullopt;
  }
}

/// The root that makes the script's name right: what is before the name that the request has.
std::optional<Proposal> name_script(const Editor& editor, const Route& route, const std::string& script) {
  const auto name = std::ranges::find(route.request.params, "SCRIPT_NAME", &NameValue::name);
  if (name == route.request.params.end() || name->value.empty() || !script.ends_with(name->value)) return std::nullopt;
  const std::string root = script.substr(0, script.size() - name->value.size());
  if (root.empty()) return std::nullopt;
  if (auto there = editor.nearest("root", root)) return there;
  return editor.transport("fastcgi", "root", root);
}

std::optional<Proposal> of_upstream(const Editor& editor, const Node& node, const Token& upstream,
                                    const Mending& mending) {
  switch (mending.kind) {
    case MendingKind::use_tls:
      return use_tls(editor, upstream, mending);
    case MendingKind::use_plain:
      return use_plain(editor, upstream);
    case MendingKind::speak:
      return speak(editor, node, upstream, mending);
    default:
      if (mending.text.empty()) return std::nullopt;
      return Editor::replace(upstream, scheme_of(upstream.text) + as_upstream(mending.text));
  }
}

}  // namespace

std::optional<Proposal> Caddy::propose(const Route& route, const Mending& mending) const {
  if (is_json) return propose_json(route, mending);
  const Node* node = node_at(route.place);
  if (node == nullptr) return std::nullopt;
  const Editor editor(*this, *node);
  const auto tokens = upstream_tokens(*node);
  const Token* upstream = mending.server < tokens.size() ? tokens[mending.server] : nullptr;
  switch (mending.kind) {
    case MendingKind::set_address:
    case MendingKind::ipv4_only:
    case MendingKind::loop_out:
    case MendingKind::use_tls:
    case MendingKind::use_plain:
    case MendingKind::speak:
      return upstream == nullptr ? std::nullopt : of_upstream(editor, *node, *upstream, mending);
    case MendingKind::set_limit:
      return limit(editor, route, mending, route.request.protocol == Protocol::fastcgi);
    case MendingKind::send_sni:
    case MendingKind::verify_name:
      return editor.transport("http", "tls_server_name", mending.name);
    case MendingKind::trust_file:
      return editor.transport("http", "tls_trusted_ca_certs", mending.text);
    case MendingKind::script_file:
      return name_script(editor, route, mending.text);
    case MendingKind::keep_shorter:
      return editor.transport("http", "keepalive", duration(mending.amount));
    case MendingKind::no_pool:
      return editor.transport("http", "keepalive", "off");
    case MendingKind::check_path:
      return editor.line("health_uri", mending.text);
    default:
      return std::nullopt;
  }
}

}  // namespace fix502::caddy
