#include "gateway/gateways/nginx/model.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "base/text.hpp"
#include "gateway/gateways/nginx/values.hpp"

namespace fix502::nginx {
namespace {

constexpr std::string_view kPasses[] = {"proxy_pass", "fastcgi_pass", "uwsgi_pass", "scgi_pass", "grpc_pass"};
/// Directives that make a variable, and which word names it.
constexpr std::pair<std::string_view, std::size_t> kSetters[] = {{"set", 0},
                                                                 {"auth_request_set", 0},
                                                                 {"perl_set", 0},
                                                                 {"js_set", 0},
                                                                 {"set_by_lua_block", 0},
                                                                 {"set_by_lua", 0},
                                                                 {"set_by_lua_file", 0},
                                                                 {"js_var", 0},
                                                                 {"secure_link", 99},
                                                                 {"geoip2", 99},
                                                                 {"limit_conn_status", 99},
                                                                 {"userid", 99},
                                                                 {"keyval", 1},
                                                                 {"auth_jwt_claim_set", 0}};

void collect(const Block& block, Model& model) {
  for (const auto& child : block.children) {
    if (is_pass(child->name())) model.passes.push_back(child.get());
    for (const auto& [setter, word] : kSetters)
      if (child->name() == setter && child->arg(word).starts_with('$'))
        model.set_by.try_emplace(child->arg(word).substr(1), child.get());
    if (child->name().ends_with("_cache_path"))
      for (std::size_t i = 1; i < child->args(); ++i)
        if (const auto& word = child->arg(i); word.starts_with("keys_zone="))
          model.cache_zones.try_emplace(word.substr(10, word.find(':') - 10), child.get());
    if (child->block && child->block->kind != BlockKind::pairs && child->block->kind != BlockKind::foreign)
      collect(*child->block, model);
  }
}

void read_group(const Directive& at, Model& model, std::vector<Problem>& problems) {
  Group group{.name = lower(at.arg(0)), .at = &at, .servers = at.block->all_own("server")};
  if (group.servers.empty()) add_problem(problems, true, "no servers are inside upstream", at.place);
  for (const auto* server : group.servers)
    for (std::size_t i = 1; i < server->args(); ++i) {
      const auto& word = server->arg(i);
      const auto name = word.substr(0, word.find('='));
      if (name != "weight" && name != "max_conns" && name != "max_fails" && name != "fail_timeout" &&
          word != "backup" && word != "down" && word != "resolve" && name != "service" && name != "route" &&
          name != "slow_start" && word != "drain" && name != "id")
        add_problem(problems, true, fmt::format("invalid parameter \"{}\"", printable(word, 100)), server->place);
    }
  if (!model.groups.emplace(group.name, group).second)
    add_problem(problems, true, fmt::format("duplicate upstream \"{}\"", printable(at.arg(0), 100)), at.place);
}

ServerName read_name(const std::string& word, const Directive& at, Model& model, std::vector<Problem>& problems) {
  ServerName name{.text = lower(word)};
  if (!word.starts_with('~')) return name;
  name.text = word.substr(1);
  std::string error;
  const bool any_case = std::ranges::any_of(name.text, [](char c) { return c >= 'A' && c <= 'Z'; });
  name.pattern = model.patterns.compile(name.text, any_case, &error);
  if (name.pattern == nullptr)
    add_problem(problems, true, fmt::format("pcre2_compile() failed: {} in \"{}\"", error, printable(name.text, 100)),
                at.place);
  return name;
}

void read_server(const Directive& at, Model& model, std::vector<Problem>& problems) {
  auto server = std::make_unique<Server>();
  server->at = &at;
  for (const auto* names : at.block->all_own("server_name"))
    for (std::size_t i = 0; i < names->args(); ++i)
      server->names.push_back(read_name(names->arg(i), *names, model, problems));
  if (const auto* first = at.block->own("server_name")) server->name = first->arg(0);
  read_locations(*at.block, server->locations, *server, model, problems);
  model.servers.push_back(std::move(server));
}

/// The regular expressions of rewrites and conditions: compiled here, so that a request finds them.
void read_patterns(const Block& block, Model& model, std::vector<Problem>& problems) {
  for (const auto& child : block.children) {
    std::string pattern, error;
    bool any_case = false;
    if (child->name() == "rewrite") {
      pattern = child->arg(0);
    } else if (child->name() == "if" || child->name().ends_with("_split_path_info")) {
      if (child->name() != "if") {
        pattern = child->arg(0);
      } else if (child->args() >= 3 && child->arg(1).find('~') != std::string::npos) {
        pattern = child->arg(2);
        if (child->args() == 3 && pattern.ends_with(')')) pattern.pop_back();
        any_case = child->arg(1).ends_with('*');
      }
    }
    if (!pattern.empty() && model.patterns.compile(pattern, any_case, &error) == nullptr)
      add_problem(problems, true, fmt::format("pcre2_compile() failed: {} in \"{}\"", error, printable(pattern, 100)),
                  child->place);
    if (child->block && child->block->kind != BlockKind::foreign && child->block->kind != BlockKind::pairs)
      read_patterns(*child->block, model, problems);
  }
}

}  // namespace

void add_problem(std::vector<Problem>& problems, bool fatal, std::string what, const ConfigPlace& place) {
  if (problems.size() < kMostProblems) problems.push_back({fatal, std::move(what), place});
}

bool is_pass(std::string_view name) {
  return std::ranges::find(kPasses, name) != std::end(kPasses);
}

const Regex* Patterns::compile(const std::string& pattern, bool ignore_case, std::string* error) {
  auto [at, fresh] = known_.try_emplace((ignore_case ? "*" : "~") + pattern);
  if (!fresh) return at->second.get();
  auto compiled = Regex::compile(pattern, ignore_case);
  if (!compiled) {
    if (error != nullptr) *error = compiled.error().what;
    return nullptr;
  }
  for (const auto& [name, number] : compiled->names()) names_.insert(name);
  at->second = std::make_unique<Regex>(std::move(*compiled));
  return at->second.get();
}

const Regex* Patterns::find(const std::string& pattern, bool ignore_case) const {
  const auto found = known_.find((ignore_case ? "*" : "~") + pattern);
  return found == known_.end() ? nullptr : found->second.get();
}

Url parse_url(std::string_view text) {
  Url url;
  if (text.starts_with("unix:")) {
    text.remove_prefix(5);
    const auto colon = text.find(':');
    url.socket = text.substr(0, colon);
    if (colon != std::string_view::npos) url.uri = text.substr(colon + 1);
    return url;
  }
  const auto end = std::min(text.find_first_of("/?#"), text.size());
  url.uri = text.substr(end);
  if (url.uri.starts_with('?')) url.uri.insert(0, "/");
  auto host = text.substr(0, end);
  const auto bracket = host.starts_with('[') ? host.find(']') : 0;
  if (const auto colon = host.find(':', bracket == std::string_view::npos ? 0 : bracket);
      colon != std::string_view::npos) {
    url.port_text = host.substr(colon + 1);
    const auto port = parse_count(url.port_text);
    url.port = port && *port <= 65535 ? static_cast<std::uint16_t>(*port) : 0;
    host = host.substr(0, colon);
  }
  url.host = host;
  return url;
}

void read_model(const Block& main, Model& model, std::vector<Problem>& problems) {
  const auto* http = main.own("http");
  if (http == nullptr || !http->block) {
    add_problem(problems, false, "no http block", {});
    return;
  }
  model.http = http->block.get();
  for (const auto* kind : {"stream", "mail"})
    if (const auto* block = main.own(kind))
      add_problem(problems, false, fmt::format("{} is not looked at: it does not carry HTTP", kind), block->place);
  for (const auto* format : model.http->all_own("log_format")) model.log_formats.try_emplace(format->arg(0), format);
  for (const auto* group : model.http->all_own("upstream"))
    if (group->block) read_group(*group, model, problems);
  collect(*model.http, model);
  read_maps(*model.http, model, problems);
  for (const auto* server : model.http->all_own("server"))
    if (server->block) read_server(*server, model, problems);
  read_patterns(*model.http, model, problems);
  read_addresses(model, problems);
}

}  // namespace fix502::nginx
