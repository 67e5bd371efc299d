// What Chromium 156 and Firefox 153 really said, message by message, while a server on loopback answered, redirected,
// broke off or was not there. Messages with pictures in them are left out of the files.

#include "headless/reader.hpp"

#include <gtest/gtest.h>

#include <fstream>
#include <string>
#include <vector>

#include "headless/message.hpp"

namespace fix502 {
namespace {

std::vector<std::string> transcript(const std::string& name) {
  std::ifstream file(std::string(FIX502_SOURCE_DIR) + "/tests/headless/" + name + ".jsonl");
  std::vector<std::string> lines;
  for (std::string line; std::getline(file, line);) lines.push_back(line);
  return lines;
}

struct Read {
  BrowserVisit visit;
  bool done = false;
  int passed = 0;
  int held = 0;
};

/// The first line names the frame; the answer to our own command is the one that has it, or an error.
template <typename Reader>
Read read(const std::vector<std::string>& lines) {
  Read result;
  if (lines.empty()) return result;
  Reader reader(id_at(Json::parse(lines.front()), {"frame"}));
  for (std::size_t i = 1; i < lines.size(); ++i) {
    const Json message = Json::parse(lines[i], nullptr, false);
    if (member(message, {"id"}) != nullptr) reader.navigated(message);
    const auto held = reader.read(message);
    if (!held) continue;
    ++result.held;
    result.passed += held->pass ? 1 : 0;
  }
  result.visit = reader.visit();
  result.done = reader.done();
  return result;
}

Read read_named(const std::string& name) {
  return name.starts_with("chromium") ? read<DevtoolsReader>(transcript(name)) : read<BidiReader>(transcript(name));
}

std::optional<Held> tell(DevtoolsReader& reader, const char* message) {
  return reader.read(Json::parse(message));
}

struct Situation {
  std::string name;
  std::optional<int> status;
  Failure failure = Failure::none;
  std::string net_error;
  std::string path;  ///< of the final address
  std::size_t redirects = 0;
  bool from_cache = false;
  int requests = 1;
};

const Situation kSituations[] = {
    {"chromium-redirect-to-page", 200, Failure::none, "", "/page", 1, false, 2},
    {"chromium-stored-502", 502, Failure::none, "", "/502", 0, true, 0},
    {"chromium-short-body", 200, Failure::truncated, "net::ERR_CONTENT_LENGTH_MISMATCH", "/short", 0, false, 1},
    {"chromium-refused", std::nullopt, Failure::refused, "net::ERR_CONNECTION_REFUSED", "/", 0, false, 1},
    {"firefox-redirect-to-page", 200, Failure::none, "", "/page", 1, false, 2},
    {"firefox-502", 502, Failure::none, "", "/502", 0, false, 1},
    {"firefox-short-body", 200, Failure::truncated, "NS_ERROR_NET_PARTIAL_TRANSFER", "/short", 0, false, 1},
    {"firefox-refused", std::nullopt, Failure::refused, "NS_ERROR_CONNECTION_REFUSED", "/", 0, false, 1},
};

TEST(Readers, ReadWhatBrowsersSaid) {
  for (const auto& expected : kSituations) {
    const Read seen = read_named(expected.name);
    EXPECT_TRUE(seen.done) << expected.name;
    EXPECT_EQ(seen.visit.status, expected.status) << expected.name;
    EXPECT_EQ(seen.visit.failure, expected.failure) << expected.name;
    EXPECT_EQ(seen.visit.net_error, expected.net_error) << expected.name;
    EXPECT_TRUE(seen.visit.final_url.ends_with(expected.path)) << expected.name << " " << seen.visit.final_url;
    EXPECT_EQ(seen.visit.redirects.size(), expected.redirects) << expected.name;
    EXPECT_EQ(seen.visit.from_cache, expected.from_cache) << expected.name;
    EXPECT_EQ(seen.visit.requests, expected.requests) << expected.name;
    EXPECT_EQ(seen.visit.trouble, "") << expected.name;
  }
}

TEST(Readers, LetTheDocumentPassAndNothingElse) {
  for (const auto& expected : kSituations) {
    const Read seen = read_named(expected.name);
    EXPECT_EQ(seen.passed, static_cast<int>(expected.redirects) + 1) << expected.name;
    EXPECT_TRUE(expected.failure != Failure::none || seen.held > seen.passed) << expected.name;
  }
}

TEST(Readers, KeepNoCookie) {
  for (const auto& expected : kSituations)
    for (const auto& field : read_named(expected.name).visit.headers)
      EXPECT_EQ(field.value.find("secret12345"), std::string::npos) << expected.name;
}

TEST(Readers, TakeAnyBeginningOfIt) {
  for (const auto& expected : kSituations) {
    auto lines = transcript(expected.name);
    for (std::size_t size = lines.size(); size > 1; --size) {
      lines.resize(size);
      // The last line cut in half as well.
      auto torn = lines;
      torn.back().resize(torn.back().size() / 2);
      const bool chromium = expected.name.starts_with("chromium");
      static_cast<void>(chromium ? read<DevtoolsReader>(torn) : read<BidiReader>(torn));
      const Read seen = chromium ? read<DevtoolsReader>(lines) : read<BidiReader>(lines);
      EXPECT_LE(seen.visit.redirects.size(), kMostRedirects);
    }
  }
}

TEST(Readers, DoNotBelieveAnotherFrame) {
  DevtoolsReader reader("mine");
  const Json other = Json::parse(
      R"({"method":"Network.requestWillBeSent","params":{"requestId":"1","loaderId":"1","frameId":"other",
          "type":"Document","request":{"url":"http://shop.example/"}}})");
  EXPECT_FALSE(reader.read(other));
  EXPECT_EQ(reader.visit().final_url, "");
  const Json held = Json::parse(
      R"({"method":"Fetch.requestPaused","params":{"requestId":"i1","frameId":"other","resourceType":"Document"}})");
  const auto told = reader.read(held);
  ASSERT_TRUE(told);
  EXPECT_FALSE(told->pass);
}

