#include "demo/demo.hpp"

#include <gtest/gtest.h>

#include <set>

#include "demo/demo_net.hpp"
#include "demo/stage.hpp"
#include "fault/fault.hpp"
#include "net/real_net.hpp"
#include "pipeline/observe.hpp"
#include "target/target.hpp"

namespace fix502 {
namespace {

std::string name_of(const testing::TestParamInfo<const Demo*>& info) {
  std::string name(info.param->fault);
  for (char& c : name)
    if (c == '.' || c == '-') c = '_';
  return name;
}

class EveryDemo : public testing::TestWithParam<const Demo*> {
 protected:
  Evidence look() {
    auto opened = DemoStage::open(loop_, *GetParam());
    EXPECT_TRUE(opened) << opened.error().message();
    if (!opened) return {};
    stage_.emplace(std::move(*opened));
    const auto real = real_net(loop_);
    const DemoHost visitor = stage_->visitor();
    DemoNet net(*real, visitor);
    Assignment assignment;
    assignment.target = *parse_target(stage_->url());
    stage_->furnish(assignment.settings);
    Evidence evidence = observe(loop_, net, visitor, std::move(assignment));
    stage_->correct(evidence);
    return evidence;
  }

  boost::asio::io_context loop_;
  std::optional<DemoStage> stage_;
};

/// What was seen, for whoever has to find out why a demo got another verdict.
std::string told(const Evidence& evidence, const Verdict& verdict) {
  std::string text = verdict.summary + "\n";
  for (const auto& seen : evidence.observations) {
    text += "  " + seen.id + " " + seen.experiment;
    for (const auto& [variable, value] : seen.varied) text += " " + variable + "=" + value;
    text += ": " + outcome(seen) + "\n";
  }
  return text;
}

TEST_P(EveryDemo, IsFound) {
  const Demo& demo = *GetParam();
  const FaultInfo* info = find_fault(demo.fault);
  ASSERT_NE(info, nullptr);
  const Evidence evidence = look();
  const Verdict verdict = diagnose(evidence);
  ASSERT_TRUE(verdict.finding) << to_word(verdict.outcome) << ": " << told(evidence, verdict);
  EXPECT_EQ(to_word(verdict.outcome), "fault");
  EXPECT_EQ(verdict.finding->fault, demo.fault) << told(evidence, verdict);
  EXPECT_EQ(to_word(find_fault(verdict.finding->fault)->hop), to_word(info->hop));
  EXPECT_EQ(to_word(verdict.finding->side), to_word(info->side));
}

INSTANTIATE_TEST_SUITE_P(Demos, EveryDemo, testing::ValuesIn(demos()), name_of);

TEST(Demos, AreAtLeastTwelveAndDifferent) {
  std::set<std::string_view> ids;
  for (const Demo* demo : demos()) ids.insert(demo->fault);
  EXPECT_EQ(ids.size(), demos().size());
  EXPECT_GE(ids.size(), 12U);
}

TEST(Demos, LeaveNoWordUnfilled) {
  for (const Demo* demo : demos()) {
    boost::asio::io_context loop;
    const auto stage = DemoStage::open(loop, *demo);
    ASSERT_TRUE(stage) << demo->fault << ": " << stage.error().message();
    std::string text = stage->broken();
    for (const auto& command : stage->checks()) text += "\n" + command;
    EXPECT_EQ(text.find('{'), text.npos) << demo->fault << ": " << text;
    EXPECT_FALSE(stage->checks().empty()) << demo->fault;
    EXPECT_LE(demo->about.size(), 54U) << demo->fault;  // beside its id, in 80 columns
  }
}

TEST(Demos, ListenOnLoopbackAlone) {
  for (const Demo* demo : demos()) {
    boost::asio::io_context loop;
    const auto stage = DemoStage::open(loop, *demo);
    ASSERT_TRUE(stage) << demo->fault << ": " << stage.error().message();
    for (const auto& address : stage->addresses()) EXPECT_TRUE(address.starts_with("127.")) << demo->fault << address;
  }
}

TEST(Demos, KnowNoOtherFault) {
  EXPECT_EQ(find_demo("origin.bad-gatewa"), nullptr);
  EXPECT_EQ(find_demo(""), nullptr);
  EXPECT_NE(find_demo("origin.bad-gateway"), nullptr);
}

}  // namespace
}  // namespace fix502
