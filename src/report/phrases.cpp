#include "report/phrases.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

namespace fix502 {
namespace {

/// Whom the verdict points at, for each side and hop; the first row that fits holds.
struct SideRow {
  Side side;
  std::string_view hop;  ///< empty: any
  std::string_view sentence;
};
constexpr SideRow kSides[] = {
    {Side::visitor, "browser", "It is this browser, not the site."},
    {Side::visitor, "device", "It is this machine, not the site."},
    {Side::visitor, "network", "It is this network, not the site."},
    {Side::visitor, "dns", "It is the DNS resolver used here, not the site."},
    {Side::visitor, "", "It is this side, not the site."},
    {Side::owner, "", "It is them, not you: only the site's owner can mend it."},
    {Side::third_party, "cdn", "It is neither you nor the site: it is the CDN in between."},
    {Side::third_party, "dns", "It is neither you nor the site: it is the operator of the DNS resolver."},
    {Side::third_party, "", "It is neither you nor the site: it is a network in between."},
    {Side::unknown, "", "Whose side it is on cannot be told."},
};

struct StepRow {
  std::string_view id, name;
};
constexpr StepRow kSteps[] = {
    {"refresh", "refresh the page"},
    {"other-device-or-network", "other device/network"},
    {"browser-cache", "clear the cache"},
    {"other-browser", "other browser"},
    {"dns-cache", "flush the DNS cache"},
    {"wait", "wait 5-10 minutes"},
    {"cdn", "check the CDN"},
    {"custom-dns", "custom DNS resolver"},
};

constexpr std::string_view kScopes[] = {"", "Only you are affected.", "Some visitors are affected.",
                                        "Every visitor gets this."};
constexpr std::string_view kCertainties[] = {"a guess", "likely", "nearly certain", "proven by what was seen"};
constexpr std::string_view kAnswers[] = {"yes", "perhaps", "no", "-"};
constexpr std::string_view kPromises[] = {"fixes it", "may help", "does not help", "would tell more"};
constexpr std::string_view kHops[] = {"works", "broken", "not in the way", "not known"};

template <typename T, std::size_t N>
std::string_view word_of(const std::string_view (&table)[N], T value) {
  return table[std::min(static_cast<std::size_t>(value), N - 1)];
}

}  // namespace

std::string title_of(std::string_view fault) {
  const auto* info = find_fault(fault);
  return std::string(info ? info->title : fault);
}

std::string headline(const Report& report) {
  switch (report.verdict.outcome) {
    case Outcome::healthy:
      return "It works from here";
    case Outcome::fault:
      return report.verdict.finding ? title_of(report.verdict.finding->fault) : "A fault";
    case Outcome::inconclusive:
      break;
  }
  return "It cannot be told from here what is wrong";
}

std::string side_sentence(const Report& report) {
  if (!report.verdict.finding) return {};
  const auto& finding = *report.verdict.finding;
  const auto* info = find_fault(finding.fault);
  const std::string_view hop = info ? to_word(info->hop) : "";
  const auto row = std::ranges::find_if(
      kSides, [&](const SideRow& one) { return one.side == finding.side && (one.hop.empty() || one.hop == hop); });
  return std::string(row == std::end(kSides) ? std::end(kSides)[-1].sentence : row->sentence);
}

std::string_view scope_sentence(const Report& report) {
  return report.verdict.finding ? word_of(kScopes, report.verdict.finding->scope) : "";
}

std::string certainty_sentence(const Report& report) {
  if (!report.verdict.finding) return {};
  return fmt::format("{} sure: {}.", percent(report.verdict.confidence),
                     word_of(kCertainties, report.verdict.finding->certainty));
}

std::string answered_sentence(const Report& report) {
  const auto& who = report.verdict.answered_by;
  return who.empty() || report.verdict.outcome == Outcome::healthy ? ""
         : who == "application"                                    ? "The application itself made the error answer."
                                                                   : who + " made the error answer.";
}

std::vector<std::string> judgement(const Report& report) {
  std::vector<std::string> sentences{side_sentence(report), std::string(scope_sentence(report)),
                                     certainty_sentence(report), answered_sentence(report)};
  if (report.verdict.finding && !report.verdict.finding->cause.empty())
    sentences.push_back(fmt::format("Cause: {}.", report.verdict.finding->cause));
  std::erase(sentences, "");
  return sentences;
}

std::string alternatives_sentence(const Report& report) {
  std::vector<std::string> parts;
  for (const auto& other : report.verdict.alternatives)
    parts.push_back(fmt::format("{} ({})", title_of(other.fault), percent(other.confidence)));
  if (parts.empty()) return {};
  const std::string_view opening = report.verdict.finding ? "It could also be: " : "It could be: ";
  return fmt::format("{}{}.", opening, fmt::join(parts, "; "));
}

std::vector<std::string> further_faults(const Report& report) {
  std::vector<std::string> faults;
  for (const auto& finding : report.verdict.also)
    faults.push_back(fmt::format("{} ({})", title_of(finding.fault), finding.fault));
  return faults;
}

std::string_view step_name(std::string_view step) {
  const auto row = std::ranges::find(kSteps, step, &StepRow::id);
  return row == std::end(kSteps) ? step : row->name;
}

std::string_view answer(Outlook outlook) {
  return word_of(kAnswers, outlook);
}
std::string_view promise(Outlook outlook) {
  return word_of(kPromises, outlook);
}
std::string_view hop_words(HopState state) {
  return word_of(kHops, state);
}

std::string effort(const Report& report) {
  const int requests = report.evidence.requests_sent;
  return fmt::format("{} request{} in {}{}", requests, requests == 1 ? "" : "s", time_text(report.evidence.duration),
                     report.evidence.interrupted ? ", interrupted" : "");
}

std::string time_text(Duration duration) {
  const double ms = static_cast<double>(duration.count()) / 1000.0;
  return ms < 999.5 ? fmt::format("{:.0f} ms", ms) : fmt::format("{:.1f} s", ms / 1000.0);
}

std::string percent(double confidence) {
  const double whole = std::clamp(std::round(confidence * 100.0), 0.0, confidence < 1.0 ? 99.0 : 100.0);
  return fmt::format("{:.0f}%", std::isnan(confidence) ? 0.0 : whole);
}

std::string_view remedies_heading(const Report& report) {
  constexpr std::string_view kHeadings[] = {"What would make it better", "What to do", "What would settle it"};
  return word_of(kHeadings, report.verdict.outcome);
}

std::string varied_text(const Observation& observation) {
  if (observation.varied.empty()) return observation.experiment.empty() ? "baseline" : observation.experiment;
  std::vector<std::string> parts;
  for (const auto& [variable, value] : observation.varied) parts.push_back(fmt::format("{}={}", variable, value));
  return fmt::format("{}", fmt::join(parts, " "));
}

}  // namespace fix502
