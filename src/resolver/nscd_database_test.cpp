#include "resolver/nscd_database.hpp"

#include <gtest/gtest.h>

#include <cstring>

namespace fix502 {
namespace {

template <typename T>
void put(std::string& bytes, std::size_t offset, T value) {
  if (bytes.size() < offset + sizeof value) bytes.resize(offset + sizeof value, '\0');
  std::memcpy(bytes.data() + offset, &value, sizeof value);
}

std::string reply(std::int32_t found, std::initializer_list<std::uint8_t> address) {
  std::string bytes;
  std::size_t at = 0;
  for (const std::int32_t value : {2, found, 1, static_cast<int>(address.size()), 13, 0}) {
    put(bytes, at, value);
    at += 4;
  }
  for (const auto byte : address) bytes.push_back(static_cast<char>(byte));
  bytes.push_back(address.size() == 16 ? 10 : 2);  // AF_INET6, AF_INET
  return bytes + "shop.example" + '\0';
}

constexpr std::size_t kHeader = 120;  // sizeof(struct database_pers_head)
constexpr std::size_t kData = kHeader + 16;

/// A database of three buckets with one entry in the second; references count from the data's begin.
std::string database() {
  std::string bytes(kData, '\0');
  put<std::int32_t>(bytes, 0, 2);
  put<std::int32_t>(bytes, 4, kHeader);
  put<std::int32_t>(bytes, 40, 3);
  put<std::uint32_t>(bytes, kHeader, 0xffff'ffff);
  put<std::uint32_t>(bytes, kHeader + 4, 0);
  put<std::uint32_t>(bytes, kHeader + 8, 0xffff'ffff);
  put<std::uint8_t>(bytes, kData, 14);
  put<std::int32_t>(bytes, kData + 4, 13);
  put<std::uint32_t>(bytes, kData + 8, 32);  // the key
  put<std::uint32_t>(bytes, kData + 16, 0xffff'ffff);
  put<std::uint32_t>(bytes, kData + 20, 48);  // the record
  bytes.resize(kData + 32, '\0');
  bytes += "shop.example";
  bytes.resize(kData + 48, '\0');
  put<std::int64_t>(bytes, kData + 48 + 8, 1'795'353'900);
  put<std::uint8_t>(bytes, kData + 48 + 18, 1);
  bytes.resize(kData + 48 + 24, '\0');
  return bytes + reply(1, {203, 0, 113, 99});
}

TEST(Nscd, ReadsWhatItKeeps) {
  const auto records = read_nscd_database(database(), "shop.example");
  ASSERT_TRUE(records);
  EXPECT_EQ(*records, (std::vector<NscdRecord>{{false, {"203.0.113.99"}, 1'795'353'900}}));
  EXPECT_EQ(read_nscd_database(database(), "other.example"), std::vector<NscdRecord>{});
  std::string denied = database();
  put<std::uint8_t>(denied, kData + 48 + 16, 1);
  EXPECT_TRUE(read_nscd_database(denied, "shop.example")->front().denial);
  std::string used_up = database();
  put<std::uint8_t>(used_up, kData + 48 + 18, 0);
  EXPECT_TRUE(read_nscd_database(used_up, "shop.example")->empty());
}

TEST(Nscd, TrustsNothingInItsDatabase) {
  const std::string whole = database();
  for (std::size_t cut = 0; cut < whole.size(); ++cut)
    (void)read_nscd_database(std::string_view(whole).substr(0, cut), "shop.example");
  for (std::size_t at = 0; at < whole.size(); ++at)
    for (const char byte : {'\0', '\x01', '\x7f', '\xff'}) {
      std::string bent = whole;
      bent[at] = byte;
      (void)read_nscd_database(bent, "shop.example");
    }
  std::string ring = whole;
  put<std::uint32_t>(ring, kData + 16, 0);  // the entry's next one is itself
  EXPECT_TRUE(read_nscd_database(ring, "shop.example"));
}

TEST(Nscd, ReadsItsAnswers) {
  const auto good = read_nscd_reply(reply(1, {203, 0, 113, 99}));
  ASSERT_TRUE(good);
  EXPECT_TRUE(good->found);
  EXPECT_EQ(good->addresses, std::vector<std::string>{"203.0.113.99"});
  EXPECT_TRUE(read_nscd_reply(reply(-1, {0, 0, 0, 0}))->disabled);
  const std::string whole = reply(1, {0x20, 1, 0x0d, 0xb8, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1});
  EXPECT_EQ(read_nscd_reply(whole)->addresses, std::vector<std::string>{"2001:db8::1"});
  EXPECT_EQ(nscd_reply_size(whole), whole.size());
  for (std::size_t cut = 0; cut < whole.size(); ++cut)
    EXPECT_FALSE(read_nscd_reply(std::string_view(whole).substr(0, cut))) << cut;
}

TEST(Nscd, AsksAsGlibcDoes) {
  const std::string question = nscd_question(kNscdAddresses, "a.b");
  EXPECT_EQ(question, std::string("\x02\0\0\0\x0e\0\0\0\x04\0\0\0a.b\0", 16));
}

}  // namespace
}  // namespace fix502
