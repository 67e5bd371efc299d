#pragma once

#include "base/result.hpp"
#include "net/net.hpp"
#include "sys/host.hpp"
#include "target/target.hpp"

namespace fix502 {

/// POSTs the JSON, once, within ten seconds. Errors name the host alone: such addresses often hold a secret.
Task<Result<void>> post_webhook(Net& net, const Host& host, Target to, std::string json);

}  // namespace fix502
