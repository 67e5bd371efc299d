#include "browser/blockfile.hpp"

#include <gtest/gtest.h>
#include <zlib.h>

#include <map>

#include "browser/cache_key.hpp"
#include "browser/fixture.hpp"

namespace fix502 {
namespace {

/// The cache that Chromium 156 wrote with its blockfile back end; its files are nearly all zeros, so they are packed.
std::string unpacked(const std::string& name) {
  const auto path = test::fixture("chromium-blockfile/" + name + ".gz").string();
  const gzFile file = gzopen(path.c_str(), "rb");
  std::string bytes(3UL * 1024 * 1024, '\0');
  const int size = file == nullptr ? 0 : gzread(file, bytes.data(), static_cast<unsigned>(bytes.size()));
  if (file != nullptr) gzclose(file);
  bytes.resize(size > 0 ? static_cast<std::size_t>(size) : 0);
  return bytes;
}

using Files = std::map<std::string, std::string>;

Files all_files() {
  Files files;
  for (const char* name : {"index", "data_0", "data_1", "data_2", "data_3"}) files[name] = unpacked(name);
  return files;
}

BlockReader reader(const Files& files) {
  return [&files](const std::string& name, std::uint64_t offset, std::size_t size) {
    const auto found = files.find(name);
    if (found == files.end() || offset >= found->second.size()) return std::string{};
    return found->second.substr(static_cast<std::size_t>(offset), size);
  };
}

std::string key_of(const std::string& url) {
  return chromium_page_keys(*parse_target(url)).front().key;
}

TEST(Blockfile, FindsWhatChromiumWrote) {
  const Files files = all_files();
  const std::pair<const char*, int> cases[] = {{"http://shop.example/maxage", 502},
                                               {"http://shop.example/plain", 502},
                                               {"http://shop.example/ok", 200},
                                               {"http://shop.example/moved", 301}};
  for (const auto& [url, status] : cases) {
    const auto entry = find_block_entry(reader(files), key_of(url));
    ASSERT_TRUE(entry) << url << ": " << entry.error().message();
    ASSERT_TRUE(*entry) << url;
    EXPECT_EQ((*entry)->status, status) << url;
    EXPECT_EQ((*entry)->url, url);
  }
  const auto error = find_block_entry(reader(files), key_of("http://shop.example/maxage"));
  EXPECT_NE((*error)->body.find("502 Bad Gateway"), std::string::npos);
  const auto none = find_block_entry(reader(files), key_of("http://shop.example/never"));
  ASSERT_TRUE(none);
  EXPECT_FALSE(*none);
}

TEST(Blockfile, GoesRoundNoCircle) {
  Files files = all_files();
  // Every entry's next one is the first entry there is.
  std::string& entries = files["data_1"];
  for (std::size_t at = 8192; at + 256 <= entries.size(); at += 256) entries.replace(at + 4, 4, "\0\0\1\xA0", 4);
  const auto none = find_block_entry(reader(files), key_of("http://shop.example/never"));
  EXPECT_TRUE(!none || !*none);
}

TEST(Blockfile, SaysWhatIsDamaged) {
  const Files nothing;
  EXPECT_FALSE(find_block_entry(reader(nothing), "key"));
  Files files = all_files();
  files["index"].replace(28, 4, "\3\0\0\0", 4);
  EXPECT_FALSE(find_block_entry(reader(files), "key"));
}

}  // namespace
}  // namespace fix502
