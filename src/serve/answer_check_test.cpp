#include "serve/answer_check.hpp"

#include <gtest/gtest.h>

namespace fix502 {
namespace {

HttpExchange answered(int status) {
  HttpExchange seen;
  seen.status = status;
  seen.http_version = "1.1";
  return seen;
}

ProbeModule wanting(const std::string& must_not, const std::string& must = {}) {
  ProbeModule module;
  if (!must_not.empty()) module.body_must_not.push_back(compile_pattern(must_not).value());
  if (!must.empty()) module.body_must.push_back(compile_pattern(must).value());
  return module;
}

struct BodyCase {
  const char* must_not;
  const char* must;
  std::string_view body;
  bool fits;
};
const BodyCase kBodyCases[] = {
    {"error", "", "all is well", true},
    {"error", "", "an error", false},
    {"(?i)ERROR", "", "an eRRor", false},
    {"", "^<!doctype html>", "<!doctype html>\n<p>", true},
    {"", "</html>$", "</html>\n", false},  // as in Go, and unlike Perl
    {"", "(?m)^b$", "a\nb\nc", true},
    {"", "a.c", "a\nc", false},
    {"", "a.c",
     "a\xFF"
     "c",
     true},  // no UTF-8 is U+FFFD
    {"", "\\pL", "\xC3\xA9", true},
    {"x", "y", "", false},
};

TEST(AnswerCheck, PatternsMeanWhatTheyMeanInGo) {
  for (const auto& one : kBodyCases)
    EXPECT_EQ(check_answer(wanting(one.must_not, one.must), {}, one.body).body_fits, one.fits) << one.body;
}

TEST(AnswerCheck, NoPageMakesAPatternSlow) {
  const std::string body(4 << 20, 'x');
  EXPECT_TRUE(check_answer(wanting("(x+x+)+y"), {}, body).body_fits);
}

TEST(AnswerCheck, FieldsThatAreMissingDoNotFitUnlessTheyMay) {
  const auto module_of = [](bool must, bool may_miss) {
    ProbeModule module;
    auto& list = must ? module.header_must : module.header_must_not;
    list.push_back({"vary", compile_pattern("Cookie").value(), may_miss});
    return module;
  };
  const std::vector<HeaderField> with{{"vary", "Accept"}, {"vary", "Cookie"}}, other{{"vary", "Accept"}}, none;
  EXPECT_FALSE(check_answer(module_of(false, false), with, "").header_fits);
  EXPECT_TRUE(check_answer(module_of(false, false), other, "").header_fits);
  EXPECT_FALSE(check_answer(module_of(false, false), none, "").header_fits);
  EXPECT_TRUE(check_answer(module_of(false, true), none, "").header_fits);
  EXPECT_TRUE(check_answer(module_of(true, false), with, "").header_fits);
  EXPECT_FALSE(check_answer(module_of(true, false), other, "").header_fits);
  EXPECT_TRUE(check_answer(module_of(true, true), none, "").header_fits);
}

TEST(AnswerCheck, WhatIsNotCompressedDoesNotFit) {
  ProbeModule module;
  module.compression = ProbeModule::Compression::gzip;
  const AnswerCheck check = check_answer(module, {}, "plain");
  EXPECT_FALSE(check.decodes);
  const AnswerJudgement judged = judge_answer(module, answered(200), check, true);
  EXPECT_FALSE(judged.success);
  EXPECT_EQ(judged.unmet, "compression");
}

TEST(AnswerJudgement, BlamesAPatternOnlyWhereAllElseWasWell) {
  const ProbeModule module = wanting("x");
  const AnswerCheck check = check_answer(module, {}, "x");
  EXPECT_TRUE(judge_answer(module, answered(200), check, true).by_pattern);
  const AnswerJudgement other = judge_answer(module, answered(500), check, true);
  EXPECT_FALSE(other.by_pattern);
  EXPECT_FALSE(other.success);
  EXPECT_EQ(other.unmet, "valid_status_codes");
  // What is not read fits no pattern: as there, where the body of a redirect that is not followed is closed.
  EXPECT_TRUE(judge_answer(module, answered(200), check_answer(module, {}, ""), false).by_pattern);
}

TEST(AnswerJudgement, ComparesVersionsAsGoNamesThem) {
  ProbeModule module;
  module.versions = {"HTTP/2.0"};
  const AnswerCheck check{.shown = true};
  HttpExchange seen = answered(200);
  EXPECT_EQ(judge_answer(module, seen, check, true).unmet, "valid_http_versions");
  seen.http_version = "2";
  EXPECT_TRUE(judge_answer(module, seen, check, true).success);
}

TEST(AnswerJudgement, NothingAnsweredIsNoSuccess) {
  ProbeModule module;
  module.fail_if_not_ssl = true;
  EXPECT_FALSE(judge_answer(module, HttpExchange{}, AnswerCheck{}, true).success);
  EXPECT_EQ(judge_answer(module, HttpExchange{}, AnswerCheck{}, true).unmet, "");
}

}  // namespace
}  // namespace fix502
