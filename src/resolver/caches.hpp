#pragma once

// Who answers for names on this machine, one after the other, and what each keeps for one of them.

#include <functional>
#include <string>
#include <vector>

#include "net/net.hpp"
#include "observation/resolver_cache.hpp"
#include "resolver/talk.hpp"

namespace fix502 {

struct CacheQuestion {
  std::string name;
  std::vector<std::string> nameservers;  ///< of resolv.conf, "127.0.0.53:53"
  std::vector<std::string> sources;      ///< of nsswitch.conf: "files", "dns", "resolve"
};

/// The whole chain, the nearest first; reads only. It waits where it stands, until the deadline at most.
[[nodiscard]] std::vector<ResolverCache> look_into_caches(const CacheQuestion& question, Moment deadline);

/// The same on a thread of its own, for the loop.
[[nodiscard]] Task<std::vector<ResolverCache>> caches_task(CacheQuestion question, Milliseconds time);

}  // namespace fix502
