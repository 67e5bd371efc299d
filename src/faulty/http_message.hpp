#pragma once

#include "faulty/stream.hpp"

namespace fix502::faulty {

/// A request as it came.
struct Request {
  std::string method, target, version;  // version: "1.1"
  Headers headers;
  std::string body;
  std::size_t head_bytes = 0;

  [[nodiscard]] const std::string* header(std::string_view name) const;
  /// Without port, from an absolute-form target or from the Host header.
  [[nodiscard]] std::string host() const;
  [[nodiscard]] std::string path() const;
  [[nodiscard]] std::string query() const;
  [[nodiscard]] bool is_proxy_form() const;
  /// What follows scheme and authority.
  [[nodiscard]] std::string origin_form() const;
};

enum class HeadState { complete, too_large, not_http, ended };

/// A connection's reading side: what was read and not yet used.
struct Inbox {
  Stream& stream;
  std::string bytes{};
};

/// Reads a request's line and headers.
Task<HeadState> read_head(Inbox& inbox, Request& into, std::size_t limit);
/// Reads a request's body, sending 100 Continue where it is waited for; false: the connection broke.
Task<bool> read_body(Inbox& inbox, Request& into);

/// A response as a client reads it.
struct Response {
  int status = 0;
  std::string reason;
  Headers headers;
  std::string body;
};

/// Why there is no response. Words of `EdgeCause` in lab/faultd.md; empty: there is one.
Task<std::string> read_response(Inbox& inbox, Response& into, bool is_head);

[[nodiscard]] bool same_name(std::string_view one, std::string_view other);
[[nodiscard]] const std::string* find_header(const Headers& headers, std::string_view name);
[[nodiscard]] std::optional<std::size_t> parse_size(std::string_view text, int base = 10);
/// "name:80" or "[::1]:80" or "name", apart.
[[nodiscard]] std::pair<std::string, std::string> split_authority(std::string_view text, std::string_view port);

}  // namespace fix502::faulty
