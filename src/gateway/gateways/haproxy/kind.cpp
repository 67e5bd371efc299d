#include "gateway/kind.hpp"

namespace fix502::gateways {

extern const GatewayKind haproxy{.id = "haproxy", .title = "haproxy", .usual = ""};

}  // namespace fix502::gateways
