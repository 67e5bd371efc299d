#include "gateway/kind.hpp"

namespace fix502::gateways {

extern const GatewayKind nginx{.id = "nginx", .title = "nginx", .usual = ""};

}  // namespace fix502::gateways
