#pragma once

#include <span>

#include "demo/demo.hpp"

namespace fix502 {

// The rows, a file per hop in demos/.
extern const std::span<const Demo> kVisitorDemos;
extern const std::span<const Demo> kDnsDemos;
extern const std::span<const Demo> kCdnDemos;
extern const std::span<const Demo> kGatewayDemos;
extern const std::span<const Demo> kOriginDemos;

}  // namespace fix502
