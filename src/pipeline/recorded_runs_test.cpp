// Runs of real servers that are broken in known ways, reasoned over again: each is a case of its fault and a near miss
// of all the others.

#include <gtest/gtest.h>

#include <algorithm>
#include <optional>

#include "fault/fault.hpp"
#include "report/report.hpp"
#include "runs/recorded.hpp"

namespace fix502 {
namespace {

using test::allows;
using test::Expected;

constexpr std::string_view kSteps[] = {
    "refresh", "other-device-or-network", "browser-cache", "other-browser", "dns-cache", "wait", "cdn", "custom-dns"};
constexpr std::string_view kHops[] = {"browser", "device", "network", "dns", "cdn", "gateway", "origin"};
/// A further fault named with at least this confidence is a claim; with less it is a hint (lab/README.md).
constexpr double kLoud = 0.5;

std::optional<std::string> word(const Json& json) {
  return json.is_null() ? std::nullopt : std::optional(json.get<std::string>());
}

void expect_verdict(const Json& verdict, const Expected& expected) {
  EXPECT_TRUE(allows(expected.outcome, word(verdict["outcome"]))) << verdict["outcome"];
  EXPECT_TRUE(allows(expected.fault, word(verdict["fault"]))) << verdict["fault"];
  EXPECT_TRUE(allows(expected.hop, word(verdict["hop"]))) << verdict["hop"];
  // product.md: a verdict that cannot claim a side is inconclusive.
  const bool side_fits =
      verdict["outcome"] == "fault" ? allows(expected.side, word(verdict["side"])) : verdict["side"].is_null();
  EXPECT_TRUE(side_fits) << verdict["side"];
}

void expect_further_faults(const Json& verdict, const Expected& expected) {
  Expected::Words named;
  for (const auto& also : verdict["also"]) {
    const auto fault = word(also["fault"]);
    named.push_back(fault);
    const bool welcome = allows(expected.also, fault) || allows(expected.also_maybe, fault);
    EXPECT_TRUE(welcome || also["confidence"] < kLoud) << "unexpected: " << *fault;
  }
  for (const auto& fault : expected.also) EXPECT_TRUE(allows(named, fault)) << "not named: " << *fault;
}

void expect_steps_and_path(const Json& report) {
  std::vector<std::string> steps, hops;
  for (const auto& step : report["steps"]) {
    steps.push_back(step["id"]);
    EXPECT_NE(step["finding"], "") << step["id"];
  }
  EXPECT_TRUE(std::ranges::equal(steps, kSteps));
  const Json& verdict = report["verdict"];
  for (const auto& hop : report["path"]) {
    hops.push_back(hop["hop"]);
    EXPECT_TRUE(verdict["outcome"] != "fault" || hop["hop"] != verdict["hop"] || hop["state"] == "broken") << hop;
  }
  EXPECT_TRUE(std::ranges::equal(hops, kHops));
}

void expect_evidence(const Json& entry, const Evidence& evidence) {
  for (const auto& id : entry["evidence"])
    EXPECT_NE(evidence.find(id.get_ref<const std::string&>()), nullptr) << id << ", cited by " << entry;
}

void expect_confidence(const Json& entry) {
  EXPECT_GT(entry["confidence"], 0.0) << entry;
  EXPECT_LE(entry["confidence"], 1.0) << entry;
}

void expect_grounds(const Json& report, const Evidence& evidence) {
  const Json& verdict = report["verdict"];
  EXPECT_TRUE(verdict["outcome"] != "fault" || !verdict["evidence"].empty());
  expect_evidence(verdict, evidence);
  expect_confidence(verdict);
  for (const auto& step : report["steps"]) expect_evidence(step, evidence);
  for (const auto& also : verdict["also"]) {
    expect_evidence(also, evidence);
    expect_confidence(also);
  }
  for (const auto& alternative : verdict["alternatives"]) expect_confidence(alternative);
}

/// What stands first in the file must not decide: only the order in time may.
void expect_same_when_turned(Evidence evidence, const Json& verdict) {
  std::ranges::reverse(evidence.observations);
  std::ranges::stable_sort(evidence.observations, {}, &Observation::started);
  EXPECT_EQ(diagnose(evidence).summary, verdict["summary"].get<std::string>());
}

TEST(RecordedRuns, GiveWhatTheLabExpects) {
  const auto expectations = test::expectations();
  EXPECT_GE(expectations.size(), 90U);
  for (const auto& [name, expected] : expectations) {
    SCOPED_TRACE(name);
    const auto evidence = read_run(test::recorded_run(name));
    if (!evidence) {
      ADD_FAILURE() << evidence.error().message();
      continue;
    }
    const Json report = report_tree(make_report(*evidence));
    expect_verdict(report["verdict"], expected);
    expect_further_faults(report["verdict"], expected);
    expect_steps_and_path(report);
    expect_grounds(report, *evidence);
    expect_same_when_turned(*evidence, report["verdict"]);
  }
}

TEST(RecordedRuns, ReadBackEqual) {
  for (const auto& [name, expected] : test::expectations()) {
    const auto evidence = read_run(test::recorded_run(name));
    ASSERT_TRUE(evidence) << name << ": " << evidence.error().message();
    const auto again = read_run(write_run(*evidence));
    ASSERT_TRUE(again) << name << ": " << again.error().message();
    EXPECT_TRUE(*again == *evidence) << name;
  }
}

}  // namespace
}  // namespace fix502
