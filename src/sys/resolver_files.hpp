#pragma once

// The texts by which a Unix machine says how names are resolved. Pure; the rules are glibc's, which every program here
// follows.

#include <string>
#include <string_view>
#include <vector>

#include "observation/host_facts.hpp"

namespace fix502 {

/// resolv.conf(5): the first three name servers as "192.0.2.1:53", the search list. None where the file names
/// none (glibc then tries this machine itself) or is not there.
struct ResolvConf {
  std::vector<std::string> nameservers;
  std::vector<std::string> search;

  bool operator==(const ResolvConf&) const = default;
};
[[nodiscard]] ResolvConf parse_resolv_conf(std::string_view text);

/// nsswitch.conf(5): the sources of the "hosts:" line without their actions; glibc's own default where there is none.
[[nodiscard]] std::vector<std::string> parse_nsswitch(std::string_view text);

/// hosts(5): every line's address for `name`, without regard to case; `path` is left empty.
[[nodiscard]] HostsEntry parse_hosts(std::string_view text, std::string_view name);

}  // namespace fix502
