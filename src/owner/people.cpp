#include "owner/people.hpp"

#include <grp.h>
#include <pwd.h>

#include <vector>

#include "base/text.hpp"

namespace fix502 {
namespace {

constexpr std::size_t kRoom = 64UL * 1024;  // a group's members stand in the same buffer

}  // namespace

std::string user_name(unsigned user) {
  std::vector<char> room(kRoom);
  passwd entry{};
  passwd* found = nullptr;
  const bool known = getpwuid_r(user, &entry, room.data(), room.size(), &found) == 0 && found;
  return known ? printable(found->pw_name, 100) : std::to_string(user);
}

std::string group_name(unsigned group) {
  std::vector<char> room(kRoom);
  struct group entry{};
  struct group* found = nullptr;
  const bool known = getgrgid_r(group, &entry, room.data(), room.size(), &found) == 0 && found;
  return known ? printable(found->gr_name, 100) : std::to_string(group);
}

}  // namespace fix502
