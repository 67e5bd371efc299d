#include "browser/cache_folder.hpp"

#include "browser/blockfile.hpp"
#include "browser/bytes.hpp"
#include "browser/cache2.hpp"
#include "browser/profile_file.hpp"
#include "browser/simple_cache.hpp"

namespace fix502 {
namespace {

namespace fs = std::filesystem;

using Reader = Result<CacheEntry> (*)(std::string_view head, std::string_view tail, std::uint64_t size);

Result<std::optional<CacheEntry>> read_entry(const fs::path& path, std::size_t head, std::size_t tail, Reader read) {
  std::error_code ignored;
  if (!fs::exists(path, ignored)) return std::nullopt;
  const auto file = ProfileFile::open(path);
  if (!file) return std::unexpected(file.error());
  auto entry = read(file->read(0, head), file->tail(tail), file->size());
  if (!entry) return fail(entry.error().what, path.filename().string());
  return *std::move(entry);
}

BlockReader reader_in(const fs::path& folder) {
  return [folder](const std::string& name, std::uint64_t offset, std::size_t size) {
    const auto file = ProfileFile::open(folder / name);
    return file ? file->read(offset, size) : std::string{};
  };
}

}  // namespace

std::string cache_kind(const Profile& profile) {
  std::error_code ignored;
  if (profile.engine == Engine::firefox) return fs::is_directory(profile.cache / "entries", ignored) ? "cache2" : "";
  constexpr std::uint64_t kSimple = 0xfcfb6d1ba7725c30;
  constexpr std::uint32_t kBlockfile = 0xC103CAC3;
  const auto file = ProfileFile::open(profile.cache / "index");
  if (!file) return "";
  const std::string start = file->read(0, 24);
  Bytes bytes(start);
  if (Bytes(start).u64() == kSimple) return "simple";
  if (bytes.u32() == kBlockfile) return "blockfile";
  return start.starts_with("SQLCache") ? "sql" : "";
}

Result<std::optional<CacheEntry>> find_entry(const Profile& profile, std::string_view kind, std::string_view key) {
  Result<std::optional<CacheEntry>> found = std::nullopt;
  if (kind == "simple")
    found = read_entry(profile.cache / (simple_entry_name(key) + "_0"), kSimpleHead, kSimpleTail, read_simple_entry);
  else if (kind == "cache2")
    found = read_entry(profile.cache / "entries" / cache2_entry_name(key), kCache2Head, kCache2Tail, read_cache2_entry);
  else if (kind == "blockfile")
    found = find_block_entry(reader_in(profile.cache), key);
  // Two keys with one hash: not the one that was meant.
  if (found && *found && (*found)->key != key) return std::nullopt;
  return found;
}

}  // namespace fix502
