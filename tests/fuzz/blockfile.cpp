// Chromium's blockfile cache: a folder whose index and data_1 are any bytes, cut at the first "|DATA|"; every other
// file holds the same as data_1.
#include "browser/blockfile.hpp"

#include "fuzz.hpp"

FUZZ(input) {
  using namespace fix502;
  constexpr std::string_view kMark = "|DATA|";
  const auto cut = input.find(kMark);
  const auto index = input.substr(0, cut);
  const auto data = cut == input.npos ? std::string_view{} : input.substr(cut + kMark.size());
  const BlockReader read = [&](const std::string& file, std::uint64_t offset, std::size_t size) {
    // The header of a data file, and most of an index's table, are left out: what is looked at comes soon.
    const auto& bytes = file == "index" ? index : data;
    const std::uint64_t begin = file == "index" ? (offset >= 368 ? 32 + (offset - 368) % 64 : offset) : offset % 8192;
    return begin >= bytes.size() ? std::string{} : std::string(bytes.substr(static_cast<std::size_t>(begin), size));
  };
  for (const std::string_view key : {"1/0/_dk_http://shop.example http://shop.example http://shop.example/ok", "k"}) {
    const auto entry = find_block_entry(read, key);
    if (entry && *entry) fuzz::promise((*entry)->key == key);
  }
}
