#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "base/text.hpp"
#include "gateway/gateways/nginx/editor.hpp"
#include "gateway/gateways/nginx/values.hpp"
#include "target/target.hpp"

namespace fix502::nginx {
namespace {

/// The new address as it stands in a configuration: with the old port where it has none of its own.
std::string with_port(const std::string& text, const std::string& old_port) {
  if (text.starts_with("unix:")) return text;
  if (is_ipv6(text)) return bracketed(text) + (old_port.empty() ? "" : ":" + old_port);
  const auto url = parse_url(text);
  return url.port_text.empty() && !old_port.empty() ? text + ":" + old_port : text;
}

/// "http://127.0.0.1:8000/app/" with another address; the path stays.
std::string readdressed(const std::string& word, const std::string& text) {
  bool tls = false;
  const auto rest = strip_scheme(word, tls);
  const auto scheme = word.substr(0, word.size() - rest.size());
  const auto url = parse_url(rest);
  const auto address = with_port(text, url.port_text);
  if (address.starts_with("unix:") && !url.uri.empty()) return scheme + address + ":" + url.uri;
  return scheme + address + url.uri;
}

bool names_server(const std::string& word, const UpstreamServer& server) {
  bool tls = false;
  const auto url = parse_url(strip_scheme(word, tls));
  if (!server.socket.empty()) return url.socket == server.socket;
  return !url.host.empty() && equals_ignoring_case(url.host, bracketed(server.host)) &&
         (url.port_text.empty() || url.port == server.port);
}

/// A variable's value that is the address, where it is written down: by `set` around the pass, or in a map.
bool mend_variable(Editor& editor, const UpstreamServer& server, const std::string& text, const Model& model) {
  for (const auto& variable : variables_in(editor.pass()->arg(0))) {
    for (const Block* at = &editor.conf(); at != nullptr; at = at->parent)
      for (const auto* set : at->all_own("set"))
        if (set->arg(0) == "$" + variable && names_server(set->arg(1), server)) {
          const bool port_elsewhere = parse_url(set->arg(1)).port_text.empty() && server.socket.empty();
          const auto host = parse_url(text);
          if (port_elsewhere && !host.port_text.empty() && host.port != server.port) return false;
          editor.replace_word(*set, 1, port_elsewhere ? host.host : readdressed(set->arg(1), text));
          return true;
        }
    if (const auto map = model.maps.find(variable); map != model.maps.end())
      for (const auto& pair : map->second.at->block->children)
        if (names_server(pair->arg(0), server)) editor.replace_word(*pair, 0, readdressed(pair->arg(0), text));
    if (editor.any()) return true;
  }
  return false;
}

/// nginx's regular expression for a location's name.
std::string escaped_pattern(const std::string& name) {
  std::string pattern;
  for (const char c : name) {
    if (std::string_view("\\.^$|?*+()[]{}").contains(c)) pattern += '\\';
    pattern += c;
  }
  return pattern;
}

/// The pass with its host in a variable, so that `resolver` is asked. A path in it would drop the request's own
/// (reference: "proxy_pass URI rules"), so a rewrite does its work.
bool loosen(Editor& editor, const Directive& pass, std::string_view variable, const std::string& resolver) {
  bool tls = false;
  const auto& word = pass.arg(0);
  const auto rest = strip_scheme(word, tls);
  const auto url = parse_url(rest);
  if (pass.parent->kind != BlockKind::location && !url.uri.empty()) return false;
  const auto* location = pass.parent->opener;
  const bool prefix = location != nullptr && location->name() == "location" && !location->arg(0).starts_with('~');
  if (!url.uri.empty() && !prefix) return false;
  if (effective(*pass.parent, "resolver") == nullptr) {
    const Block* block = pass.parent->kind == BlockKind::if_location ? pass.parent->parent : pass.parent;
    const auto* near = block == pass.parent ? &pass : pass.parent->opener;
    if (block->kind == BlockKind::limit_except) return false;
    editor.insert_before(*near, "resolver " + resolver + " valid=10s;");
  }
  editor.insert_before(pass, fmt::format("set ${} {};", variable, url.host));
  if (!url.uri.empty()) {
    const auto& name = location->arg(location->args() - 1);
    editor.insert_before(pass, fmt::format("rewrite {} {} break;", quote_word("^" + escaped_pattern(name) + "(.*)$"),
                                           quote_word(url.uri + "$1")));
  }
  const auto scheme = word.substr(0, word.size() - rest.size());
  editor.replace_word(pass, 0,
                      fmt::format("{}${}{}", scheme, variable, url.port_text.empty() ? "" : ":" + url.port_text));
  return true;
}

/// Since 1.27.3 a group's server may be looked up again by itself.
bool resolve_in_group(Editor& editor, const Group& group, std::size_t which, const std::string& resolver) {
  if (!editor.since("1.27.3") || which >= group.servers.size()) return false;
  const auto& server = *group.servers[which];
  const auto& block = *group.at->block;
  editor.replace(server.place, server.words.back().end, server.words.back().end, " resolve");
  if (block.own("zone") == nullptr) editor.insert_before(*group.servers.front(), "zone " + group.at->arg(0) + " 64k;");
  if (effective(block, "resolver") == nullptr)
    editor.insert_before(*group.servers.front(), "resolver " + resolver + " valid=10s;");
  return true;
}

}  // namespace

bool mend_address(Editor& editor, const Route& route, const Mending& mending, const NginxConfiguration& all) {
  if (mending.server >= route.servers.size() || mending.text.empty()) return false;
  if (const auto* group = editor.group()) {
    if (mending.server >= group->servers.size()) return false;
    const auto& server = *group->servers[mending.server];
    editor.replace_word(server, 0, with_port(mending.text, parse_url(server.arg(0)).port_text));
    return true;
  }
  const auto& word = editor.pass()->arg(0);
  if (!word.contains('$') || names_server(word, route.servers[0])) {
    editor.replace_word(*editor.pass(), 0, readdressed(word, mending.text));
    return true;
  }
  return mend_variable(editor, route.servers[0], mending.text, all.model());
}

bool mend_names(Editor& editor, const Route& route, const Mending& mending, const NginxConfiguration& all) {
  if (mending.server >= route.servers.size() || mending.text.empty()) return false;
  const auto& server = route.servers[mending.server];
  if (!server.is_name()) return false;
  const std::string resolver = is_ipv6(mending.text) ? bracketed(mending.text) : mending.text;
  if (!server.resolved_once) {
    // It asks at every request already, or would if it knew whom.
    if (!server.resolver.empty()) return false;
    editor.insert_before(*editor.pass(), "resolver " + resolver + " valid=10s;");
    return true;
  }
  if (const auto* group = editor.group()) return resolve_in_group(editor, *group, mending.server, resolver);
  // Every literal of that name has to go: nginx takes its addresses for the variable's as well.
  std::string variable = "upstream_name";
  while (all.model().set_by.contains(variable) || all.model().maps.contains(variable)) variable += "_2";
  std::set<std::pair<std::string, std::uint64_t>> done;
  for (const auto* pass : all.model().passes) {
    bool tls = false;
    if (pass->arg(0).contains('$')) continue;
    const auto url = parse_url(strip_scheme(pass->arg(0), tls));
    const auto port = url.port == 0 ? default_port(family_of(*pass), tls) : url.port;
    if (!equals_ignoring_case(url.host, server.host) || port != server.port) continue;
    if (!done.emplace(pass->place.file, pass->place.begin).second) continue;
    if (!loosen(editor, *pass, variable, resolver)) return false;
  }
  return true;
}

}  // namespace fix502::nginx
