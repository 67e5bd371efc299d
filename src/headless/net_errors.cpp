#include "headless/net_errors.hpp"

#include <algorithm>
#include <iterator>

namespace fix502 {
namespace {

struct Row {
  std::string_view name;
  Failure failure;
};

constexpr Row kRows[] = {
#define NET_ERROR(name, failure) {name, Failure::failure},
#include "headless/net_errors.def"
#undef NET_ERROR
};

constexpr std::string_view kDeclined[] = {
    "net::ERR_UNSAFE_PORT",
    "net::ERR_BLOCKED_BY_CLIENT",
    "net::ERR_BLOCKED_BY_ADMINISTRATOR",
    "net::ERR_BLOCKED_BY_RESPONSE",
    "net::ERR_BLOCKED_BY_CSP",
    "NS_ERROR_PORT_ACCESS_NOT_ALLOWED",
    "NS_ERROR_BLOCKED_BY_POLICY",
    "NS_ERROR_PROXY_BAD_REQUEST",
    "net::ERR_NO_SUPPORTED_PROXIES",
    "net::ERR_INSUFFICIENT_RESOURCES",
};

/// NS_ERROR_GENERATE_FAILURE(MODULE, NAME): the name that says it.
std::string_view inner(std::string_view name) {
  constexpr std::string_view kGenerated = "NS_ERROR_GENERATE_FAILURE(";
  if (!name.starts_with(kGenerated) || !name.ends_with(')')) return name;
  const auto comma = name.rfind(", ");
  return comma == name.npos ? name : name.substr(comma + 2, name.size() - comma - 3);
}

}  // namespace

Failure failure_of(std::string_view net_error) {
  const auto* found = std::ranges::find(kRows, inner(net_error), &Row::name);
  return found == std::end(kRows) ? Failure::other : found->failure;
}

bool browser_declined(std::string_view net_error) {
  return std::ranges::any_of(kDeclined, [&](std::string_view name) { return net_error.starts_with(name); });
}

}  // namespace fix502
