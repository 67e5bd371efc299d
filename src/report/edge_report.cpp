#include "report/edge_report.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "report/columns.hpp"
#include "report/verdict_json.hpp"

namespace fix502 {
namespace {

constexpr std::size_t kTitle = 17;  // columns
constexpr std::size_t kDeep = 6;    // lines of one text

Json field_json(const FieldPair& pair) {
  return {{"field", pair.field},
          {"edge", text_or_null(pair.edge)},
          {"origin", text_or_null(pair.origin)},
          {"differs", pair.differs}};
}

Json setting_json(const SuspectSetting& suspect, const std::string& cdn) {
  const CdnSetting* setting = suspect.setting;
  return {{"setting", to_word(suspect.kind)},
          {"what", what_it_is(suspect.kind)},
          {"suspicion", to_word(suspect.suspicion)},
          {"cdn", text_or_null(cdn)},
          {"panel", text_or_null(setting == nullptr ? "" : setting->panel)},
          {"api", text_or_null(setting == nullptr ? "" : setting->api)},
          {"value", suspect.value},
          {"why", suspect.why},
          {"evidence", suspect.cites},
          {"source", text_or_null(setting == nullptr ? "" : setting->source)}};
}

std::string or_dash(const std::string& text, const Pen& pen) {
  return text.empty() ? std::string(pen.marks().dash) : text;
}

Lines row(std::string_view title, const std::string& edge, const std::string& origin, Ink ink, const Pen& pen) {
  const std::size_t half = (std::max<std::size_t>(pen.width(), kTitle + 20) - kTitle - 6) / 2;
  Lines left = pen.wrap(edge, half, 3), right = pen.wrap(origin, half, 3);
  Lines lines;
  for (std::size_t i = 0; i < std::max(left.size(), right.size()); ++i) {
    const std::string lead = padded(i == 0 ? std::string(title) : std::string(), kTitle);
    const std::string here = i < left.size() ? left[i] : std::string();
    std::string line = "  " + (i == 0 ? pen.paint(ink, lead) : lead) + "  ";
    line += i < right.size() ? padded(here, half) + "  " + right[i] : here;
    lines.push_back(std::move(line));
  }
  return lines;
}

Lines setting_lines(const SuspectSetting& suspect, std::size_t number, const std::string& cdn, const Pen& pen) {
  const std::string_view sure = suspect.suspicion == Suspicion::shown    ? ""
                                : suspect.suspicion == Suspicion::likely ? " (likely)"
                                                                         : " (possible)";
  Lines lines;
  const auto put = [&](const std::string& text, std::size_t indent) {
    for (const auto& line : pen.wrap(text, pen.width() - indent, kDeep))
      lines.push_back(std::string(indent, ' ') + line);
  };
  put(fmt::format("{} {}{}: {}", number, what_it_is(suspect.kind), sure, suspect.why), 2);
  if (suspect.setting != nullptr && !suspect.setting->panel.empty())
    put(fmt::format("{}: {}", name_of_cdn(cdn), suspect.setting->panel), 4);
  if (suspect.setting != nullptr && !suspect.setting->api.empty()) put(fmt::format("API: {}", suspect.setting->api), 4);
  put(fmt::format("set it to: {}", suspect.value), 4);
  return lines;
}

}  // namespace

Json comparison_json(const EdgeComparison& comparison) {
  Json json = {{"cdn", text_or_null(comparison.cdn)}, {"edge", comparison.edge},
               {"origin", comparison.origin},         {"fields", Json::array()},
               {"contrasts", comparison.contrasts},   {"settings", Json::array()}};
  for (const auto& pair : comparison.fields) json["fields"].push_back(field_json(pair));
  for (const auto& suspect : comparison.settings) json["settings"].push_back(setting_json(suspect, comparison.cdn));
  return json;
}

Lines comparison_lines(const EdgeComparison& comparison, const Pen& pen) {
  Lines lines{pen.paint(Ink::strong, "Edge and origin, asked the same")};
  const auto append = [&](const Lines& more) { lines.insert(lines.end(), more.begin(), more.end()); };
  append(row("", comparison.cdn.empty() ? "edge" : fmt::format("edge ({})", name_of_cdn(comparison.cdn)), "origin",
             Ink::faint, pen));
  std::size_t alike = 0;
  for (const auto& pair : comparison.fields) {
    if (pair.differs || pair.field == "status")
      append(row(pair.title, or_dash(pair.edge, pen), or_dash(pair.origin, pen), Ink::plain, pen));
    else
      ++alike;
  }
  if (alike > 0) lines.push_back("  " + pen.paint(Ink::faint, fmt::format("{} more are alike (--json)", alike)));
  if (comparison.settings.empty()) return lines;
  lines.push_back(pen.paint(Ink::strong, "What would make them differ so"));
  for (std::size_t i = 0; i < comparison.settings.size(); ++i)
    append(setting_lines(comparison.settings[i], i + 1, comparison.cdn, pen));
  return lines;
}

}  // namespace fix502
