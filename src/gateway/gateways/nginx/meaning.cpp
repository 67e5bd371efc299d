// What only shows when a directive's words are understood: variables that nobody makes, paths where none may be,
// buffers that do not fit together. In nginx's words, as its own check says them.

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "base/text.hpp"
#include "gateway/gateways/nginx/check.hpp"
#include "gateway/gateways/nginx/destination.hpp"
#include "gateway/gateways/nginx/journey.hpp"
#include "gateway/gateways/nginx/values.hpp"

namespace fix502::nginx {
namespace {

/// Directives whose words are values with variables, and the first of these words.
constexpr std::pair<std::string_view, std::size_t> kValues[] = {
    {"proxy_pass", 0},      {"fastcgi_pass", 0}, {"uwsgi_pass", 0},
    {"scgi_pass", 0},       {"grpc_pass", 0},    {"proxy_set_header", 1},
    {"fastcgi_param", 1},   {"uwsgi_param", 1},  {"scgi_param", 1},
    {"grpc_set_header", 1}, {"set", 1},          {"return", 0},
    {"rewrite", 1},         {"add_header", 1},   {"root", 0},
    {"alias", 0},           {"try_files", 0},    {"proxy_cache_key", 0},
    {"proxy_ssl_name", 0},  {"log_format", 1}};
constexpr std::string_view kFamilies[] = {"proxy_", "fastcgi_", "uwsgi_", "scgi_"};
constexpr std::string_view kTimeNames[] = {"_connect_timeout", "_send_timeout", "_read_timeout"};
constexpr std::string_view kSizeNames[] = {"_buffer_size", "_busy_buffers_size", "client_max_body_size"};

bool ends_with_any(std::string_view name, auto& endings) {
  return std::ranges::any_of(endings, [&](auto ending) { return name.ends_with(ending); });
}

class Meaning {
 public:
  Meaning(const Model& model, bool modules, std::vector<Problem>& problems)
      : model_(model), modules_(modules), problems_(problems) {}

  void block(const Block& block) {
    for (const auto& child : block.children) {
      directive(*child);
      if (child->block && child->block->kind != BlockKind::pairs && child->block->kind != BlockKind::foreign)
        this->block(*child->block);
    }
    for (const auto family : kFamilies) buffers(block, std::string(family));
  }

 private:
  void add(std::string what, const Directive& at) { add_problem(problems_, true, std::move(what), at.place); }

  bool is_known(const std::string& name) const {
    if (name.size() == 1 && name[0] >= '1' && name[0] <= '9') return true;
    return is_builtin(name) || model_.maps.contains(name) || model_.set_by.contains(name) ||
           model_.patterns.names(name) || name.starts_with("lua_") || modules_;
  }

  void directive(const Directive& at) {
    const auto& name = at.name();
    if (const auto row =
            std::ranges::find(kValues, std::string_view(name), &std::pair<std::string_view, std::size_t>::first);
        row != std::end(kValues))
      for (std::size_t i = row->second; i < at.args(); ++i)
        for (const auto& variable : variables_in(at.arg(i)))
          if (!is_known(variable)) add(fmt::format("unknown \"{}\" variable", printable(variable, 100)), at);
    if (name == "if")
      for (const auto& variable : variables_in(at.arg(0)))
        if (!is_known(variable)) add(fmt::format("unknown \"{}\" variable", printable(variable, 100)), at);
    const bool time = ends_with_any(name, kTimeNames) && find_rule(name) != nullptr;
    const bool size = ends_with_any(name, kSizeNames) && find_rule(name) != nullptr;
    if (at.args() == 1 && ((time && !parse_time(at.arg(0))) || (size && !parse_size(at.arg(0)))))
      add(fmt::format("\"{}\" directive invalid value", printable(name, 60)), at);
    if (is_pass(name) && at.args() == 1) pass(at);
    if (const auto what = fault_of(at); !what.empty()) add(what, at);
  }

  /// The few words that a directive takes, where there are few.
  std::string fault_of(const Directive& at) const {
    const auto& name = at.name();
    const auto first = printable(at.arg(0), 100), last = printable(at.arg(at.args() == 0 ? 0 : at.args() - 1), 100);
    if (name == "rewrite" && at.args() == 3 && !is_one_of(last, {"last", "break", "redirect", "permanent"}))
      return fmt::format("invalid parameter \"{}\"", last);
    if (name == "return" && at.args() > 0 && !parse_count(first) && !first.starts_with("http") &&
        !first.starts_with("$scheme"))
      return fmt::format("invalid return code \"{}\"", first);
    if (name == "set" && at.args() == 2 && !first.starts_with('$'))
      return fmt::format("invalid variable name \"{}\"", first);
    if (name == "proxy_http_version" && first != "1.0" && first != "1.1" && first != "2")
      return fmt::format("invalid value \"{}\"", first);
    if (name == "alias" && at.parent->own("root") != nullptr)
      return "\"alias\" directive is duplicate, \"root\" directive was specified earlier";
    if (name.ends_with("_next_upstream"))
      for (std::size_t i = 0; i < at.args(); ++i)
        if (!is_one_of(at.arg(i),
                       {"error", "timeout", "invalid_header", "non_idempotent", "http_500", "http_502", "http_503",
                        "http_504", "http_403", "http_404", "http_429", "updating", "off", "denied"}))
          return fmt::format("invalid value \"{}\"", printable(at.arg(i), 60));
    if (name == "access_log" && at.args() > 1 && at.arg(1).find('=') == std::string::npos && at.arg(1) != "combined" &&
        !model_.log_formats.contains(at.arg(1)))
      return fmt::format("unknown log format \"{}\"", printable(at.arg(1), 100));
    if (is_one_of(name, {"proxy_cache", "fastcgi_cache", "uwsgi_cache", "scgi_cache"}) && first != "off" &&
        !first.contains('$') && !model_.cache_zones.contains(at.arg(0)))
      return fmt::format("\"{}\" zone \"{}\" is unknown", name, first);
    return {};
  }

