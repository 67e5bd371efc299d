#include <gtest/gtest.h>

#include <algorithm>
#include <cctype>
#include <filesystem>
#include <set>

#include "fault/explanations.hpp"
#include "fault/rule.hpp"
#include "runs/recorded.hpp"
#include "visible_faults.hpp"

namespace fix502 {
namespace {

bool is_sentence(std::string_view text) {
  return text.size() > 20 && std::isupper(static_cast<unsigned char>(text.front())) != 0 && text.ends_with('.');
}

std::string source_of(std::string_view id) {
  std::string file(id);
  std::ranges::replace_if(file, [](char c) { return c == '.' || c == '-'; }, '_');
  return std::string(FIX502_SOURCE_DIR) + "/src/fault/faults/" + file + ".cpp";
}

TEST(FaultRegister, IsTheCatalogueOfWhatAVisitorSees) {
  std::set<std::string_view> ids;
  for (const Fault* fault : fault_register()) EXPECT_TRUE(ids.insert(fault->info.id).second) << fault->info.id;
  const std::set<std::string_view> catalogue(std::begin(test::kVisibleFaults), std::end(test::kVisibleFaults));
  EXPECT_EQ(ids, catalogue);
}

TEST(FaultRegister, FindsEachByItsId) {
  for (const auto id : test::kVisibleFaults) {
    const FaultInfo* info = find_fault(id);
    ASSERT_NE(info, nullptr) << id;
    EXPECT_EQ(info->id, id);
  }
  EXPECT_EQ(find_fault("dns.stale"), nullptr);
  EXPECT_EQ(find_fault(""), nullptr);
}

TEST(FaultRegister, NamesFilesAfterTheirFaults) {
  for (const Fault* fault : fault_register())
    EXPECT_TRUE(std::filesystem::exists(source_of(fault->info.id))) << source_of(fault->info.id);
}

TEST(FaultRegister, SaysWhatEachMeansInASentence) {
  for (const Fault* fault : fault_register()) {
    EXPECT_TRUE(is_sentence(fault->info.meaning)) << fault->info.id << ": " << fault->info.meaning;
    EXPECT_FALSE(fault->info.title.empty()) << fault->info.id;
    EXPECT_FALSE(fault->info.title.ends_with('.')) << fault->info.id << ": " << fault->info.title;
  }
}

TEST(Explanations, AreThereForEveryFaultAndNoOther) {
  std::set<std::string_view> catalogue;
  for (const auto& fault : fault_catalogue()) {
    catalogue.insert(fault.id);
    const auto* explanation = find_explanation(fault.id);
    ASSERT_NE(explanation, nullptr) << fault.id;
    EXPECT_TRUE(is_sentence(explanation->visitor)) << fault.id << ": " << explanation->visitor;
    EXPECT_TRUE(is_sentence(explanation->owner)) << fault.id << ": " << explanation->owner;
    EXPECT_NE(explanation->visitor, explanation->owner) << fault.id;
  }
  EXPECT_EQ(explanation_count(), catalogue.size());
  EXPECT_EQ(find_explanation("dns.stale"), nullptr);
}

TEST(Explanations, SpareVisitorsTheTermsOfTheTrade) {
  for (const auto& fault : fault_catalogue())
    for (const std::string_view term :
         {"upstream", "origin", "gateway", "HTTP", "TLS", "TTL", "header", "zone", "NXDOMAIN"})
      EXPECT_EQ(find_explanation(fault.id)->visitor.find(term), std::string_view::npos) << fault.id << ": " << term;
}

/// A browser fault may be the owner's, yet stands at the browser: the id's first word is the hop, wherever it is one.
TEST(FaultRegister, PutsEachAtTheHopOfItsId) {
  for (const Fault* fault : fault_register()) {
    const auto& [id, hop, side, title, meaning] = fault->info;
    EXPECT_EQ(id.substr(0, id.find('.')), to_word(hop)) << id;
  }
}

TEST(FaultRegister, MakesUpOnlyForFaultsThatExist) {
  for (const Fault* fault : fault_register())
    for (const auto prefix : fault->explains)
      EXPECT_TRUE(std::ranges::any_of(test::kVisibleFaults, [&](auto id) { return id.starts_with(prefix); }))
          << fault->info.id << " explains " << prefix;
}

/// Each of those runs is a near miss for every other rule: pipeline/recorded_runs_test.cpp reasons over all of them.
TEST(FaultRegister, HasTwoRecordedRunsForEachRule) {
  std::map<std::string, int> runs;
  for (const auto& [name, expected] : test::expectations())
    for (const auto& fault : expected.fault)
      if (fault) ++runs[*fault];
  for (const Fault* fault : fault_register())
    EXPECT_TRUE(fault->match == nullptr || runs[std::string(fault->info.id)] >= 2) << fault->info.id;
}

/// Rules look at what is there: with nothing seen, none may find anything, and none may break.
TEST(FaultRegister, FindsNothingInNothing) {
  Evidence nothing;
  nothing.target = *parse_target("https://shop.example/");
  const Picture picture(nothing);
  for (const Fault* fault : fault_register())
    EXPECT_FALSE(fault->match != nullptr && fault->match(picture)) << fault->info.id;
}

}  // namespace
}  // namespace fix502
