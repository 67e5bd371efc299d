#include "gateway/gateways/apache/servers.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>

#include "base/text.hpp"
#include "gateway/gateways/apache/builder.hpp"

namespace fix502::apache {

void Builder::walk(const Scope& scope, const Scope* section) {
  std::size_t d = 0, c = 0;
  while (d < scope.directives.size() || c < scope.children.size()) {
    const bool directive_next = c >= scope.children.size() ||
                                (d < scope.directives.size() && scope.directives[d]->order < scope.children[c]->order);
    if (directive_next) {
      take(*scope.directives[d++], section);
      continue;
    }
    const Scope& child = *scope.children[c++];
    switch (child.kind) {
      case ScopeKind::location:
        host_.locations.push_back(&child);
        break;
      case ScopeKind::directory:
        host_.directories.push_back(&child);
        break;
      case ScopeKind::files:
        host_.files.push_back(&child);
        break;
      case ScopeKind::proxy:
        host_.proxies.push_back(&child);
        proxy_section(child);
        break;
      case ScopeKind::condition:
        host_.conditions.push_back(&child);
        break;
      default:
        break;
    }
    if (child.kind != ScopeKind::host) walk(child, child.kind == ScopeKind::other ? section : &child);
  }
}

void Builder::take(const Directive& directive, const Scope* section) {
  const std::string& key = directive.key;
  if (key == "proxypass" || key == "proxypassmatch") return proxy_pass(directive, section);
  if (key == "balancermember") return balancer_member(directive, section);
  if (key == "proxyset") return proxy_set(directive, section);
  if (section != nullptr) return;
  if (key == "servername") return server_name(directive);
  if (key == "proxytimeout") timeout_ = &directive;
  if (key == "serveralias")
    for (const Word& word : directive.words) host_.other_names.push_back(lower(word.text));
}

void Builder::server_name(const Directive& directive) {
  std::string_view text = directive.word(0);
  if (const auto scheme = text.find("://"); scheme != std::string_view::npos) {
    host_.name_scheme = lower(text.substr(0, scheme));
    text.remove_prefix(scheme + 3);
  }
  const Url url = parse_url("x://" + std::string(text));
  host_.name = url.valid ? url.host : lower(text);
  host_.name_port = url.port;
}

namespace {

/// One of <VirtualHost>'s addresses.
HostAddress host_address(const Word& word) {
  HostAddress made{.address = {}, .written = word.text, .port = 0};
  std::string_view text = word.text;
  std::string_view port;
  if (text.starts_with('[')) {
    const auto close = std::min(text.find(']'), text.size());
    made.address = lower(text.substr(1, close - 1));
    if (close + 1 < text.size() && text[close + 1] == ':') port = text.substr(close + 2);
  } else {
    const auto colon = text.rfind(':');
    made.address = lower(text.substr(0, colon));
    if (colon != std::string_view::npos) port = text.substr(colon + 1);
  }
  if (made.address == "*" || made.address == "_default_" || made.address == "0.0.0.0" || made.address == "::")
    made.address.clear();
  if (!port.empty() && port != "*") std::from_chars(port.data(), port.data() + port.size(), made.port);
  return made;
}

void add_listen(const Directive& directive, std::vector<Listen>& listens, Tree& tree) {
  Listen listen{.address = {}, .protocol = std::string(directive.word(1)), .port = 0, .place = directive.place};
  std::string_view text = directive.word(0), port = text;
  if (text.starts_with('[')) {
    const auto close = std::min(text.find(']'), text.size());
    listen.address = lower(text.substr(1, close - 1));
    port = close + 2 <= text.size() ? text.substr(close + 2) : std::string_view();
  } else if (const auto colon = text.rfind(':'); colon != std::string_view::npos) {
    listen.address = lower(text.substr(0, colon));
    port = text.substr(colon + 1);
  }
  if (listen.address == "*" || listen.address == "0.0.0.0" || listen.address == "::") listen.address.clear();
  const auto [end, error] = std::from_chars(port.data(), port.data() + port.size(), listen.port);
  if (error != std::errc() || end != port.data() + port.size() || listen.port == 0)
    return tree.problem(true, "Port must be specified", directive.place);
  listens.push_back(std::move(listen));
}

}  // namespace

const Parameter* Worker::parameter(std::string_view key) const {
  const auto found = parameters.find(key);
  return found == parameters.end() ? nullptr : &found->second;
}

const Worker* VirtualHost::find_worker(std::string_view url) const {
  std::vector<const Worker*> all;
  for (const auto& worker : workers) all.push_back(worker.get());
  return longest(all, url, true, true);
}

const Balancer* VirtualHost::find_balancer(std::string_view url) const {
  if (!is_balancer(url)) return nullptr;
  const auto found =
      std::ranges::find_if(balancers, [name = balancer_name(url)](const auto& some) { return some->name == name; });
  return found == balancers.end() ? nullptr : found->get();
}

Servers build_servers(Tree& tree) {
  Servers servers;
  servers.main.scope = &tree.main;
  Builder(tree, servers.main).walk(tree.main, nullptr);
  for (const auto& child : tree.main.children) {
    if (child->kind != ScopeKind::host) continue;
    auto host = std::make_unique<VirtualHost>();
    host->scope = child.get();
    for (const Word& word : child->words) host->addresses.push_back(host_address(word));
    Builder(tree, *host).walk(*child, nullptr);
    servers.hosts.push_back(std::move(host));
  }
  for (const Directive* listen : tree.main.all("listen")) add_listen(*listen, servers.listens, tree);
  return servers;
}

}  // namespace fix502::apache
