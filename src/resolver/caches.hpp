#pragma once

// Who answers for names on this machine, one after the other, and what each keeps for one of them.

#include <string>
#include <vector>

#include "net/net.hpp"
#include "observation/host_facts.hpp"
#include "observation/resolver_cache.hpp"
#include "resolver/talk.hpp"

namespace fix502 {

/// The whole chain for a name, the nearest first; reads only. It waits where it stands, until the deadline at most.
[[nodiscard]] std::vector<ResolverCache> look_into_caches(const std::string& name, const ResolverConfig& config,
                                                          Moment deadline);

/// The same on a thread of its own, for the loop.
[[nodiscard]] Task<std::vector<ResolverCache>> caches_task(std::string name, ResolverConfig config, Milliseconds time);

}  // namespace fix502
