#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "logline/record.hpp"

namespace fix502 {

/// What one line says of its request.
struct Judgement {
  std::string_view fault;
  std::string_view cause;
  Sureness sureness = Sureness::certain;
  std::string_view made_by = {};  ///< "gateway" or "upstream": who said that it failed; empty where it cannot be told
  bool secondary = false;
  bool answered = false;  ///< the client got a good answer in the end: a retry helped
};

/// An access log's line; nothing where the request did not fail by a gateway or what stands behind it.
[[nodiscard]] std::optional<Judgement> judge_access(const Record& record);

/// "origin.bad-gateway" for 502 and so on: all that a status alone says.
[[nodiscard]] std::string_view fault_of_status(int status);

/// One name for an upstream, however it is written: "127.0.0.1:81" of "http://127.0.0.1:81/", "unix:/run/a.sock" of
/// "/run/a.sock", HAProxy's "backend/server" as it is.
[[nodiscard]] std::string upstream_name(std::string_view gateway, std::string_view text);

/// The last of "127.0.0.1:81, 127.0.0.1:82", which made the answer.
[[nodiscard]] std::string_view last_of_list(std::string_view list);
/// The upstream that an access log's line ends with: the last of those that were tried.
[[nodiscard]] std::string upstream_of(const Record& record);

}  // namespace fix502
