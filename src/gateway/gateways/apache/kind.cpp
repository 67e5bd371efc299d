#include "gateway/kind.hpp"

namespace fix502::gateways {

extern const GatewayKind apache{.id = "apache", .title = "apache", .usual = ""};

}  // namespace fix502::gateways
