#include "gateway/gateways/nginx/nginx.hpp"

namespace fix502::nginx {

std::optional<Proposal> NginxConfiguration::propose(const Route&, const Mending& mending) const {
  if (mending.kind == MendingKind::reload_only) return Proposal{};
  return std::nullopt;
}

}  // namespace fix502::nginx
