#include "net/dns_names.hpp"

#include <algorithm>

namespace fix502 {

bool is_within(std::string_view name, std::string_view zone) {
  if (zone == ".") return true;
  if (!name.ends_with(zone)) return false;
  return name.size() == zone.size() || name[name.size() - zone.size() - 1] == '.';
}

std::size_t label_count(std::string_view name) {
  return name.empty() || name == "." ? 0 : static_cast<std::size_t>(std::ranges::count(name, '.')) + 1;
}

std::vector<std::string> cuts_of(std::string_view name, std::size_t least) {
  std::vector<std::string> cuts;
  for (std::size_t labels = label_count(name); labels >= std::max<std::size_t>(least, 1); --labels) {
    cuts.emplace_back(name);
    name.remove_prefix(std::min(name.find('.') + 1, name.size()));
  }
  return cuts;
}

}  // namespace fix502
