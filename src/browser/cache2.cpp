#include "browser/cache2.hpp"

#include <algorithm>
#include <charconv>

#include "base/text.hpp"
#include "browser/bytes.hpp"
#include "browser/cache_key.hpp"
#include "browser/digest.hpp"
#include "browser/response_info.hpp"

namespace fix502 {
namespace {

constexpr std::uint64_t kChunk = 262'144;
constexpr std::uint32_t kNewestKnown = 4;

struct Elements {
  std::string_view bytes;

  /// The value under a name; elements are "name\0value\0".
  [[nodiscard]] std::string_view find(std::string_view wanted) const {
    for (std::string_view rest = bytes; !rest.empty();) {
      const auto name_end = rest.find('\0');
      const auto value_end = name_end == rest.npos ? rest.npos : rest.find('\0', name_end + 1);
      if (value_end == rest.npos) return {};
      if (rest.substr(0, name_end) == wanted) return rest.substr(name_end + 1, value_end - name_end - 1);
      rest.remove_prefix(value_end + 1);
    }
    return {};
  }
};

std::vector<std::string_view> lines_of(std::string_view head) {
  std::vector<std::string_view> lines;
  for (const auto line : split(head, '\n')) lines.push_back(trim(line));
  return lines;
}

/// Where the metadata begins, and where it ends: the trailer is one word up to version 3, and from 4 on two, the first
/// of which is the version (measured with Firefox 153).
struct Frame {
  std::uint64_t begin = 0, end = 0;
};

Result<Frame> read_frame(std::string_view tail, std::uint64_t size) {
  if (tail.size() < 8 || tail.size() > size) return fail("the entry is cut off");
  Bytes last(tail.substr(tail.size() - 8), std::endian::big);
  const std::uint32_t version = last.u32();
  const std::uint32_t offset = last.u32();
  if (offset >= size) return fail("the entry's sizes do not fit the file");
  const bool two_words = version >= kNewestKnown && version < 100;
  Frame frame{offset, size - (two_words ? 8 : 4)};
  if (frame.begin + 4 > frame.end) return fail("the entry's sizes do not fit the file");
  return frame;
}

/// The header's eight words, the key and the elements.
Result<CacheEntry> read_metadata(Bytes meta) {
  CacheEntry entry;
  const std::uint32_t version = meta.u32();
  if (version < 1 || version > 100) return fail("an entry of an unknown version");
  meta.skip(8);  // how often, and when it was last fetched
  const std::uint32_t modified = meta.u32();
  meta.skip(4);  // frecency
  entry.expires = meta.u32();
  const std::uint32_t key_size = meta.u32();
  if (version >= 2) meta.skip(4);  // flags
  const auto key = meta.take(key_size);
  meta.skip(1);
  if (!meta.ok() || key.empty()) return fail("the entry's key is cut off");
  entry.key = key;
  entry.url = address_in_firefox_key(key);
  if (modified != 0) entry.requested = entry.responded = WallTime(std::chrono::seconds(modified));
  const Elements elements{meta.take(meta.left())};
  const auto head = elements.find("response-head");
  if (head.empty()) return entry;
  read_header_lines(lines_of(head), entry);
  const auto address = elements.find("peer-ip-address");
  if (address.size() <= kMaxAddress) entry.address = printable(address, kMaxAddress);
  return entry;
}

bool is_cut_short(const CacheEntry& entry) {
  const auto length = std::ranges::find(entry.headers, "content-length", &HeaderField::name);
  if (length == entry.headers.end()) return false;
  std::uint64_t announced = 0;
  const auto& text = length->value;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), announced);
  return error == std::errc{} && announced > entry.body_bytes;
}

}  // namespace

std::string cache2_entry_name(std::string_view key) {
  constexpr std::string_view kDigits = "0123456789ABCDEF";
  std::string name;
  for (const char c : sha1(key)) {
    name += kDigits[static_cast<unsigned char>(c) >> 4U];
    name += kDigits[static_cast<unsigned char>(c) & 15U];
  }
  return name;
}

Result<CacheEntry> read_cache2_entry(std::string_view head, std::string_view tail, std::uint64_t size) {
  const auto frame = read_frame(tail, size);
  if (!frame) return std::unexpected(frame.error());
  if (head.size() > size || size - frame->begin > tail.size()) return fail("the entry's metadata is larger than any");
  const auto from = tail.size() - static_cast<std::size_t>(size - frame->begin);
  Bytes meta(tail.substr(from, static_cast<std::size_t>(frame->end - frame->begin)), std::endian::big);
  meta.skip(4 + 2 * static_cast<std::size_t>((frame->begin + kChunk - 1) / kChunk));  // check sums
  auto entry = read_metadata(meta);
  if (!entry) return entry;
  entry->body_bytes = frame->begin;
  entry->body = head.substr(0, static_cast<std::size_t>(std::min<std::uint64_t>(frame->begin, head.size())));
  entry->incomplete = is_cut_short(*entry);
  return entry;
}

}  // namespace fix502
