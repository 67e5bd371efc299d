#pragma once

#include "faulty/world.hpp"

namespace fix502::faulty {

/// What a question earns.
struct DnsReply {
  std::string bytes;             // empty: nothing is sent
  std::optional<Ending> ending;  // for streams: how the connection ends in place of an answer
  milliseconds delay{};
};

/// One question as it came.
struct DnsQuery {
  std::string wire;
  std::string transport;  // "udp", "tcp", "tls", "https"
  asio::ip::address client;
};

/// Answers one question and logs it with `facts` of its connection.
[[nodiscard]] DnsReply reply_to(World& world, const Listener& listener, const std::string& data, const DnsQuery& query,
                                nlohmann::json facts);

}  // namespace fix502::faulty
