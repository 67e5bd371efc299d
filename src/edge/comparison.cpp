#include "edge/comparison.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <utility>

namespace fix502 {
namespace {

/// The origin's time and half as much again, in whole steps of five seconds.
long seconds_for(const HttpExchange& direct) {
  const double needed = std::chrono::duration<double>(direct.times.first_byte.value_or(Duration{})).count();
  return (static_cast<long>(needed * 1.5) / 5 + 1) * 5;
}

/// Each {word} of `text` replaced by its value.
std::string filled(std::string_view text, const EdgeSides& sides) {
  const HttpExchange& edge = *sides.edge->as<HttpExchange>();
  const HttpExchange& direct = *sides.direct->as<HttpExchange>();
  std::vector<std::string> names;
  if (!direct.chain.empty()) names = direct.chain.front().names;
  if (names.size() > kShownNames) names.resize(kShownNames);
  const long seconds = seconds_for(direct);
  const std::array<std::pair<std::string_view, std::string>, 8> words = {{
      {"{host}", sides.page.host},
      {"{port}", fmt::format("{}", origin_port(sides))},
      {"{origin}", sides.origin.host},
      {"{seconds}", fmt::format("{}", seconds)},
      {"{ms}", fmt::format("{}", seconds * 1000)},
      {"{status}", edge.status ? fmt::format("{}", *edge.status) : "this error"},
      {"{path}", sides.page.path},
      {"{names}", names.empty() ? "none was seen" : fmt::format("{}", fmt::join(names, ", "))},
  }};
  std::string result;
  while (!text.empty()) {
    const auto word = std::ranges::find_if(words, [&](const auto& one) { return text.starts_with(one.first); });
    if (word == words.end()) {
      result += text.front();
      text.remove_prefix(1);
    } else {
      result += word->second;
      text.remove_prefix(word->first.size());
    }
  }
  return result;
}

}  // namespace

std::string_view to_word(Suspicion suspicion) {
  switch (suspicion) {
    case Suspicion::possible:
      return "possible";
    case Suspicion::likely:
      return "likely";
    default:
      return "shown";
  }
}

const SuspectSetting* EdgeComparison::suspect(EdgeKind kind) const {
  const auto found = std::ranges::find(settings, kind, &SuspectSetting::kind);
  return found == settings.end() ? nullptr : &*found;
}

std::optional<EdgeComparison> compare_sides(const EdgeSides& sides) {
  const auto* edge = sides.edge == nullptr ? nullptr : sides.edge->as<HttpExchange>();
  const auto* direct = sides.direct == nullptr ? nullptr : sides.direct->as<HttpExchange>();
  if (edge == nullptr || direct == nullptr) return std::nullopt;
  EdgeComparison comparison;
  comparison.cdn = sides.cdn;
  comparison.edge = sides.edge->id;
  comparison.origin = sides.direct->id;
  comparison.fields = compare_fields(*edge, *direct);
  for (const Observation* seen : {sides.round, sides.plain, sides.no_name, sides.own_name, sides.usual_port})
    if (seen != nullptr) comparison.contrasts.push_back(seen->id);
  for (const Observation* seen : sides.other_hosts) comparison.contrasts.push_back(seen->id);
  comparison.settings = suspect_settings(sides);
  for (auto& suspect : comparison.settings) {
    // A value of the rule's own says that the network's setting is not what to change.
    const bool own_value = !suspect.value.empty();
    suspect.setting = own_value ? nullptr : find_setting(sides.cdn, suspect.kind);
    if (!own_value)
      suspect.value = filled(suspect.setting != nullptr ? suspect.setting->value : usual_value(suspect.kind), sides);
  }
  return comparison;
}

}  // namespace fix502
