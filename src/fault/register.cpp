#include <algorithm>

#include "fault/rule.hpp"

namespace fix502 {

namespace faults {
#define FAULT(id) extern const Fault id;
#include "fault/faults.def"
#undef FAULT
}  // namespace faults

const std::vector<const Fault*>& fault_register() {
  static const std::vector<const Fault*> kAll = {
#define FAULT(id) &faults::id,
#include "fault/faults.def"
#undef FAULT
  };
  return kAll;
}

const std::vector<FaultInfo>& fault_catalogue() {
  static const std::vector<FaultInfo> kInfos = [] {
    std::vector<FaultInfo> infos;
    for (const Fault* fault : fault_register()) infos.push_back(fault->info);
#define OWNER_FAULT(id, hop, title, meaning) infos.push_back({id, Hop::hop, Side::owner, title, meaning});
#include "fault/owner_faults.def"
#undef OWNER_FAULT
    return infos;
  }();
  return kInfos;
}

std::size_t faults_of_visitors() {
  return fault_register().size();
}

const FaultInfo* find_fault(std::string_view id) {
  const auto& infos = fault_catalogue();
  const auto found = std::ranges::find(infos, id, &FaultInfo::id);
  return found == infos.end() ? nullptr : &*found;
}

}  // namespace fix502
