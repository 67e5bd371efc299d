#include "remedy/prefer_ipv4.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "target/target.hpp"

namespace fix502 {
namespace {

/// A number for our routes (ip-route(8) "proto": any that nobody has claimed), so that undo finds these and no others.
constexpr std::string_view kProtocol = "222";
constexpr std::size_t kMostAddresses = 16;

}  // namespace

Work prefer_ipv4(std::string_view host, const std::vector<std::string>& addresses) {
  Work work;
  if (std::ranges::none_of(addresses, is_ipv4)) {
    work.nothing = fmt::format("{} has no IPv4 address", host);
    return work;
  }
  for (const auto& address : addresses) {
    if (!is_ipv6(address) || work.steps.size() == kMostAddresses) continue;
    RunCommand run;
    run.as_root = true;
    run.words = {"ip", "-6", "route", "replace", "unreachable", address + "/128", "proto", std::string(kProtocol)};
    // Succeeds where there is nothing left to remove.
    run.undo = {"ip", "-6", "route", "flush", "exact", address + "/128", "proto", std::string(kProtocol)};
    work.steps.push_back({fmt::format("take away the way to {}, so that {} is reached over IPv4", address, host),
                          Risk::this_machine, std::move(run)});
  }
  if (work.steps.empty()) work.nothing = fmt::format("{} has no IPv6 address; IPv4 is used already", host);
  work.tell = {"It lasts until this machine is started again."};
  return work;
}

}  // namespace fix502
