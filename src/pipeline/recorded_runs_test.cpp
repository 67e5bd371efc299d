// Runs of real servers that are broken in known ways, reasoned over again: each is a case of its fault and a near miss
// of all the others.

#include <gtest/gtest.h>

#include <algorithm>
#include <set>

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

struct Recorded {
  std::string name;
  Expected expected;
  Evidence evidence;
};

const std::vector<Recorded>& recorded() {
  static const std::vector<Recorded> kAll = [] {
    std::vector<Recorded> all;
    for (const auto& [name, expected] : test::expectations()) {
      auto evidence = read_run(test::recorded_run(name));
      EXPECT_TRUE(evidence) << name << ": " << (evidence ? "" : evidence.error().message());
      if (evidence) all.push_back({name, expected, *std::move(evidence)});
    }
    return all;
  }();
  return kAll;
}

std::optional<std::string> word(const Json& json) {
  return json.is_null() ? std::nullopt : std::optional(json.get<std::string>());
}

void expect_cited(const Json& ids, const Evidence& evidence, std::string_view by) {
  for (const auto& id : ids)
    EXPECT_NE(evidence.find(id.get_ref<const std::string&>()), nullptr) << by << " cites " << id;
}

TEST(RecordedRuns, AreThere) {
  EXPECT_GE(recorded().size(), 90U);
}

TEST(RecordedRuns, GiveTheVerdictThatTheLabExpects) {
  for (const auto& [name, expected, evidence] : recorded()) {
    SCOPED_TRACE(name);
    const Json verdict = report_tree(make_report(evidence))["verdict"];
    EXPECT_TRUE(allows(expected.outcome, word(verdict["outcome"]))) << verdict["outcome"];
    EXPECT_TRUE(allows(expected.fault, word(verdict["fault"]))) << verdict["fault"];
    EXPECT_TRUE(allows(expected.hop, word(verdict["hop"]))) << verdict["hop"];
    // product.md: a verdict that cannot claim a side is inconclusive.
    const bool side_fits =
        verdict["outcome"] == "fault" ? allows(expected.side, word(verdict["side"])) : verdict["side"].is_null();
    EXPECT_TRUE(side_fits) << verdict["side"];
  }
}

TEST(RecordedRuns, NameTheFurtherFaultsAndNoOthers) {
  for (const auto& [name, expected, evidence] : recorded()) {
    SCOPED_TRACE(name);
    Expected::Words named;
    for (const auto& also : make_report(evidence).verdict.also) {
      named.emplace_back(also.fault);
      const bool welcome = allows(expected.also, also.fault) || allows(expected.also_maybe, also.fault);
      EXPECT_TRUE(welcome || confidence(also.certainty) < kLoud) << "unexpected: " << also.fault;
    }
    for (const auto& fault : expected.also) EXPECT_TRUE(allows(named, fault)) << "not named: " << *fault;
  }
}

TEST(RecordedRuns, AnswerAllEightStepsAndJudgeAllSevenHops) {
  for (const auto& [name, expected, evidence] : recorded()) {
    SCOPED_TRACE(name);
    const Json report = report_tree(make_report(evidence));
    std::vector<std::string> steps, hops;
    for (const auto& step : report["steps"]) {
      steps.push_back(step["id"]);
      EXPECT_FALSE(step["finding"].get_ref<const std::string&>().empty()) << step["id"];
    }
    for (const auto& hop : report["path"]) hops.push_back(hop["hop"]);
    EXPECT_TRUE(std::ranges::equal(steps, kSteps));
    EXPECT_TRUE(std::ranges::equal(hops, kHops));
  }
}

TEST(RecordedRuns, CiteWhatWasSeenAndBoundTheirConfidence) {
  for (const auto& [name, expected, evidence] : recorded()) {
    SCOPED_TRACE(name);
    const Report report = make_report(evidence);
    const Json tree = report_tree(report);
    const Json& verdict = tree["verdict"];
    expect_cited(verdict["evidence"], evidence, "the verdict");
    EXPECT_TRUE(verdict["outcome"] != "fault" || !verdict["evidence"].empty());
    for (const auto& step : tree["steps"]) expect_cited(step["evidence"], evidence, step["id"].get<std::string>());
    for (const auto& also : report.verdict.also) expect_cited(also.cites, evidence, also.fault);
    const auto expect_share = [](const Json& entry) {
      EXPECT_GT(entry["confidence"], 0.0) << entry;
      EXPECT_LE(entry["confidence"], 1.0) << entry;
    };
    expect_share(verdict);
    for (const auto& entry : verdict["alternatives"]) expect_share(entry);
    for (const auto& entry : verdict["also"]) expect_share(entry);
  }
}

TEST(RecordedRuns, BlameTheHopOfTheVerdict) {
  for (const auto& [name, expected, evidence] : recorded()) {
    SCOPED_TRACE(name);
    const Json report = report_tree(make_report(evidence));
    if (report["verdict"]["outcome"] != "fault") continue;
    const auto blamed =
        std::ranges::find_if(report["path"], [&](const Json& hop) { return hop["hop"] == report["verdict"]["hop"]; });
    ASSERT_NE(blamed, report["path"].end());
    EXPECT_EQ((*blamed)["state"], "broken");
  }
}

TEST(RecordedRuns, ReadBackEqual) {
  for (const auto& [name, expected, evidence] : recorded()) {
    const auto again = read_run(write_run(evidence));
    ASSERT_TRUE(again) << name << ": " << again.error().message();
    EXPECT_TRUE(*again == evidence) << name;
  }
}

/// What stands first in the file must not decide: only the order in time may.
TEST(RecordedRuns, DoNotDependOnTheOrderOfWhatBeganTogether) {
  for (const auto& [name, expected, evidence] : recorded()) {
    Evidence turned = evidence;
    std::ranges::reverse(turned.observations);
    std::ranges::stable_sort(turned.observations, {}, &Observation::started);
    EXPECT_EQ(report_tree(make_report(std::move(turned)))["verdict"], report_tree(make_report(evidence))["verdict"])
        << name;
  }
}

}  // namespace
}  // namespace fix502
