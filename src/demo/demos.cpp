#include "demo/demos.hpp"

#include <algorithm>

namespace fix502 {

const std::vector<const Demo*>& demos() {
  static const std::vector<const Demo*> kAll = [] {
    std::vector<const Demo*> all;
    for (const auto rows : {kVisitorDemos, kDnsDemos, kCdnDemos, kGatewayDemos, kOriginDemos})
      for (const Demo& row : rows) all.push_back(&row);
    return all;
  }();
  return kAll;
}

const Demo* find_demo(std::string_view fault) {
  const auto found = std::ranges::find(demos(), fault, &Demo::fault);
  return found == demos().end() ? nullptr : *found;
}

}  // namespace fix502
