#include "resolver/nscd_database.hpp"

#include <arpa/inet.h>

#include <algorithm>
#include <array>
#include <cstring>

#include "resolver/bounds.hpp"

namespace fix502 {
namespace {

constexpr std::int32_t kVersion = 2;  // NSCD_VERSION
constexpr std::int32_t kDatabaseVersion = 2;
constexpr std::size_t kMaxEntries = 1'000'000;  // entries may be chained in a ring by a writer, or an attacker

// Offsets, the same on every 64-bit machine.
constexpr std::size_t kHeadModule = 40, kHeadSize = 4;
constexpr std::size_t kEntryLength = 4, kEntryKey = 8, kEntryNext = 16, kEntryPacket = 20;
constexpr std::size_t kDataTimeout = 8, kDataNotFound = 16, kDataUsable = 18, kDataBody = 24;
constexpr std::size_t kReplyHeader = 24;  // version, found, naddrs, addrslen, canonlen, error
constexpr std::size_t kAlign = 16;

template <typename T>
std::optional<T> at(std::string_view bytes, std::size_t offset) {
  if (offset > bytes.size() || bytes.size() - offset < sizeof(T)) return std::nullopt;
  T value{};
  std::memcpy(&value, bytes.data() + offset, sizeof(T));
  return value;
}

std::string_view part(std::string_view bytes, std::size_t offset, std::size_t length) {
  return offset > bytes.size() || bytes.size() - offset < length ? std::string_view() : bytes.substr(offset, length);
}

/// The database's hash table and the area that all references point into.
struct Database {
  std::size_t buckets_at = 0;
  std::size_t buckets = 0;
  std::string_view data;
};

std::optional<Database> open_database(std::string_view bytes) {
  const auto version = at<std::int32_t>(bytes, 0);
  const auto header = at<std::int32_t>(bytes, kHeadSize);
  const auto module = at<std::int32_t>(bytes, kHeadModule);
  if (!version || *version != kDatabaseVersion || !header || *header <= 0 || !module || *module <= 0)
    return std::nullopt;
  Database database;
  database.buckets_at = static_cast<std::size_t>(*header);
  database.buckets = static_cast<std::size_t>(*module);
  const std::size_t table = (database.buckets * 4 + kAlign - 1) / kAlign * kAlign;
  if (database.buckets_at + table > bytes.size()) return std::nullopt;
  database.data = bytes.substr(database.buckets_at + table);
  return database;
}

std::optional<NscdRecord> read_record(std::string_view data, std::size_t packet) {
  const auto until = at<std::int64_t>(data, packet + kDataTimeout);
  const auto missing = at<std::uint8_t>(data, packet + kDataNotFound);
  const auto usable = at<std::uint8_t>(data, packet + kDataUsable);
  if (!until || !missing || !usable || *usable == 0) return std::nullopt;
  NscdRecord record;
  record.until = *until;
  record.denial = *missing != 0;
  if (record.denial) return record;
  const std::size_t body = packet + kDataBody;
  if (body > data.size()) return std::nullopt;
  auto reply = read_nscd_reply(data.substr(body));
  if (!reply || !reply->found) return std::nullopt;
  record.addresses = std::move(reply->addresses);
  return record;
}

std::optional<NscdRecord> read_entry(std::string_view data, std::size_t entry, std::string_view name) {
  const auto type = at<std::uint8_t>(data, entry);
  const auto length = at<std::int32_t>(data, entry + kEntryLength);
  const auto key = at<std::uint32_t>(data, entry + kEntryKey);
  const auto packet = at<std::uint32_t>(data, entry + kEntryPacket);
  if (!type || *type != kNscdAddresses || !length || !key || !packet) return std::nullopt;
  // The key's length counts its NUL.
  if (*length <= 0 || static_cast<std::size_t>(*length) != name.size() + 1) return std::nullopt;
  if (part(data, *key, name.size()) != name || *packet > data.size()) return std::nullopt;
  return read_record(data, *packet);
}

}  // namespace

std::optional<std::vector<NscdRecord>> read_nscd_database(std::string_view bytes, std::string_view name) {
  const auto database = open_database(bytes);
  if (!database) return std::nullopt;
  constexpr std::uint32_t kEnd = 0xffff'ffff;  // ENDREF
  std::vector<NscdRecord> records;
  std::size_t seen = 0;
  for (std::size_t bucket = 0; bucket < database->buckets; ++bucket) {
    std::uint32_t entry = at<std::uint32_t>(bytes, database->buckets_at + bucket * 4).value_or(kEnd);
    while (entry != kEnd && ++seen < kMaxEntries) {
      if (auto record = read_entry(database->data, entry, name)) records.push_back(std::move(*record));
      entry = at<std::uint32_t>(database->data, std::size_t{entry} + kEntryNext).value_or(kEnd);
    }
  }
  return records;
}

std::size_t nscd_reply_size(std::string_view bytes) {
  const auto addresses = at<std::int32_t>(bytes, 8), length = at<std::int32_t>(bytes, 12);
  const auto name = at<std::int32_t>(bytes, 16), error = at<std::int32_t>(bytes, 20);
  if (!error || *addresses < 0 || *length < 0 || *name < 0) return 0;
  return kReplyHeader + static_cast<std::size_t>(*addresses) + static_cast<std::size_t>(*length) +
         static_cast<std::size_t>(*name);
}

std::optional<NscdReply> read_nscd_reply(std::string_view bytes) {
  const auto version = at<std::int32_t>(bytes, 0), found = at<std::int32_t>(bytes, 4);
  const std::size_t size = nscd_reply_size(bytes);
  if (!version || *version != kVersion || !found || size == 0 || size > bytes.size()) return std::nullopt;
  NscdReply reply;
  reply.disabled = *found == -1;
  reply.found = *found == 1;
  if (!reply.found) return reply;
  const auto count = static_cast<std::size_t>(*at<std::int32_t>(bytes, 8));
  const auto length = static_cast<std::size_t>(*at<std::int32_t>(bytes, 12));
  // All addresses, then a byte for the family of each.
  std::size_t address = kReplyHeader;
  for (std::size_t i = 0; i < std::min(count, kMaxAddresses); ++i) {
    const auto family = at<std::uint8_t>(bytes, kReplyHeader + length + i);
    const std::string_view raw = part(bytes, address, family == AF_INET6 ? 16 : 4);
    if (!family || raw.empty()) return std::nullopt;
    std::array<char, INET6_ADDRSTRLEN> text{};
    if (inet_ntop(*family, raw.data(), text.data(), text.size()) == nullptr) return std::nullopt;
    reply.addresses.emplace_back(text.data());
    address += raw.size();
  }
  return reply;
}

std::string nscd_question(std::int32_t type, std::string_view name) {
  const std::array<std::int32_t, 3> header = {kVersion, type, static_cast<std::int32_t>(name.size() + 1)};
  std::string bytes(reinterpret_cast<const char*>(header.data()), sizeof header);
  return bytes.append(name).append(1, '\0');
}

}  // namespace fix502
