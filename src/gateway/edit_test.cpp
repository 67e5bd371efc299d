#include "gateway/edit.hpp"

#include <gtest/gtest.h>

namespace fix502 {
namespace {

const FileTexts kEditFile = {{"/etc/g.conf", "a\nb\n  c\nd\ne\nf\ng\nh\ni\nj\n"}};

TEST(Edit, ReplacesBytesAndLeavesTheRest) {
  const auto after = apply_edits(kEditFile, {{"/etc/g.conf", 2, 3, "B"}, {"/etc/g.conf", 16, 16, "h2\n"}});
  ASSERT_TRUE(after);
  EXPECT_EQ(after->at("/etc/g.conf"), "a\nB\n  c\nd\ne\nf\ng\nh2\nh\ni\nj\n");
}

TEST(Edit, RefusesOverlapsForeignFilesAndWhatLiesOutside) {
  EXPECT_FALSE(apply_edits(kEditFile, {{"/etc/g.conf", 0, 4, ""}, {"/etc/g.conf", 2, 3, ""}}));
  EXPECT_FALSE(apply_edits(kEditFile, {{"/etc/other", 0, 0, "x"}}));
  EXPECT_FALSE(apply_edits(kEditFile, {{"/etc/g.conf", 5, 500, ""}}));
}

TEST(Edit, DiffShowsHunksWithContext) {
  const auto after = apply_edits(kEditFile, {{"/etc/g.conf", 2, 3, "B"}, {"/etc/g.conf", 20, 21, "J"}});
  ASSERT_TRUE(after);
  EXPECT_EQ(unified_diff(kEditFile, *after),
            "--- /etc/g.conf\n+++ /etc/g.conf\n@@ -1,5 +1,5 @@\n a\n-b\n+B\n   c\n d\n e\n"
            "@@ -7,4 +7,4 @@\n g\n h\n i\n-j\n+J\n");
  EXPECT_EQ(unified_diff(kEditFile, kEditFile), "");
}

TEST(Edit, DiffSaysWhereTheLastLineEnds) {
  EXPECT_EQ(unified_diff({{"f", "a"}}, {{"f", "a\n"}}),
            "--- f\n+++ f\n@@ -1 +1 @@\n-a\n\\ No newline at end of file\n+a\n");
}

TEST(Edit, InsertsALineLikeItsNeighbour) {
  const std::string text = "a {\r\n\tb;\r\n}\r\n";
  const auto behind = apply_edits({{"f", text}}, {insert_line("f", text, 7, true, "c;")});
  ASSERT_TRUE(behind);
  EXPECT_EQ(behind->at("f"), "a {\r\n\tb;\r\n\tc;\r\n}\r\n");
  const auto before = apply_edits({{"f", text}}, {insert_line("f", text, 7, false, "c;")});
  ASSERT_TRUE(before);
  EXPECT_EQ(before->at("f"), "a {\r\n\tc;\r\n\tb;\r\n}\r\n");
  const auto unended = apply_edits({{"f", " x"}}, {insert_line("f", " x", 1, true, "y")});
  ASSERT_TRUE(unended);
  EXPECT_EQ(unended->at("f"), " x\n y");
}

}  // namespace
}  // namespace fix502
