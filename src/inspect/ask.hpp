#pragma once

#include <vector>

#include "cause/gateway_evidence.hpp"
#include "net/net.hpp"
#include "target/target.hpp"

namespace fix502 {

/// Asks the gateway for the page as a visitor does, at the listener that takes it: once where it fails, else once per
/// upstream server (at most four times), so that one broken server shows. `extra`: one header more, for a contrast.
[[nodiscard]] Task<std::vector<GatewayAnswer>> ask_gateway(Net& net, Incoming incoming, std::size_t times,
                                                           Milliseconds longest);
[[nodiscard]] Task<GatewayAnswer> ask_for_upgrade(Net& net, Incoming incoming, Milliseconds longest);

/// Where the gateway's listeners take this request: an address of this machine; empty: none does.
[[nodiscard]] std::string door_of(const Configuration& configuration, const Incoming& incoming);

}  // namespace fix502