  static bool is_one_of(std::string_view word, std::initializer_list<std::string_view> all) {
    return std::ranges::find(all, word) != all.end();
  }

  void pass(const Directive& at) {
    const auto& word = at.arg(0);
    if (word.contains('$')) return;
    bool tls = false;
    const auto rest = strip_scheme(word, tls);
    if (at.name() == "proxy_pass" && rest.size() == word.size()) {
      add("invalid URL prefix", at);
      return;
    }
    const auto url = parse_url(rest);
    const bool free = at.parent->kind == BlockKind::location && at.parent->opener != nullptr &&
                      !at.parent->opener->arg(0).starts_with('~') && !at.parent->opener->arg(0).starts_with('@');
    if (at.name() == "proxy_pass" && !url.uri.empty() && !free)
      add("\"proxy_pass\" cannot have URI part in location given by regular expression, or inside named location, or "
          "inside \"if\" statement, or inside \"limit_except\" block",
          at);
    if (problems_.size() < kMostProblems && url.socket.empty() && url.port_text.empty() &&
        default_port(family_of(at), tls) == 0 && !model_.groups.contains(lower(url.host)) &&
        !named_elsewhere(at, url.host))
      add(fmt::format("no port in upstream \"{}\"", printable(rest, 200)), at);
    const auto verify = family_of(at) + "ssl_verify", trust = family_of(at) + "ssl_trusted_certificate";
    if (tls && is_on(*at.parent, verify, false) && effective(*at.parent, trust) == nullptr)
      add(fmt::format("no {} for {}", trust, verify), at);
    const bool group = model_.groups.contains(lower(url.host));
    if (group && !url.port_text.empty())
      add(fmt::format("upstream \"{}\" may not have port {}", printable(url.host, 200), printable(url.port_text, 20)),
          at);
    if (!url.port_text.empty() && url.port == 0)
      add(fmt::format("invalid port in upstream \"{}\"", printable(rest, 200)), at);
  }

  /// Another pass to the same host lends its port (ngx_http_upstream_add()).
  bool named_elsewhere(const Directive& at, const std::string& host) const {
    return std::ranges::any_of(model_.passes, [&](const auto* other) {
      bool tls = false;
      return other != &at && parse_url(strip_scheme(other->arg(0), tls)).host == host;
    });
  }

  /// ngx_http_proxy_merge_loc_conf(): checked wherever one of the three is written.
  void buffers(const Block& block, const std::string& family) {
    const std::array<std::string, 3> names = {family + "buffer_size", family + "buffers", family + "busy_buffers_size"};
    const auto own = std::ranges::find_if(names, [&](const auto& name) { return block.own(name) != nullptr; });
    if (own == names.end()) return;
    const auto& at = *block.own(*own);
    const auto *first = effective(block, names[0]), *many = effective(block, names[1]),
               *busy = effective(block, names[2]);
    const auto head = first == nullptr ? 4096 : parse_size(first->arg(0)).value_or(4096);
    const auto count = many == nullptr ? 8 : std::min<std::int64_t>(parse_count(many->arg(0)).value_or(8), 1 << 20);
    const auto size = many == nullptr ? 4096 : std::min<std::int64_t>(parse_size(many->arg(1)).value_or(4096), 1 << 30);
    if (count < 2) {
      add(fmt::format("there must be at least 2 \"{}\"", names[1]), at);
      return;
    }
    const auto larger = std::max(head, size);
    const auto used = busy == nullptr ? (larger > (std::int64_t{1} << 60) ? larger : 2 * larger)
                                      : parse_size(busy->arg(0)).value_or(2 * size);
    if (used < larger)
      add(fmt::format(
              "\"{}\" must be equal to or greater than the maximum of the value of \"{}\" and one of the \"{}\"",
              names[2], names[0], names[1]),
          at);
    else if (used > (count - 1) * size)
      add(fmt::format("\"{}\" must be less than the size of all \"{}\" minus one buffer", names[2], names[1]), at);
  }

  const Model& model_;
  bool modules_;
  std::vector<Problem>& problems_;
};

}  // namespace

void check_meaning(const Block& main, const Model& model, std::vector<Problem>& problems) {
  if (model.http != nullptr) Meaning(model, main.own("load_module") != nullptr, problems).block(*model.http);
}

}  // namespace fix502::nginx
