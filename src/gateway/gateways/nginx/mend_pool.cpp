#include <fmt/format.h>

#include <algorithm>

#include "base/text.hpp"
#include "gateway/gateways/nginx/editor.hpp"
#include "gateway/gateways/nginx/values.hpp"

namespace fix502::nginx {
namespace {

/// What a request needs so that its connection is kept: HTTP/1.1 without "Connection: close", or FastCGI's flag.
void keep_connections(Editor& editor, const Route& route) {
  if (editor.family() == "fastcgi_") editor.set("fastcgi_keep_conn", "on");
  if (editor.family() != "proxy_" || route.request.keeps_connection) return;
  if (route.request.protocol == Protocol::http1_0) editor.set("proxy_http_version", "1.1");
  const bool closes = std::ranges::any_of(
      route.request.headers, [](const auto& field) { return equals_ignoring_case(field.name, "Connection"); });
  if (closes) editor.set_header("Connection", "");
}

/// A literal address has no pool: it becomes a group, and Host stays what it was.
bool make_group(Editor& editor, const Route& route, std::int64_t amount, const NginxConfiguration& all) {
  const auto& word = editor.pass()->arg(0);
  if (word.contains('$') || route.servers.size() != 1 || editor.server() == nullptr) return false;
  bool tls = false;
  const auto rest = strip_scheme(word, tls);
  const auto url = parse_url(rest);
  std::string name = "backend";
  for (int i = 2; all.model().groups.contains(name); ++i) name = fmt::format("backend_{}", i);
  editor.insert_before(*editor.server()->opener, fmt::format("upstream {} {{ server {}; keepalive {}; }}", name,
                                                             route.servers[0].endpoint(), amount));
  const auto scheme = word.substr(0, word.size() - rest.size());
  editor.replace_word(*editor.pass(), 0, scheme + name + (editor.family() == "proxy_" ? url.uri : ""));
  const auto host = std::ranges::find_if(route.request.headers,
                                         [](const auto& field) { return equals_ignoring_case(field.name, "Host"); });
  const auto set = effective_all(editor.conf(), editor.family() + "set_header");
  const bool named = std::ranges::any_of(set, [](const auto* at) { return equals_ignoring_case(at->arg(0), "Host"); });
  // The name to verify would otherwise become the group's.
  if (route.tls.on && effective(editor.conf(), editor.family() + "ssl_name") == nullptr)
    editor.set(editor.family() + "ssl_name", quote_word(route.tls.name));
  if (editor.family() == "proxy_" && !named && host != route.request.headers.end())
    editor.set_header("Host", host->value);
  return true;
}

}  // namespace

bool mend_pool(Editor& editor, const Route& route, const Mending& mending, const NginxConfiguration& all) {
  if (editor.family() == "uwsgi_" || editor.family() == "scgi_") return false;
  const auto* group = editor.group();
  if (mending.kind == MendingKind::use_pool) {
    const auto amount = mending.amount > 0 ? mending.amount : 16;
    if (group != nullptr)
      editor.set_in(*group->at->block, "keepalive", fmt::format("{}", amount));
    else if (!make_group(editor, route, amount, all))
      return false;
    keep_connections(editor, route);
    return true;
  }
  if (group == nullptr) return false;
  const auto& block = *group->at->block;
  const auto* keepalive = block.own("keepalive");
  if (mending.kind == MendingKind::keep_shorter) {
    if (mending.amount <= 0 || !at_least(all.version, "1.15.3")) return false;
    const auto* now = block.own("keepalive_timeout");
    editor.set_in(block, "keepalive_timeout", time_text(mending.amount, now == nullptr ? "1s" : now->arg(0)),
                  keepalive);
    return true;
  }
  // Since 1.29.7 there is a pool where nothing is said.
  if (editor.since("1.29.7"))
    editor.set_in(block, "keepalive", "0", keepalive);
  else if (keepalive != nullptr)
    editor.remove(*keepalive);
  return true;
}

}  // namespace fix502::nginx
