#include <fmt/format.h>

#include <algorithm>
#include <charconv>

#include "base/text.hpp"
#include "gateway/gateways/apache/mapping.hpp"

namespace fix502::apache {
namespace {

constexpr int kMostRounds = 20;  // [N]
constexpr std::size_t kLongestUrl = 64UL * 1024;

struct Flag {
  std::string name, value;
};

std::vector<Flag> flags_of(std::string_view text) {
  std::vector<Flag> flags;
  if (!text.starts_with('[') || !text.ends_with(']')) return flags;
  for (const auto part : split(text.substr(1, text.size() - 2), ',')) {
    const auto equals = part.find('=');
    flags.push_back({lower(part.substr(0, equals)),
                     equals == std::string_view::npos ? std::string() : std::string(part.substr(equals + 1))});
  }
  return flags;
}

const Flag* find_flag(const std::vector<Flag>& flags, std::string_view brief, std::string_view full) {
  const auto found =
      std::ranges::find_if(flags, [&](const Flag& flag) { return flag.name == brief || flag.name == full; });
  return found == flags.end() ? nullptr : &*found;
}

struct Rule {
  const Directive* directive = nullptr;
  std::vector<const Directive*> conditions;
};

std::vector<Rule> rules_of(const Scope& scope) {
  std::vector<Rule> rules;
  std::vector<const Directive*> conditions;
  for (const auto& directive : scope.directives) {
    if (directive->key == "rewritecond") {
      conditions.push_back(directive.get());
    } else if (directive->key == "rewriterule" && directive->words.size() >= 2) {
      rules.push_back({directive.get(), std::move(conditions)});
      conditions.clear();
    }
  }
  return rules;
}

bool is_absolute(std::string_view url) {
  const auto colon = url.find("://");
  return colon != std::string_view::npos && colon > 1 && colon < 12 &&
         std::ranges::all_of(
             url.substr(0, colon), [](char c) { return std::isalnum(static_cast<unsigned char>(c)) != 0; });
}

/// escape_backref of [B]: all but letters, digits and "_"; a blank is "+", with [BNP] "%20".
std::string escaped(std::string_view text, bool no_plus) {
  std::string made;
  for (const char c : text)
    if (std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '_')
      made += c;
    else if (c == ' ' && !no_plus)
      made += '+';
    else
      made += fmt::format("%{:02x}", static_cast<unsigned char>(c));
  return made;
}

class Engine {
 public:
  Engine(Asked& asked, std::vector<Rule> rules, std::string prefix, std::string start)
      : asked_(asked), rules_(std::move(rules)), prefix_(std::move(prefix)), uri_(std::move(start)) {}
  Rewritten run();

 private:
  enum class Next { on, stop, again };
  Next apply(const Rule& rule, std::size_t& at);
  Next applied(const Rule& rule, const std::vector<Flag>& flags, std::string made, std::size_t& at);
  bool conditions_hold(const Rule& rule);
  Truth condition_holds(const Directive& condition);
  enum class Escape { none, plus, no_plus };
  std::optional<std::string> expand(std::string_view text, Escape escape, int depth = 0);
  void take_query(const std::vector<Flag>& flags);
  void skip_chain(std::size_t& at) const;

