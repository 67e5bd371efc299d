#include <fmt/format.h>

#include <algorithm>

#include "base/text.hpp"
#include "gateway/gateways/nginx/journey.hpp"
#include "gateway/gateways/nginx/values.hpp"
#include "target/target.hpp"

namespace fix502::nginx {
namespace {

constexpr std::size_t kLongestValue = 64U * 1024;
constexpr int kDeepest = 20;

bool is_name(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
}

/// One variable's name behind the "$" at `at`; goes behind it. Empty: the "$" is an ordinary character.
std::string take_name(std::string_view text, std::size_t& at) {
  std::size_t start = at + 1;
  if (start < text.size() && text[start] >= '1' && text[start] <= '9') {
    at = start + 1;
    return std::string(1, text[start]);
  }
  const bool braces = start < text.size() && text[start] == '{';
  if (braces) ++start;
  std::size_t end = start;
  while (end < text.size() && is_name(text[end])) ++end;
  if (end == start || (braces && (end >= text.size() || text[end] != '}'))) {
    ++at;
    return {};
  }
  at = braces ? end + 1 : end;
  return std::string(text.substr(start, end - start));
}

/// Calls `literal` and `name` for the parts of a text in turn.
void parts(std::string_view text, auto&& literal, auto&& name) {
  for (std::size_t at = 0; at < text.size();) {
    if (text[at] != '$') {
      const auto end = std::min(text.find('$', at), text.size());
      literal(text.substr(at, end - at));
      at = end;
      continue;
    }
    const auto before = at;
    if (const auto found = take_name(text, at); !found.empty())
      name(found);
    else
      literal(text.substr(before, 1));
  }
}

std::optional<std::string> look_up(Journey& journey, const Map& map) {
  if (map.split) {
    journey.note(fmt::format("${} is drawn by lot (split_clients)", printable(map.at->arg(map.at->args() - 1), 100)));
    return std::nullopt;
  }
  const auto source = expand(journey, map.source);
  if (!source.known) return std::nullopt;
  const auto value = [&](const std::string& text) {
    const auto result = expand(journey, text);
    return result.known ? std::optional(result.text) : std::nullopt;
  };
  auto key = lower(source.text);
  if (map.hostnames && key.ends_with('.')) key.pop_back();
  if (const auto found = map.exact.find(key); found != map.exact.end()) return value(found->second);
  if (map.hostnames) {
    for (auto dot = key.find('.'); dot != std::string::npos; dot = key.find('.', dot + 1))
      for (const auto& head : {"*" + key.substr(dot), key.substr(dot)})
        if (const auto found = map.exact.find(head); found != map.exact.end()) return value(found->second);
    if (const auto found = map.exact.find("." + key); found != map.exact.end()) return value(found->second);
    for (auto dot = key.rfind('.'); dot != std::string::npos && dot > 0; dot = key.rfind('.', dot - 1))
      if (const auto found = map.exact.find(key.substr(0, dot) + ".*"); found != map.exact.end())
        return value(found->second);
  }
  for (const auto& [pattern, text] : map.patterns)
    if (journey.match(*pattern, source.text)) return value(text);
  return value(map.fallback.value_or(""));
}

std::optional<std::uint32_t> ipv4(std::string_view text) {
  std::uint32_t address = 0;
  int parts_read = 0;
  for (const auto part : split(text, '.')) {
    const auto number = parse_count(part);
    if (!number || *number > 255) return std::nullopt;
    address = address << 8 | static_cast<std::uint32_t>(*number);
    ++parts_read;
  }
  return parts_read == 4 ? std::optional(address) : std::nullopt;
}

/// The narrowest network that holds the address, as geo chooses.
std::optional<std::string> look_up_address(Journey& journey, const Map& map) {
  const auto source = expand(journey, map.source);
  if (!source.known) return std::nullopt;
  const auto address = ipv4(source.text);
  std::string value = map.fallback.value_or("");
  std::int64_t narrowest = -1;
  for (const auto& [network, text] : map.ranges) {
    const auto slash = network.find('/'), dash = network.find('-');
    const auto first = ipv4(std::string_view(network).substr(0, std::min(slash, dash)));
    if (!address || !first) continue;
    if (dash != std::string::npos) {
      const auto last = ipv4(std::string_view(network).substr(dash + 1));
      if (last && *address >= *first && *address <= *last) value = text;
      continue;
    }
    const auto bits = slash == std::string::npos ? 32 : parse_count(network.substr(slash + 1)).value_or(33);
    if (bits > 32 || bits <= narrowest) continue;
    const std::uint32_t mask = bits == 0 ? 0 : ~std::uint32_t{0} << (32 - bits);
    if ((*address & mask) == (*first & mask)) narrowest = bits, value = text;
  }
  journey.note("geo: by the client's address, which is taken as " + printable(source.text, 60));
  return value;
}

}  // namespace

void Journey::note(std::string text) {
  if (notes.size() < 40 && std::ranges::find(notes, text) == notes.end()) notes.push_back(std::move(text));
}

bool Journey::match(const Regex& pattern, std::string_view subject) {
  auto found = pattern.match(subject);
  if (!found) return false;
  groups = std::move(*found);
  for (const auto& [name, number] : pattern.names())
    if (number < groups.size()) known[name] = groups[number];
  return true;
}

const std::string* Journey::header(std::string_view name) const {
  const auto found =
      std::ranges::find_if(in.headers, [&](const auto& field) { return equals_ignoring_case(field.name, name); });
  return found == in.headers.end() ? nullptr : &found->value;
}

std::string Journey::host_and_port() const {
  const std::string host = bracketed(in.host);
  return in.port == (in.scheme == "https" ? 443 : 80) ? host : fmt::format("{}:{}", host, in.port);
}

std::vector<std::string> variables_in(std::string_view text) {
  std::vector<std::string> names;
  parts(text, [](std::string_view) {}, [&](const std::string& name) { names.push_back(name); });
  return names;
}

Value expand(Journey& journey, std::string_view text, bool escape_groups) {
  Value value;
  if (journey.depth >= kDeepest) {
    journey.note("a variable that is made of itself");
    return {{}, false};
  }
  ++journey.depth;
  bool in_args = escape_groups;
  const auto add = [&](std::string_view more) {
    if (value.text.size() + more.size() <= kLongestValue) value.text += more;
  };
  parts(
      text,
      [&](std::string_view literal) {
        if (literal.contains('?')) in_args = true;
        add(literal);
      },
      [&](const std::string& name) {
        if (name.size() == 1 && name[0] >= '1' && name[0] <= '9') {
          const auto number = static_cast<std::size_t>(name[0] - '0');
          const std::string group = number < journey.groups.size() ? journey.groups[number] : std::string();
          add(escape_groups && in_args && (journey.quoted || journey.plus) ? escape_args(group) : group);
          return;
        }
        const auto found = variable(journey, name);
        value.known = value.known && found.has_value();
        if (found) add(*found);
      });
  --journey.depth;
  return value;
}

std::optional<std::string> variable(Journey& journey, const std::string& name) {
  if (const auto own = journey.known.find(name); own != journey.known.end()) return own->second;
  if (const auto map = journey.model.maps.find(name); map != journey.model.maps.end())
    return map->second.geo ? look_up_address(journey, map->second) : look_up(journey, map->second);
  if (const auto set = journey.model.set_by.find(name); set != journey.model.set_by.end()) {
    if (set->second->name() == "set") return "";  // never passed: empty
    journey.note(fmt::format("${} is set at run time by {}", printable(name, 100), printable(set->second->name(), 60)));
    return std::nullopt;
  }
  if (journey.model.patterns.names(name)) return "";  // of a pattern that did not match
  return builtin_variable(journey, name);
}

}  // namespace fix502::nginx
