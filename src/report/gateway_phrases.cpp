#include "report/gateway_phrases.hpp"

#include <fmt/format.h>

#include <chrono>

#include "report/phrases.hpp"

namespace fix502 {

std::string gateway_headline(const GatewayReport& report) {
  if (report.verdict.finding) return title_of(report.verdict.finding->fault);
  return report.verdict.outcome == Outcome::healthy ? "The gateway is in order" : "It cannot be told what is wrong";
}

std::string sign_id(std::size_t finding, std::size_t sign) {
  return fmt::format("f{}e{}", finding + 1, sign + 1);
}

std::string moment(WallTime time) {
  const auto day = std::chrono::floor<std::chrono::days>(time);
  const std::chrono::year_month_day date(day);
  const std::chrono::hh_mm_ss clock(time - day);
  return fmt::format("{:04}-{:02}-{:02}T{:02}:{:02}:{:02}Z", static_cast<int>(date.year()),
                     static_cast<unsigned>(date.month()), static_cast<unsigned>(date.day()), clock.hours().count(),
                     clock.minutes().count(), clock.seconds().count());
}

std::string sign_text(const Sign& sign) {
  if (sign.kind == SignKind::log && sign.count > 0)
    return fmt::format("{}, {} to {}", sign.text, moment(sign.first_seen), moment(sign.last_seen));
  if (sign.kind == SignKind::configuration && !sign.file.empty())
    return fmt::format("{} ({}:{})", sign.text, sign.file, sign.line);
  return sign.text;
}

}  // namespace fix502