  Asked& asked_;
  std::vector<Rule> rules_;
  std::string prefix_;  ///< of the directory; empty in a server
  std::string uri_;
  std::vector<std::string> groups_, condition_groups_;
  Rewritten result_;
  bool changed_ = false, passed_through_ = false;
};

Rewritten Engine::run() {
  for (int round = 0; round < kMostRounds; ++round) {
    bool again = false;
    for (std::size_t at = 0; at < rules_.size() && !again;) {
      const Next next = apply(rules_[at], at);
      if (next == Next::stop) at = rules_.size();
      again = next == Next::again;
    }
    if (!again) break;
  }
  if (result_.kind == Rewritten::Kind::nothing && changed_) {
    result_.kind = passed_through_ ? Rewritten::Kind::again : Rewritten::Kind::path;
    result_.url = uri_;
  }
  return std::move(result_);
}

void Engine::skip_chain(std::size_t& at) const {
  while (at < rules_.size() && find_flag(flags_of(rules_[at].directive->word(2)), "c", "chain") != nullptr) ++at;
  ++at;
}

Engine::Next Engine::apply(const Rule& rule, std::size_t& at) {
  const Directive& directive = *rule.directive;
  const auto flags = flags_of(directive.word(2));
  std::string_view pattern_text = directive.word(0);
  const bool negated = pattern_text.starts_with('!');
  if (negated) pattern_text.remove_prefix(1);
  std::string subject = uri_;
  if (!prefix_.empty() && subject.starts_with(prefix_)) subject.erase(0, prefix_.size());
  const auto pattern = Regex::compile(pattern_text, find_flag(flags, "nc", "nocase") != nullptr);
  std::vector<std::string> groups = pattern ? groups_of(*pattern, subject) : std::vector<std::string>();
  const auto fail_rule = [&] {
    skip_chain(at);
    return Next::on;
  };
  if (groups.empty() != negated) return fail_rule();
  groups_ = negated ? std::vector<std::string>() : std::move(groups);
  condition_groups_.clear();
  if (!conditions_hold(rule)) return fail_rule();

  const bool unchanged = directive.word(1) == "-";
  std::string made;
  if (!unchanged) {
    const Escape escape = find_flag(flags, "b", "b") == nullptr                 ? Escape::none
                          : find_flag(flags, "bnp", "backrefnoplus") != nullptr ? Escape::no_plus
                                                                                : Escape::plus;
    const auto expanded = expand(directive.word(1), escape);
    if (!expanded) {
      asked_.note(fmt::format("RewriteRule ({}:{}): its target has a variable that is only known when it runs",
                              directive.place.file, directive.place.line));
      made = std::string(directive.word(1));
    } else {
      made = *expanded;
    }
  }
  if (made.size() > kLongestUrl) return fail_rule();
  return applied(rule, flags, unchanged ? uri_ : std::move(made), at);
}

Engine::Next Engine::applied(const Rule& rule, const std::vector<Flag>& flags, std::string made, std::size_t& at) {
  const Directive& directive = *rule.directive;
  const bool unchanged = directive.word(1) == "-";
  for (const Flag& flag : flags) {
    if (flag.name != "e" && flag.name != "env") continue;
    const auto colon = flag.value.find(':');
    if (flag.value.starts_with('!')) {
      asked_.env.erase(flag.value.substr(1));
    } else if (const auto value =
                   expand(colon == std::string::npos ? "" : flag.value.substr(colon + 1), Escape::none)) {
      asked_.env.set(flag.value.substr(0, colon), *value);
      asked_.early_env.push_back(flag.value.substr(0, colon));
    }
  }
  if (const Flag* handler = find_flag(flags, "h", "handler")) result_.handler = handler->value;
  result_.way.push_back(directive.place);
  result_.rule = &directive;
  const auto answer = [&](std::string text) {
    result_.kind = Rewritten::Kind::answered;
    result_.answer = std::move(text);
    return Next::stop;
  };
  if (find_flag(flags, "f", "forbidden") != nullptr) return answer("403 Forbidden by RewriteRule");
  if (find_flag(flags, "g", "gone") != nullptr) return answer("410 Gone by RewriteRule");
  const bool proxied = find_flag(flags, "p", "proxy") != nullptr;
  const Flag* redirect = find_flag(flags, "r", "redirect");
  if (redirect != nullptr && !redirect->value.empty() && redirect->value[0] >= '0' && redirect->value[0] <= '9' &&
      redirect->value[0] != '3')
    return answer(redirect->value + " by RewriteRule");
  if (!unchanged) {
    changed_ = true;
    if (!prefix_.empty() && !made.starts_with('/') && !is_absolute(made)) made = prefix_ + made;
    uri_ = std::move(made);
    take_query(flags);
  }
  result_.unescaped = find_flag(flags, "ne", "noescape") != nullptr;
  if (proxied) {
    result_.kind = Rewritten::Kind::proxied;
    const bool known_scheme =
        is_absolute(uri_) || lower(uri_.substr(0, 5)) == "unix:" || uri_.starts_with("balancer://");
    result_.url = known_scheme ? uri_ : fmt::format("{}://{}{}", asked_.in->scheme, asked_.server_name(), uri_);
    return Next::stop;
  }
  if (redirect != nullptr || (!unchanged && is_absolute(uri_))) {
    const std::string code = redirect == nullptr || redirect->value.empty() ? "302" : redirect->value;
    return answer(fmt::format("{} to {} by RewriteRule", code, uri_));
  }
  if (find_flag(flags, "pt", "passthrough") != nullptr) {
    passed_through_ = true;
    changed_ = true;
    return Next::stop;
  }
  if (find_flag(flags, "l", "last") != nullptr || find_flag(flags, "end", "end") != nullptr) return Next::stop;
  if (find_flag(flags, "n", "next") != nullptr) return Next::again;
  ++at;
  if (const Flag* skip = find_flag(flags, "s", "skip")) {
    std::size_t count = 0;
    std::from_chars(skip->value.data(), skip->value.data() + skip->value.size(), count);
    at += std::min(count, rules_.size());
  }
  return Next::on;
}

void Engine::take_query(const std::vector<Flag>& flags) {
  if (find_flag(flags, "qsd", "qsdiscard") != nullptr) asked_.args.clear(), asked_.has_args = false;
  const bool last = find_flag(flags, "qsl", "qslast") != nullptr;
  const auto question = last ? uri_.rfind('?') : uri_.find('?');
  if (question == std::string::npos) return;
  std::string query = uri_.substr(question + 1);
  uri_.resize(question);
  if (find_flag(flags, "qsa", "qsappend") != nullptr) {
    if (!query.empty())
      query += "&" + asked_.args;
    else
      query = asked_.args;
  }
  if (query.ends_with('&')) query.pop_back();
  asked_.args = query;
  asked_.has_args = !query.empty();
}

bool Engine::conditions_hold(const Rule& rule) {
  bool any_of_group = false, in_group = false;
  for (const Directive* condition : rule.conditions) {
    const auto flags = flags_of(condition->word(2));
    const bool with_next = find_flag(flags, "or", "ornext") != nullptr;
    if (in_group && any_of_group) {  // one of "or" held: the rest of the group is not asked
      in_group = with_next;
      if (!in_group) any_of_group = false;
      continue;
    }
    const bool holds = condition_holds(*condition) == Truth::yes;
    if (with_next) {
      in_group = true;
      any_of_group = holds;
      continue;
    }
    in_group = any_of_group = false;
    if (!holds) return false;
  }
  return true;
}

Truth Engine::condition_holds(const Directive& condition) {
  const auto unknown = [&] {
    asked_.note(fmt::format("RewriteCond {} ({}:{}) depends on the running server; taken as not so",
                            printable(condition.word(0), 80), condition.place.file, condition.place.line));
    return Truth::unknown;
  };
  const auto flags = flags_of(condition.word(2));
  const bool ignore_case = find_flag(flags, "nc", "nocase") != nullptr;
  std::string_view pattern = condition.word(1);
  const bool negated = pattern.starts_with('!');
  if (negated) pattern.remove_prefix(1);
  const auto turned = [&](bool holds) { return holds != negated ? Truth::yes : Truth::no; };
  if (equals_ignoring_case(condition.word(0), "expr")) {
    const Truth truth = expression_holds(asked_, pattern);
    return truth == Truth::unknown ? unknown() : negated ? !truth : truth;
  }
  const auto input = expand(condition.word(0), Escape::none);
  if (!input) return unknown();
  if (pattern.size() == 2 && pattern[0] == '-' && std::string_view("fFdslLhHxU").contains(pattern[1])) {
    // The disk is not looked at: a path with an extension may be a file, anything else is taken for a made-up one.
    asked_.note(fmt::format("RewriteCond {} {} ({}:{}) asks for files; taken as not there",
                            printable(condition.word(0), 80), condition.word(1), condition.place.file,
                            condition.place.line));
    return turned(false);
  }
  for (const std::string_view op : {"-eq", "-ge", "-gt", "-le", "-lt", "-ne"}) {
    if (!pattern.starts_with(op)) continue;
    std::int64_t a = 0, b = 0;
    const auto number = trim(pattern.substr(3));
    std::from_chars(input->data(), input->data() + input->size(), a);
    std::from_chars(number.data(), number.data() + number.size(), b);
    return turned(op == "-eq"   ? a == b
                  : op == "-ge" ? a >= b
                  : op == "-gt" ? a > b
                  : op == "-le" ? a <= b
                  : op == "-lt" ? a < b
                                : a != b);
  }
  if (pattern.starts_with('=')) {
    std::string_view text = pattern.substr(1);
    if (text == "\"\"") text = {};
    return turned(ignore_case ? equals_ignoring_case(*input, text) : *input == text);
  }
  if (pattern.starts_with("<=") || pattern.starts_with(">=") || pattern.starts_with('<') || pattern.starts_with('>')) {
    const bool or_equal = pattern.size() > 1 && pattern[1] == '=';
    const int order = input->compare(pattern.substr(or_equal ? 2 : 1));
    return turned((pattern[0] == '<' ? order < 0 : order > 0) || (or_equal && order == 0));
  }
  const auto compiled = Regex::compile(pattern, ignore_case);
  if (!compiled) return turned(false);
  auto groups = groups_of(*compiled, *input);
  const bool found = !groups.empty();
  if (found && !negated) condition_groups_ = std::move(groups);
  return turned(found);
}

std::optional<std::string> Engine::expand(std::string_view text, Escape escape, int depth) {
  if (depth > 8) return std::nullopt;
  std::string made;
  for (std::size_t i = 0; i < text.size() && made.size() < kLongestUrl;) {
    const char c = text[i];
    if (c == '\\' && i + 1 < text.size()) {
      made += text[i + 1];
      i += 2;
    } else if ((c == '$' || c == '%') && i + 1 < text.size() && text[i + 1] >= '0' && text[i + 1] <= '9') {
      const auto& groups = c == '$' ? groups_ : condition_groups_;
      const auto which = static_cast<std::size_t>(text[i + 1] - '0');
      if (which < groups.size())
        made += escape == Escape::none ? groups[which] : escaped(groups[which], escape == Escape::no_plus);
      i += 2;
    } else if ((c == '%' || c == '$') && i + 1 < text.size() && text[i + 1] == '{') {
      const auto close = text.find('}', i);
      if (close == std::string_view::npos || c == '$') return std::nullopt;  // a RewriteMap
      std::string_view name = text.substr(i + 2, close - i - 2);
      const std::string low = lower(name);
      if (low.starts_with("la-")) name.remove_prefix(5);
      const auto value = low == "request_filename" && prefix_.empty() && asked_.filename.empty()
                             ? std::optional<std::string>(uri_)
                             : asked_.variable(name);
      if (!value) return std::nullopt;
      made += *value;
      i = close + 1;
    } else {
      made += c;
      ++i;
    }
  }
  return made;
}

bool has_option(const Scope& scope, std::string_view option) {
  return std::ranges::any_of(scope.all("rewriteoptions"), [&](const Directive* directive) {
    return std::ranges::any_of(directive->words,
                               [&](const Word& word) { return equals_ignoring_case(word.text, option); });
  });
}

bool is_rewriting(const Scope& scope) {
  return scope.last("rewriterule") != nullptr || scope.last("rewriteengine") != nullptr ||
         scope.last("rewriteoptions") != nullptr || scope.last("rewritebase") != nullptr;
}

}  // namespace

Rewritten rewrite_in_server(Asked& asked) {
  const Scope& own = *asked.host->scope;
  const Scope& main = *asked.servers->main.scope;
  const Directive* engine = own.last("rewriteengine");
  if (engine == nullptr) engine = main.last("rewriteengine");
  if (engine == nullptr || !equals_ignoring_case(engine->word(0), "on")) return {};
  std::vector<Rule> rules = rules_of(own);
  if (&own != &main && !has_option(own, "ignoreinherit")) {
    auto outer = rules_of(main);
    if (has_option(own, "inheritbefore") || has_option(main, "inheritdownbefore"))
      rules.insert(rules.begin(), std::make_move_iterator(outer.begin()), std::make_move_iterator(outer.end()));
    else if (has_option(own, "inherit") || has_option(main, "inheritdown"))
      rules.insert(rules.end(), std::make_move_iterator(outer.begin()), std::make_move_iterator(outer.end()));
  }
  if (rules.empty()) return {};
  return Engine(asked, std::move(rules), {}, asked.path).run();
}

Rewritten rewrite_in_directory(Asked& asked) {
  const Directive* engine = asked.find("rewriteengine");
  if (engine == nullptr || !equals_ignoring_case(engine->word(0), "on")) return {};
  const Scope* scope = nullptr;
  for (const Scope* one : asked.sight)
    if (one->kind != ScopeKind::main && one->kind != ScopeKind::host && is_rewriting(*one)) scope = one;
  if (scope == nullptr) return {};
  std::vector<Rule> rules = rules_of(*scope);
  if (rules.empty()) return {};
  std::string prefix;
  if (scope->kind == ScopeKind::directory && !scope->regex && !has_wildcard(scope->argument)) {
    prefix = scope->argument;
    if (!prefix.ends_with('/')) prefix += '/';
  }
  if (prefix.empty()) prefix = asked.filename.substr(0, asked.filename.rfind('/') + 1);
  Rewritten made = Engine(asked, std::move(rules), prefix, asked.filename).run();
  if (made.kind != Rewritten::Kind::path && made.kind != Rewritten::Kind::again) return made;
  if (made.url == asked.filename) {
    made.kind = Rewritten::Kind::nothing;
    return made;
  }
  // The result is a URL again: the directory's own, or what is left below the document root.
  const Directive* base = asked.find("rewritebase");
  const std::string root = asked.variable("document_root").value_or(std::string());
  if (base != nullptr && made.url.starts_with(prefix)) {
    std::string start(base->word(0));
    if (!start.ends_with('/')) start += '/';
    made.url = start + made.url.substr(prefix.size());
  } else if (!root.empty() && made.url.starts_with(root)) {
    made.url.erase(0, root.size() - (root.ends_with('/') ? 1 : 0));
  }
  made.kind = Rewritten::Kind::again;
  return made;
}

}  // namespace fix502::apache
