// Which directive of the Caddyfile became a handler of the JSON: the adapter does not say.

#include <fmt/format.h>

#include <algorithm>

#include "gateway/gateways/caddy/configuration.hpp"

namespace fix502::caddy {
namespace {

void search(const std::vector<Node>& nodes, const std::vector<std::string>& dials, const Node*& found) {
  for (const auto& node : nodes) {
    if (found == nullptr && (node.word(0) == "reverse_proxy" || node.word(0) == "php_fastcgi")) {
      std::vector<std::string> own;
      for (const Token* token : upstream_tokens(node)) own.push_back(dial_of(token->text));
      if (own == dials) found = &node;
    }
    search(node.children, dials, found);
  }
}

void search_place(const std::vector<Node>& nodes, const ConfigPlace& place, const Node*& found) {
  for (const auto& node : nodes) {
    if (node.place() == place) found = &node;
    search_place(node.children, place, found);
  }
}

/// The blocks round a directive, the outermost first; true where it is in there.
bool find_way(const std::vector<Node>& nodes, const Node& wanted, std::vector<const Node*>& way) {
  for (const auto& node : nodes) {
    if (&node == &wanted) return true;
    way.push_back(&node);
    if (find_way(node.children, wanted, way)) return true;
    way.pop_back();
  }
  return false;
}

}  // namespace

std::vector<const Token*> upstream_tokens(const Node& node) {
  std::vector<const Token*> tokens;
  const auto take = [&](const Node& from) {
    for (std::size_t i = 1; i < from.words.size(); ++i) {
      const std::string& text = from.words[i].text;
      const bool matcher = i == 1 && from.word(0) != "to" &&
                           (text.starts_with('@') || text == "*" || (text.starts_with('/') && !text.starts_with("//")));
      if (!matcher) tokens.push_back(&from.words[i]);
    }
  };
  take(node);
  if (const Node* to = node.child("to")) take(*to);
  return tokens;
}

std::string dial_of(std::string_view upstream) {
  std::string_view port = "80";
  for (const std::string_view scheme : {"http://", "https://", "h2c://"}) {
    if (!upstream.starts_with(scheme)) continue;
    upstream.remove_prefix(scheme.size());
    if (scheme == "https://") port = "443";
  }
  if (upstream.starts_with("unix/") || upstream.contains("]:")) return std::string(upstream);
  return upstream.contains(':') ? std::string(upstream) : fmt::format("{}:{}", upstream, port);
}

std::string as_upstream(const std::string& endpoint) {
  return endpoint.starts_with("unix:") ? "unix/" + endpoint.substr(5) : endpoint;
}

const Node* Caddy::node_of(const Json& handler, std::string_view host) const {
  std::vector<std::string> dials;
  if (at(handler, "upstreams").is_array())
    for (const auto& upstream : at(handler, "upstreams")) dials.push_back(text_of(at(upstream, "dial")));
  const Node* found = nullptr;
  // The site of that host first: the same upstream may stand in several.
  for (const auto& site : nodes)
    if (std::ranges::any_of(site.words, [&](const Token& word) { return !host.empty() && word.text.contains(host); }))
      search(site.children, dials, found);
  if (found == nullptr) search(nodes, dials, found);
  return found;
}

ConfigPlace Caddy::place_of(const Json& value) const {
  if (const auto found = places.find(&value); found != places.end())
    return {.file = main_file, .line = found->second.line, .begin = found->second.begin, .end = found->second.end};
  if (!running_from.empty()) return {.file = running_from + json_path(root, value)};
  return {.file = main_file, .line = 1};
}

const Node* Caddy::node_at(const ConfigPlace& place) const {
  const Node* found = nullptr;
  if (place.known()) search_place(nodes, place, found);
  return found;
}

const Node* Caddy::line_of(const Node* directive, bool of_server, std::string_view block, std::string_view name) const {
  if (!of_server) {
    if (directive == nullptr) return nullptr;
    const Node* transport = directive->child("transport");
    const Node* line = transport != nullptr ? transport->child(name) : nullptr;
    return line != nullptr ? line : directive->child(name);
  }
  for (const auto& options : nodes) {
    if (!options.words.empty()) continue;
    for (const auto& servers : options.children) {
      if (servers.word(0) != "servers") continue;
      const Node* inside = block.empty() ? &servers : servers.child(block);
      if (const Node* line = inside != nullptr ? inside->child(name) : nullptr) return line;
    }
  }
  return nullptr;
}

const Node* Caddy::beside(const Node& directive, std::string_view name) const {
  std::vector<const Node*> way;
  if (!find_way(nodes, directive, way)) return nullptr;
  for (auto block = way.rbegin(); block != way.rend(); ++block)
    if (const Node* found = (*block)->child(name)) return found;
  return nullptr;
}

}  // namespace fix502::caddy
