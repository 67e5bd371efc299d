#include <fmt/format.h>

#include <algorithm>

#include "fault/rule.hpp"

namespace fix502::faults {
namespace {

/// Another port of the same address answers, if only with a refusal: then the way there is good.
const Observation* same_address_elsewhere(const Picture& picture, const std::string& address) {
  for (const auto& seen : picture.seen.observations) {
    const auto* tcp = seen.as<TcpConnect>();
    if (tcp != nullptr && tcp->address == address && tcp->port != picture.page.port &&
        seen.varied_in("interface").empty() && (tcp->failure == Failure::none || tcp->failure == Failure::refused))
      return &seen;
  }
  return nullptr;
}

std::optional<Finding> match_gateway_down(const Picture& picture) {
  const HttpExchange* error = steady_error(picture);
  if (error == nullptr) return std::nullopt;
  const Observation* elsewhere = nullptr;
  std::string how;
  Certainty certainty = Certainty::strong;
  if (error->failure == Failure::refused) {
    how = "refuses every connection";
    certainty = Certainty::proven;
  } else if (error->failure == Failure::connect_timeout || error->failure == Failure::tls_timeout) {
    const bool greeting = error->failure == Failure::tls_timeout;
    elsewhere = same_address_elsewhere(picture, error->address);
    if (elsewhere == nullptr && !greeting) return std::nullopt;
    how = greeting ? "takes the connection and then says nothing" : "is silent on this port";
  } else if (error->failure == Failure::response_timeout && !picture.ever_answered(error->address)) {
    how = "takes the connection and never answers anything";
  } else {
    return std::nullopt;
  }
  Finding finding = about_error(picture, certainty, {});
  finding.scope = Scope::everyone;
  if (elsewhere != nullptr) finding.cites.push_back(elsewhere->id);
  finding.subject = error->address;
  finding.summary =
      fmt::format("The site's server {}{}.", error->address.empty() ? "" : "at " + error->address + " ", how);
  return finding;
}

}  // namespace

extern const Fault gateway_down{
    .info =
        {.id = "gateway.down",
         .hop = Hop::gateway,
         .side = Side::owner,
         .title = "Nothing answers at the site's address",
         .meaning =
             "Nothing answers at the site's own addresses: the connection is refused, or nothing comes back at all."},
    .layer = Layer::site,
    .explains = {},
    .match = match_gateway_down,
};

}  // namespace fix502::faults
