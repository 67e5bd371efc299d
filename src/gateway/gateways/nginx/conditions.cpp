#include "gateway/gateways/nginx/conditions.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "base/text.hpp"
#include "gateway/gateways/nginx/values.hpp"

namespace fix502::nginx {
namespace {

/// The words between "(" and ")".
std::vector<std::string> inside(const Directive& condition) {
  std::vector<std::string> words;
  for (std::size_t i = 0; i < condition.args(); ++i) words.push_back(condition.arg(i));
  if (!words.empty() && words.front().starts_with('(')) words.front().erase(0, 1);
  if (!words.empty() && words.back().ends_with(')')) words.back().pop_back();
  if (!words.empty() && words.front().empty()) words.erase(words.begin());
  if (!words.empty() && words.back().empty() && !condition.words.back().quoted) words.pop_back();
  return words;
}

bool file_exists(Journey& journey, const std::string& path) {
  const auto name = expand(journey, path);
  journey.note(fmt::format("the file {} is taken not to exist (if)", printable(name.text, 200)));
  return false;
}

/// rewrite regex replacement [flag];
std::optional<Outcome> run_rewrite(Journey& journey, const Directive& at, bool& stop) {
  const auto* pattern = journey.model.patterns.find(at.arg(0), false);
  if (pattern == nullptr || !journey.match(*pattern, journey.uri)) {
    journey.groups.clear();
    return std::nullopt;
  }
  journey.way.push_back(at.place);
  std::string replacement = at.arg(1);
  const auto& flag = at.arg(2);
  const bool add_args = !replacement.ends_with('?');
  if (!add_args) replacement.pop_back();
  const bool away = replacement.starts_with("http://") || replacement.starts_with("https://") ||
                    replacement.starts_with("$scheme") || flag == "redirect" || flag == "permanent";
  if (away) {
    const auto to = expand(journey, replacement).text;
    return Outcome{.answer = fmt::format("{} to {}", flag == "permanent" ? 301 : 302, printable(to, 300)),
                   .status = 302};
  }
  journey.internal = true;
  journey.valid_unparsed = false;
  journey.uri_changed = flag != "break";
  if (flag == "break") journey.valid_location = false;
  stop = flag == "last" || flag == "break";
  const auto question = replacement.find('?');
  const auto path = expand(journey, replacement.substr(0, question)).text;
  if (question != std::string::npos) {
    auto args = expand(journey, replacement.substr(question + 1), true).text;
    if (add_args && !journey.args.empty()) args += "&" + journey.args;
    journey.args = args;
  } else if (!add_args) {
    journey.args.clear();
  }
  if (path.empty()) return Outcome{.answer = "500: the rewritten URI has a zero length", .status = 500};
  journey.uri = path;
  return std::nullopt;
}

Outcome run_return(Journey& journey, const Directive& at) {
  journey.way.push_back(at.place);
  const auto code = parse_count(at.arg(0));
  const auto text = expand(journey, code ? at.arg(1) : at.arg(0)).text;
  const int status = code ? static_cast<int>(std::min<std::int64_t>(*code, 999)) : 302;
  Outcome outcome{.answer = text.empty() ? fmt::format("return {}", status)
                                         : fmt::format("return {} {}", status, printable(text, 300)),
                  .status = status};
  // A text of one's own keeps error pages away.
  if (!text.empty() && status >= 400) outcome.status = 200;
  return outcome;
}

}  // namespace

void forget(Journey& journey, const Directive& setter) {
  const auto name = setter.arg(0).substr(1);
  journey.known[name] = std::nullopt;
  journey.note(fmt::format("${} is set at run time by {}", printable(name, 100), printable(setter.name(), 60)));
}

bool holds(Journey& journey, const Directive& condition) {
  const auto words = inside(condition);
  if (words.empty()) return false;
  if (words.size() == 1) {
    const auto value = expand(journey, words[0]);
    return !value.text.empty() && value.text != "0";
  }
  if (words.size() == 2) {
    const bool negative = words[0].starts_with('!');
    return file_exists(journey, words[1]) != negative;
  }
  const auto left = expand(journey, words[0]);
  const auto& how = words[1];
  if (how == "=" || how == "!=") return (left.text == expand(journey, words[2]).text) == (how == "=");
  const bool negative = how.starts_with('!');
  const auto* pattern = journey.model.patterns.find(words[2], how.ends_with('*'));
  if (pattern == nullptr || how.find('~') == std::string::npos) return false;
  return journey.match(*pattern, left.text) != negative;
}

std::optional<Outcome> run_rewrites(Journey& journey, const Block& block, bool& stop) {
  for (const auto& child : block.children) {
    const auto& name = child->name();
    if (stop) return std::nullopt;
    if (name == "set" && child->arg(0).starts_with('$')) {
      auto value = expand(journey, child->arg(1));
      journey.known[child->arg(0).substr(1)] = value.known ? std::optional(std::move(value.text)) : std::nullopt;
    } else if (name.starts_with("set_by_lua") && child->arg(0).starts_with('$')) {
      forget(journey, *child);
    } else if (name == "rewrite") {
      if (auto outcome = run_rewrite(journey, *child, stop)) return outcome;
    } else if (name == "return") {
      return run_return(journey, *child);
    } else if (name == "break") {
      if (journey.uri_changed) journey.valid_location = false;
      journey.uri_changed = false;
      stop = true;
    } else if (name == "if" && child->block && holds(journey, *child)) {
      journey.way.push_back(child->place);
      if (child->block->kind == BlockKind::if_location) journey.conf = child->block.get();
      if (auto outcome = run_rewrites(journey, *child->block, stop)) return outcome;
    }
  }
  return std::nullopt;
}

}  // namespace fix502::nginx
