#pragma once

// The few words of named.conf (BIND 9 Administrator Reference Manual) that tell how to reach rndc, and whom named asks.

#include <functional>
#include <string>
#include <string_view>
#include <vector>

namespace fix502 {

struct NamedConf {
  std::vector<std::string> forwarders;  ///< of the options: "192.0.2.1", "192.0.2.1:5353"
  std::string control_address;          ///< of the first `controls { inet ... }`; empty: the default, or any
  std::string control_port;
};

/// Any text; `read` gives an included file's, which is followed at most 3 deep and 50 in all.
[[nodiscard]] NamedConf read_named_conf(std::string_view text,
                                        const std::function<std::string(const std::string& path)>& read);

}  // namespace fix502
