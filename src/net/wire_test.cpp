#include "net/wire.hpp"

#include <gtest/gtest.h>

#include <random>

namespace fix502 {
namespace {

using namespace std::string_literals;

std::string bytes_of(std::string_view hex) {
  std::string bytes;
  std::string digits;
  for (const char c : hex) {
    if (c == ' ' || c == '\n') continue;
    digits += c;
    if (digits.size() < 2) continue;
    bytes += static_cast<char>(std::stoi(digits, nullptr, 16));
    digits.clear();
  }
  return bytes;
}

DnsExchange asked_for(std::string name, std::string type) {
  DnsExchange exchange;
  exchange.server = "192.0.2.1:53";
  exchange.name = std::move(name);
  exchange.type = std::move(type);
  return exchange;
}

// "www.example A": a CNAME to a.example, its address; an OPT record with EDE 9 and a text.
const std::string kAnswer = bytes_of(R"(
  1234 8180 0001 0002 0000 0001
  03 777777 07 6578616d706c65 00 0001 0001
  c00c 0005 0001 0000003c 0004 01 41 c010
  01 61 c010 0001 0001 0000012c 0004 c0000201
  00 0029 04d0 00 00 0000 000a 000f 0006 0009 6f6f70 73)");

TEST(ReadAnswer, ReadsRecordsFlagsAndExtendedErrors) {
  const auto read = read_answer(kAnswer, asked_for("www.example", "A"));
  ASSERT_TRUE(read) << read.error().message();
  EXPECT_EQ(read->rcode, "NOERROR");
  EXPECT_TRUE(read->recursion_available);
  EXPECT_FALSE(read->authoritative);
  EXPECT_EQ(read->extended_error, "9 DNSKEY Missing: oops");
  const std::vector<DnsRecord> expect = {{"www.example", "CNAME", 60, "a.example"},
                                         {"a.example", "A", 300, "192.0.2.1"}};
  EXPECT_EQ(read->answer, expect);
  EXPECT_EQ(read->addresses(), std::vector<std::string>{"192.0.2.1"});
  EXPECT_EQ(read->server, "192.0.2.1:53");
}

struct RecordCase {
  const char* what;
  const char* hex;  // type, class, ttl, length, data
  const char* type;
  const char* data;
};

const RecordCase kRecords[] = {
    {"AAAA", "001c 0001 00000001 0010 20010db8000000000000000000000001", "AAAA", "2001:db8::1"},
    {"a name server in capitals", "0002 0001 00000001 0005 03 4e5331 00", "NS", "ns1"},
    {"a terminal escape in a name", "0005 0001 00000001 0006 04 1b5b324a 00", "CNAME", "\\027[2j"},
    {"a text", "0010 0001 00000001 0004 03 1b2263", "TXT", "\"\\027\\\"c\""},
    {"the type that browsers ask", "0041 0001 00000001 0003 0001 00", "HTTPS", "1 ."},
    {"a private type", "ff01 0001 00000001 0002 abcd", "TYPE65281", "\\# 2 abcd"},
};

TEST(ReadAnswer, ShowsEveryKindOfData) {
  for (const auto& row : kRecords) {
    const std::string message = bytes_of("1234 8400 0001 0001 0000 0000 01 61 00 0001 0001 c00c"s + row.hex);
    const auto read = read_answer(message, asked_for("a", "A"));
    ASSERT_TRUE(read) << row.what << ": " << read.error().message();
    ASSERT_EQ(read->answer.size(), 1U) << row.what;
    EXPECT_EQ(read->answer[0].type, row.type) << row.what;
    EXPECT_EQ(read->answer[0].data, row.data) << row.what;
    EXPECT_TRUE(read->authoritative);
  }
}

TEST(ReadAnswer, NamesTheRcode) {
  const std::pair<const char*, const char*> rows[] = {
      {"8183", "NXDOMAIN"}, {"8182", "SERVFAIL"}, {"8185", "REFUSED"}, {"8184", "NOTIMP"}, {"818d", "RCODE13"}};
  for (const auto& [flags, rcode] : rows) {
    const auto read =
        read_answer(bytes_of("1234 "s + flags + " 0001 0000 0000 0000 01 61 00 0001 0001"), asked_for("a", "A"));
    ASSERT_TRUE(read);
    EXPECT_EQ(read->rcode, rcode);
  }
  // The upper bits stand in the OPT record (RFC 6891 6.1.3).
  const auto extended = bytes_of("1234 8180 0001 0000 0000 0001 01 61 00 0001 0001 00 0029 04d0 01 00 0000 0000");
  EXPECT_EQ(read_answer(extended, asked_for("a", "A"))->rcode, "BADVERS");
}

TEST(ReadAnswer, RefusesWhatIsNoMessage) {
  const char* const rows[] = {
      "",
      "1234 8180",
      "1234 8180 0001 0001 0000 0000",                 // nothing follows
      "1234 8180 0001 0000 0000 0000 3f 61",           // a label beyond the end
      "1234 8180 0001 0000 0000 0000 c00c 0001 0001",  // points at itself
      "1234 8180 0001 0001 0000 0000 01 61 00 0001 0001 c00c 0001 0001 00000001 ffff c0000201",  // data beyond the end
      "1234 0100 0001 0000 0000 0000 01 61 00 0001 0001",                                        // a question
  };
  for (const auto* row : rows) EXPECT_FALSE(read_answer(bytes_of(row), asked_for("a", "A"))) << row;
}

TEST(ReadAnswer, IsBounded) {
  std::string many = bytes_of("1234 8180 0001 0fa0 0000 0000 01 61 00 0001 0001");
  for (int i = 0; i < 4000; ++i) many += bytes_of("c00c 0001 0001 00000001 0004 c0000201");
  many.resize(std::min<std::size_t>(many.size(), 65'535));
  const auto read = read_answer(many.substr(0, 19 + 4000 * 16), asked_for("a", "A"));
  ASSERT_TRUE(read) << read.error().message();
  EXPECT_EQ(read->answer.size(), 100U);
  EXPECT_FALSE(read_answer(std::string(70'000, 'x'), asked_for("a", "A")));
}

TEST(ReadAnswer, SurvivesDamage) {
  std::mt19937 random(502);  // the same damage every time
  int read = 0;
  for (int round = 0; round < 20'000; ++round) {
    std::string damaged = kAnswer;
    for (unsigned i = 0; i <= random() % 4; ++i) damaged[random() % damaged.size()] = static_cast<char>(random());
    if (random() % 4 == 0) damaged.resize(random() % damaged.size());
    if (const auto answer = read_answer(damaged, asked_for("www.example", "A"))) {
      ++read;
      for (const auto& record : answer->answer) {
        EXPECT_LE(record.data.size(), 1024U);
        EXPECT_EQ(record.name.find('\x1b'), std::string::npos);
      }
    }
  }
  EXPECT_GT(read, 1000);
}

TEST(BuildQuery, WritesWhatIsAsked) {
  DnsQuery query;
  query.name = "www.example";
  EXPECT_EQ(*build_query(query, 0x1234, false),
            bytes_of("1234 0100 0001 0000 0000 0000 03 777777 07 6578616d706c65 00 0001 0001"));
  query.recursion_desired = false;
  query.checking_disabled = true;
  query.dnssec_ok = true;
  query.type = "HTTPS";
  EXPECT_EQ(*build_query(query, 1, true),
            bytes_of("0001 0010 0001 0000 0000 0001 03 777777 07 6578616d706c65 00 0041 0001"
                     "00 0029 04d0 0000 8000 0000"));
  query.name = ".";
  query.type = "NS";
  EXPECT_EQ(*build_query(query, 1, false), bytes_of("0001 0010 0001 0000 0000 0000 00 0002 0001"));
}

TEST(BuildQuery, RefusesWhatIsNoQuestion) {
  const std::pair<std::string, std::string> rows[] = {
      {"a..b", "A"}, {std::string(64, 'a') + ".example", "A"}, {"a.example", "NONSENSE"}, {"a\0b"s, "A"}};
  for (const auto& [name, type] : rows) {
    DnsQuery query;
    query.name = name;
    query.type = type;
    EXPECT_FALSE(build_query(query, 1, true)) << name << " " << type;
  }
}

TEST(IsReplyTo, TakesOnlyTheAnswerToTheQuestion) {
  DnsQuery query;
  query.name = "www.example";
  const std::string sent = *build_query(query, 0x1234, true);
  EXPECT_TRUE(is_reply_to(kAnswer, sent));
  const auto changed = [](std::size_t at, char value) {
    std::string reply = kAnswer;
    reply[at] = value;
    return reply;
  };
  EXPECT_TRUE(is_reply_to(changed(13, 'W'), sent)) << "names compare without case";
  EXPECT_FALSE(is_reply_to(changed(0, 0x13), sent)) << "another id";
  EXPECT_FALSE(is_reply_to(changed(2, 0x01), sent)) << "a question";
  EXPECT_FALSE(is_reply_to(changed(2, '\xa8'), sent)) << "another opcode";
  EXPECT_FALSE(is_reply_to(changed(13, 'v'), sent)) << "another name";
  EXPECT_FALSE(is_reply_to(changed(26, 28), sent)) << "another type";
  EXPECT_FALSE(is_reply_to(kAnswer.substr(0, 20), sent)) << "cut";
  EXPECT_FALSE(is_reply_to("", sent));
  EXPECT_TRUE(is_reply_to(bytes_of("1234 8101 0000 0000 0000 0000"), sent)) << "FORMERR without a question";
  EXPECT_FALSE(is_reply_to(bytes_of("1234 8180 0000 0000 0000 0000"), sent)) << "NOERROR without a question";
  EXPECT_TRUE(is_truncated(changed(2, '\x83')));
  EXPECT_FALSE(is_truncated(kAnswer));
}

}  // namespace
}  // namespace fix502
