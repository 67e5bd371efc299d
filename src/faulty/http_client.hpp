#pragma once

#include <expected>

#include "faulty/http_message.hpp"

namespace fix502::faulty {

/// A socket, or the cause of there being none.
using Dialled = std::expected<tcp::socket, std::string>;

/// Connects to "host:port" within `limit`; from a local address, if one is named.
Task<Dialled> dial(std::string endpoint, std::string from, milliseconds limit);

/// What to ask of whom.
struct Question {
  std::string endpoint, from;
  SSL_CTX* tls = nullptr;  // null: plain
  std::string sni;
  std::string bytes;  // the request
  bool is_head = false;
  milliseconds connect_timeout{};
  milliseconds read_timeout{};
};

/// Asks one question on a connection of its own; the cause, or empty.
Task<std::string> ask(Question question, Response& into);

}  // namespace fix502::faulty