TEST(Readers, StopTheReloadOfAnErrorPage) {
  DevtoolsReader reader("mine");
  tell(reader,
       R"({"method":"Network.requestWillBeSent","params":{"requestId":"1","loaderId":"1","frameId":"mine",
          "type":"Document","request":{"url":"http://shop.example/"}}})");
  tell(reader,
       R"({"method":"Network.loadingFailed","params":{"requestId":"1","errorText":"net::ERR_EMPTY_RESPONSE"}})");
  EXPECT_TRUE(reader.done());
  EXPECT_EQ(reader.visit().failure, Failure::closed_early);
  const auto again = tell(
      reader,
      R"({"method":"Fetch.requestPaused","params":{"requestId":"i2","frameId":"mine","resourceType":"Document"}})");
  ASSERT_TRUE(again);
  EXPECT_FALSE(again->pass);
}

TEST(Readers, CallADownloadAnAnswer) {
  DevtoolsReader reader("mine");
  tell(reader, R"({"method":"Network.requestWillBeSent","params":{"requestId":"1","loaderId":"1","frameId":"mine",
          "type":"Document","request":{"url":"http://shop.example/file"}}})");
  tell(reader,
       R"({"method":"Network.responseReceived","params":{"requestId":"1","response":{"status":200,"headers":{}}}})");
  tell(
      reader,
      R"({"method":"Network.loadingFailed","params":{"requestId":"1","errorText":"net::ERR_ABORTED","canceled":true}})");
  EXPECT_TRUE(reader.done());
  EXPECT_EQ(reader.visit().failure, Failure::none);
  EXPECT_EQ(reader.visit().status, 200);
}

TEST(Readers, SayWhenTheBrowserWouldNotAsk) {
  DevtoolsReader reader("mine");
  reader.navigated(Json::parse(R"({"id":5,"result":{"frameId":"mine","errorText":"net::ERR_UNSAFE_PORT"}})"));
  EXPECT_TRUE(reader.done());
  EXPECT_NE(reader.visit().trouble, "");
}

TEST(Messages, AreOnlyWhatTheyAre) {
  const Json odd = Json::parse(R"({"method":7,"params":[1],"a":{"b":"x\u001b[31m","n":1e300,"s":-5}})");
  EXPECT_EQ(id_at(odd, {"method"}), "");
  EXPECT_EQ(text_at(odd, {"params", "x"}), "");
  EXPECT_EQ(text_at(odd, {"a", "b"}).find('\x1b'), std::string::npos);
  EXPECT_FALSE(number_at(odd, {"a", "n"}));
  EXPECT_EQ(number_at(odd, {"a", "s"}), -5);
  EXPECT_FALSE(flag_at(odd, {"a", "b"}));
}

}  // namespace
}  // namespace fix502
