#include "logs/quick_scan.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <random>

#include "logline/message.hpp"
#include "logs/scanner.hpp"

namespace fix502 {
namespace {

std::vector<std::string> quick(const QuickScan& scan, std::string_view block) {
  std::vector<std::string> lines;
  scan.scan(block, [&](std::string_view line) { lines.emplace_back(line); });
  return lines;
}

std::vector<std::string> slow(const Layout& layout, std::string_view block) {
  auto scanner = Scanner::compile(layout_patterns(layout));
  EXPECT_TRUE(scanner);
  Scanner::Scratch scratch(*scanner);
  std::vector<std::string> lines;
  scanner->scan(block, scratch, [&](std::string_view line) { lines.emplace_back(line); });
  return lines;
}

Layout combined() {
  const auto known = std::ranges::find(formats(), "combined", &Format::name);
  auto layout = Layout::compile(known->layout);
  EXPECT_TRUE(layout);
  return std::move(*layout);
}

TEST(QuickScan, FindsWhatTheMatcherOfRegularExpressionsFinds) {
  // Blocks of pieces that are near misses of each other, so that patterns stand across every offset of a stride.
  constexpr std::string_view kPieces[] = {"\" 502 ",
                                          "\" 200 ",
                                          "\" 009 ",
                                          "\" 50 ",
                                          "\" 5021 ",
                                          "\" 599 ",
                                          "x",
                                          "\n",
                                          " ",
                                          "\"",
                                          "5",
                                          " [error] ",
                                          " [erro] ",
                                          " [crit] ",
                                          ":error] [pid",
                                          "r] ",
                                          ":\"e",
                                          "\"level\":\"error\"",
                                          "\n\n",
                                          "GET / HTTP/1.1",
                                          "192.0.2.7 - - ",
                                          "\xff\xfe",
                                          "] "};
  const Layout layout = combined();
  const auto scan = QuickScan::of(layout);
  ASSERT_TRUE(scan);
  std::mt19937 random(502);
  std::size_t found = 0;
  for (int round = 0; round < 3000; ++round) {
    std::string block;
    for (std::size_t i = random() % 60; i > 0; --i) block += kPieces[random() % std::size(kPieces)];
    const auto lines = quick(*scan, block);
    ASSERT_EQ(lines, slow(layout, block)) << block;
    found += lines.size();
  }
  EXPECT_GT(found, 3000U);
}

TEST(QuickScan, OfEveryKnownFormatThatItServesItFindsTheFailure) {
  std::size_t served = 0;
  for (const Format& format : formats()) {
    const auto layout = Layout::compile(format.layout);
    ASSERT_TRUE(layout) << format.name;
    const auto scan = QuickScan::of(*layout);
    if (!scan) continue;
    ++served;
    EXPECT_EQ(quick(*scan, std::string(format.sample) + "\n").size(), 1U) << format.name;
    std::string block;
    for (int i = 0; i < 50; ++i)
      block += std::string(static_cast<std::size_t>(i), 'x') + "\n" + std::string(format.sample) + "\n";
    EXPECT_EQ(quick(*scan, block).size(), 50U) << format.name;
  }
  EXPECT_GE(served, 3U);
}

TEST(QuickScan, FindsEveryMessageOfNginx) {
  const QuickScan scan = QuickScan::of_nginx_errors();
  std::size_t count = 0;
  for (const Message& message : messages()) {
    if (message.program != "nginx") continue;
    ++count;
    const std::string block = "2026/11/22 04:54:03 [info] 12#12: *9 client 192.0.2.1 closed keepalive connection\n" +
                              std::string(message.sample) + "\n";
    EXPECT_EQ(quick(scan, block), std::vector<std::string>{std::string(message.sample)});
  }
  EXPECT_GT(count, 30U);
}

TEST(QuickScan, DoesNotServeLayoutsThatTellOfFailuresElsewhere) {
  for (const char* text : {"{client} \"{request}\" {status} {upstream_status}",
                           "{timers} \"{request}\" {status} {state} {-}", "{client} {time}", "{client} {status}"}) {
    const auto layout = Layout::compile(text);
    ASSERT_TRUE(layout) << text;
    EXPECT_FALSE(QuickScan::of(*layout)) << text;
  }
}

TEST(QuickScan, ALineAtTheEndNeedsNoNewline) {
  const auto scan = QuickScan::of(combined());
  ASSERT_TRUE(scan);
  EXPECT_EQ(quick(*scan, "a\nb \" 502 c"), std::vector<std::string>{"b \" 502 c"});
  EXPECT_TRUE(quick(*scan, "").empty());
  EXPECT_TRUE(quick(*scan, "\" ").empty());
  EXPECT_TRUE(quick(*scan, "\" 50").empty());
}

}  // namespace
}  // namespace fix502
