#include "logs/follow.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <filesystem>
#include <tuple>
#include <utility>

#include "logs/bytes.hpp"

namespace fix502 {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t kBlock = 256UL * 1024;
constexpr std::size_t kMostKnown = 4'096;

}  // namespace

Follower::Open::Open(const std::string& path, const Identity& identity, std::uint64_t offset)
    : descriptor_(open(path.c_str(), O_RDONLY | O_CLOEXEC)), at_(identity), offset_(offset) {}

Follower::Open::~Open() {
  if (descriptor_ >= 0) close(descriptor_);
}

void Follower::Open::swap(Open& other) noexcept {
  std::swap(descriptor_, other.descriptor_);
  std::swap(at_, other.at_);
  std::swap(offset_, other.offset_);
  carry_.swap(other.carry_);
}

bool Follower::Open::drain(const std::function<void(std::string_view)>& take, bool last) {
  if (descriptor_ < 0) return false;
  struct stat status{};
  if (fstat(descriptor_, &status) == 0 && static_cast<std::uint64_t>(status.st_size) < offset_) {
    offset_ = 0;  // truncated: it begins anew
    carry_.clear();
  }
  bool any = false;
  std::string block;
  while (true) {
    block.resize(kBlock);
    const ssize_t got = pread(descriptor_, block.data(), block.size(), static_cast<off_t>(offset_));
    if (got <= 0) break;
    offset_ += static_cast<std::uint64_t>(got);
    block.resize(static_cast<std::size_t>(got));
    carry_ += block;
    any = true;
    const auto newline = carry_.rfind('\n');
    if (newline == carry_.npos) {
      if (carry_.size() > 4 * kBlock) carry_.resize(4 * kBlock);  // no log line; its rest is dropped
      continue;
    }
    take(std::string_view(carry_).substr(0, newline + 1));
    carry_.erase(0, newline + 1);
  }
  if (last && !carry_.empty()) {
    take(carry_);
    carry_.clear();
    any = true;
  }
  return any;
}

Follower::Follower(std::string path, std::uint64_t offset) : path_(std::move(path)) {
  for (const Found& found : siblings()) known_.push_back(found.identity);
  Found found;
  if (identify(path_, found)) current_ = Open(path_, found.identity, offset);
}

bool Follower::identify(const std::string& path, Found& found) {
  struct statx status{};
  if (statx(AT_FDCWD, path.c_str(), 0, STATX_INO | STATX_BTIME | STATX_MTIME | STATX_TYPE, &status) != 0) return false;
  if (!S_ISREG(status.stx_mode)) return false;
  found = {path,
           {status.stx_ino, status.stx_btime.tv_sec, status.stx_btime.tv_nsec},
           status.stx_mtime.tv_sec,
           status.stx_mtime.tv_nsec};
  return true;
}

/// The log's files as they are now, oldest first; packed ones were read when they were plain.
std::vector<Follower::Found> Follower::siblings() const {
  std::vector<Found> all;
  std::error_code error;
  const fs::path folder = fs::path(path_).parent_path();
  for (fs::directory_iterator at(folder.empty() ? "." : folder, error), end; !error && at != end; at.increment(error)) {
    const std::string name = (fs::path(path_).parent_path() / at->path().filename()).string();
    if (series_name(name) != series_name(path_)) continue;
    const std::string ending = at->path().extension().string();
    if (ending == ".gz" || ending == ".zst" || ending == ".xz") continue;
    Found found;
    if (identify(name, found)) all.push_back(std::move(found));
  }
  std::ranges::sort(all, {}, [](const Found& found) {
    return std::tuple(found.identity.born_s, found.identity.born_ns, found.written_s, found.written_ns);
  });
  return all;
}

bool Follower::is_known(const Identity& identity) const {
  return std::ranges::find(known_, identity) != known_.end();
}

/// The file at hand has been rotated away, or another one has its name.
void Follower::go_on_to(const Found& next, const std::function<void(std::string_view)>& take) {
  previous_.drain(take, true);
  current_.drain(take, false);
  previous_ = std::move(current_);
  current_ = Open(next.path, next.identity, 0);
  known_.push_back(next.identity);
  if (known_.size() > kMostKnown) known_.erase(known_.begin());
}

bool Follower::poll(const std::function<void(std::string_view lines)>& take) {
  bool any = previous_.drain(take, false);
  any = current_.drain(take, false) || any;
  while (true) {
    Found now;
    if (identify(path_, now) && current_.is(now.identity)) return any;
    // Another file has the name. Ours may have been written to until the moment it was renamed, and several may have
    // come and gone since we looked: all that we do not know, in the order of their birth.
    std::vector<Found> fresh = siblings();
    std::erase_if(fresh, [&](const Found& found) { return is_known(found.identity); });
    if (fresh.empty()) return current_.drain(take, false) || any;
    go_on_to(fresh.front(), take);
    any = true;
    current_.drain(take, false);
  }
}

void Follower::finish(const std::function<void(std::string_view lines)>& take) {
  poll(take);
  previous_.drain(take, true);
  current_.drain(take, true);
}

}  // namespace fix502
