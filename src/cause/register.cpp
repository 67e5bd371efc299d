#include "cause/rule.hpp"

namespace fix502 {

namespace causes {
#define CAUSE(id) extern const Cause id;
#include "cause/causes.def"
#undef CAUSE
}  // namespace causes

const std::vector<const Cause*>& cause_register() {
  static const std::vector<const Cause*> kAll = {
#define CAUSE(id) &causes::id,
#include "cause/causes.def"
#undef CAUSE
  };
  return kAll;
}

}  // namespace fix502
