#include "gateway/kind.hpp"

namespace fix502::gateways {

extern const GatewayKind caddy{.id = "caddy", .title = "caddy", .usual = ""};

}  // namespace fix502::gateways
