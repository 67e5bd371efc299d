#include "owner/socket_file.hpp"

#include <fmt/format.h>
#include <sys/stat.h>

#include <algorithm>
#include <filesystem>

#include "base/text.hpp"
#include "owner/people.hpp"

namespace fix502 {
namespace {

namespace fs = std::filesystem;

constexpr std::uint32_t kPermissionBits = 07777;
constexpr std::size_t kMostBeside = 20;

Permissions permissions_of(const struct stat& about) {
  return {.user = about.st_uid, .group = about.st_gid, .mode = about.st_mode & kPermissionBits};
}

std::string described(const std::string& path, const Permissions& about) {
  return fmt::format("{} ({}:{} {:04o})", printable(path, 300), user_name(about.user), group_name(about.group),
                     about.mode);
}

/// The folders above it, from the root on: "/", "/run", "/run/app".
std::vector<std::string> folders_above(const fs::path& path) {
  std::vector<std::string> folders;
  fs::path so_far;
  for (const auto& part : path.parent_path()) folders.push_back((so_far /= part).string());
  return folders;
}

/// Where links lead, seen from that root; the path itself where that cannot be told.
std::string resolved(const std::string& root, const std::string& path) {
  if (!root.empty()) return path;  // a link in another root would lead into ours
  std::error_code error;
  const auto real = fs::weakly_canonical(path, error);
  return error ? path : real.string();
}

}  // namespace

bool is_allowed(const Permissions& about, const RunningProgram& who, std::uint32_t want) {
  if (who.user == 0) return true;
  const bool in_group = who.group == about.group || std::ranges::find(who.groups, about.group) != who.groups.end();
  const std::uint32_t bits = who.user == about.user ? about.mode >> 6 : in_group ? about.mode >> 3 : about.mode;
  return (bits & want) == want;
}

SocketFile look_at_socket_file(const std::string& path, const RunningProgram& who, const std::string& root,
                               const std::vector<std::string>& listening) {
  SocketFile file;
  file.path = path;
  const auto listens = [&](const std::string& at) { return std::ranges::find(listening, at) != listening.end(); };
  file.listening = listens(path);
  if (path.starts_with('@')) {  // an abstract one has no file, and no permissions
    file.exists = file.is_socket = file.listening;
    return file;
  }
  const std::string real = resolved(root, path);
  file.listening |= listens(real);
  struct stat about{};
  for (const auto& folder : folders_above(real)) {
    if (stat((root + folder).c_str(), &about) != 0) break;
    const Permissions permissions = permissions_of(about);
    if (is_allowed(permissions, who, kSearch)) continue;
    file.allowed = false;
    file.forbidden_by = described(folder, permissions);
    break;
  }
  if (stat((root + real).c_str(), &about) == 0) {
    const Permissions permissions = permissions_of(about);
    file.exists = true;
    file.is_socket = S_ISSOCK(about.st_mode);
    file.owner = user_name(permissions.user);
    file.group = group_name(permissions.group);
    file.mode = permissions.mode;
    if (file.allowed && !is_allowed(permissions, who, kWrite)) {
      file.allowed = false;
      file.forbidden_by = described(path, permissions);
    }
  }
  const fs::path folder = fs::path(path).parent_path();
  for (const auto& other : listening)
    if (other != path && other != real && fs::path(other).parent_path() == folder && file.beside.size() < kMostBeside)
      file.beside.push_back(printable(other, 300));
  return file;
}

}  // namespace fix502
