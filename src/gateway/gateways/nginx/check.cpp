#include "gateway/gateways/nginx/check.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "base/text.hpp"
#include "gateway/gateways/nginx/values.hpp"

namespace fix502::nginx {
namespace {

constexpr auto kRules = std::to_array<DirectiveRule>({
#define DIRECTIVE(name, where, least, most, marks, since, gone) {name, where, least, most, marks, since, gone},
#include "gateway/gateways/nginx/directives.def"
#undef DIRECTIVE
});

/// Beginnings of directives that only modules from elsewhere know: their being there is no error of the file's.
constexpr std::string_view kForeign[] = {"lua_",          "more_",          "echo",
                                         "js_",           "opentracing",    "otel_",
                                         "brotli",        "passenger",      "pagespeed",
                                         "vhost_traffic", "modsecurity",    "zstd",
                                         "rtmp",          "set_",           "srcache",
                                         "redis",         "drizzle",        "postgres",
                                         "headers_more",  "upload",         "fancyindex",
                                         "auth_ldap",     "auth_jwt",       "auth_pam",
                                         "dav_ext",       "cache_purge",    "proxy_cache_purge",
                                         "check",         "health_check",   "status_zone",
                                         "api",           "geoip2",         "naxsi",
                                         "push_stream",   "nchan",          "subs_filter",
                                         "substitutions", "replace_filter", "sticky",
                                         "dynamic",       "limit_traffic",  "perl",
                                         "xslt",          "image_filter",   "geoip",
                                         "acme",          "state",          "ntlm",
                                         "queue",         "zone_sync",      "app_protect",
                                         "access_by",     "content_by",     "rewrite_by",
                                         "init_"};

char letter(BlockKind kind) {
  switch (kind) {
    case BlockKind::main:
      return 'M';
    case BlockKind::events:
      return 'E';
    case BlockKind::http:
      return 'H';
    case BlockKind::server:
      return 'S';
    case BlockKind::location:
      return 'L';
    case BlockKind::upstream:
      return 'U';
    case BlockKind::if_server:
      return 'I';
    case BlockKind::if_location:
      return 'J';
    case BlockKind::limit_except:
      return 'X';
    case BlockKind::pairs:
    case BlockKind::foreign:
      break;
  }
  return '\0';
}

class Checker {
 public:
  Checker(std::string_view version, bool modules, std::vector<Problem>& problems)
      : version_(version), modules_(modules), problems_(problems) {}

  void block(const Block& block) {
    if (letter(block.kind) == '\0') return;
    for (const auto& child : block.children) {
      directive(*child, block);
      if (child->block) this->block(*child->block);
    }
    duplicates(block);
  }

 private:
  void add(bool fatal, std::string what, const Directive& at) {
    if (problems_.size() < kMostProblems) problems_.push_back({fatal, std::move(what), at.place});
  }

  void directive(const Directive& at, const Block& block) {
    const auto name = printable(at.name(), 100);
    if (at.name() == "include") {
      if (at.args() != 1) add(true, R"(invalid number of arguments in "include" directive)", at);
      return;
    }
    if (at.name().find("_by_lua") != std::string::npos) return;
    const auto* rule = find_rule(at.name());
    const bool known = rule != nullptr && (rule->since.empty() || at_least(version_, rule->since)) &&
                       (rule->gone.empty() || !at_least(version_, rule->gone));
    if (!known) {
      const bool elsewhere =
          modules_ || std::ranges::any_of(kForeign, [&](auto start) { return at.name().starts_with(start); });
      add(!elsewhere, fmt::format("unknown directive \"{}\"", name), at);
      return;
    }
    if (rule->where.find(letter(block.kind)) == std::string_view::npos) {
      add(true, fmt::format("\"{}\" directive is not allowed here", name), at);
    } else if (at.name() == "server" && block.kind == BlockKind::upstream) {
      if (at.args() == 0) add(true, R"(invalid number of arguments in "server" directive)", at);
    } else if (rule->marks.contains('b') && !at.block) {
      add(true, fmt::format("directive \"{}\" has no opening \"{{\"", name), at);
    } else if (!rule->marks.contains('b') && at.block) {
      add(true, fmt::format("directive \"{}\" is not terminated by \";\"", name), at);
    } else if (at.args() < rule->least || (at.args() > rule->most && rule->most < 99)) {
      add(true, fmt::format("invalid number of arguments in \"{}\" directive", name), at);
    } else if (rule->marks.contains('f') && !equals_ignoring_case(at.arg(0), "on") &&
               !equals_ignoring_case(at.arg(0), "off")) {
      add(true,
          fmt::format("invalid value \"{}\" in \"{}\" directive, it must be \"on\" or \"off\"",
                      printable(at.arg(0), 100), name),
          at);
    }
  }

  void duplicates(const Block& block) {
    const Directive* before = nullptr;
    for (const auto& [name, at] : block.by_name) {
      if (before != nullptr && before->name() == name)
        if (const auto* rule = find_rule(name); rule != nullptr && rule->marks.contains('o'))
          add(true, fmt::format("\"{}\" directive is duplicate", name), *at);
      before = at;
    }
  }

  std::string_view version_;
  bool modules_;
  std::vector<Problem>& problems_;
};

}  // namespace

const DirectiveRule* find_rule(std::string_view name) {
  const auto found = std::ranges::lower_bound(kRules, name, {}, &DirectiveRule::name);
  return found != kRules.end() && found->name == name ? &*found : nullptr;
}

bool is_legal(std::string_view name, BlockKind where) {
  const auto* rule = find_rule(name);
  return rule != nullptr && letter(where) != '\0' && rule->where.contains(letter(where));
}

void check_tree(const Block& main, std::string_view version, std::vector<Problem>& problems) {
  Checker(version, main.own("load_module") != nullptr, problems).block(main);
}

}  // namespace fix502::nginx
