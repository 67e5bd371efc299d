#include "gateway/kind.hpp"

#include <algorithm>

namespace fix502 {

namespace gateways {
#define GATEWAY(id) extern const GatewayKind id;
#include "gateway/gateways.def"
#undef GATEWAY
}  // namespace gateways

const std::vector<const GatewayKind*>& gateway_kinds() {
  static const std::vector<const GatewayKind*> kKinds = {
#define GATEWAY(id) &gateways::id,
#include "gateway/gateways.def"
#undef GATEWAY
  };
  return kKinds;
}

const GatewayKind* find_gateway_kind(std::string_view id) {
  const auto found = std::ranges::find(gateway_kinds(), id, &GatewayKind::id);
  return found == gateway_kinds().end() ? nullptr : *found;
}

}  // namespace fix502
