#include "cause/rule.hpp"

namespace fix502 {

namespace causes {
#define CAUSE(id) extern const CauseRule id;
#include "cause/causes.def"
#undef CAUSE
}  // namespace causes

const std::vector<const CauseRule*>& cause_register() {
  static const std::vector<const CauseRule*> kAll = {
#define CAUSE(id) &causes::id,
#include "cause/causes.def"
#undef CAUSE
  };
  return kAll;
}

}  // namespace fix502
