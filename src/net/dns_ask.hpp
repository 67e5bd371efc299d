#pragma once

#include <functional>
#include <vector>

#include "net/net.hpp"

namespace fix502 {

/// How a walk asks; whoever gives it records every question as an observation.
using AskDns = std::function<Task<DnsExchange>(DnsQuery)>;

/// All questions at once; the answers in the questions' order. One whose asking broke off is Failure::out_of_time.
Task<std::vector<DnsExchange>> ask_all(AskDns ask, std::vector<DnsQuery> queries);

/// All questions at once, until `enough` says so of an answer; the others are then cancelled, and come back as they
/// ended. It is asked once about each answer, as they come in.
Task<std::vector<DnsExchange>> ask_until(AskDns ask, std::vector<DnsQuery> queries,
                                         std::function<bool(const DnsExchange&)> enough);

}  // namespace fix502
