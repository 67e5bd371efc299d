#pragma once

// Short conversations with servers of this machine, each with a deadline. They wait where they stand: whoever calls
// runs them on a thread of their own.

#include <sys/types.h>

#include <chrono>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"
#include "observation/dns_exchange.hpp"
#include "sys/linux/tool.hpp"

namespace fix502 {

using Moment = std::chrono::steady_clock::time_point;

/// What came back over a Unix socket, and who sent it.
struct Spoken {
  std::string bytes;
  pid_t pid = 0;  ///< SO_PEERCRED: who listens there; 0 where that is another namespace's
};
/// Connects, sends, and reads until `enough` says so of what has come, the other side closes, or 1 MiB has come.
[[nodiscard]] Result<Spoken> speak(const std::string& socket, std::string_view bytes,
                                   bool (*enough)(std::string_view so_far), Moment deadline);

/// One question over UDP. `server` is "192.0.2.1:53"; class CH is what servers say of themselves.
struct Question {
  std::string server, name, type = "A";
  bool recurse = true;
  bool chaos = false;
};
[[nodiscard]] Result<DnsExchange> ask_server(const Question& question, Moment deadline);
/// "dnsmasq-2.90" out of a CHAOS TXT answer, printable; empty where there is none.
[[nodiscard]] std::vector<std::string> chaos_texts(const std::string& server, std::string_view name, Moment deadline);
/// The address is one of this machine's own.
[[nodiscard]] bool is_own_address(const std::string& address);

}  // namespace fix502
