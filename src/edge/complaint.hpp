#pragma once

// What an edge says of the origin in its error answer.

#include <cstdint>

#include "observation/http_exchange.hpp"

namespace fix502 {

enum class EdgeComplaint : std::uint8_t {
  none,             ///< it says nothing of its own: it handed the origin's answer on, or did not answer at all
  unknown,          ///< an error of its own, without a reason
  refused,          ///< the origin refused the connection
  connect_timeout,  ///< the origin never answered the attempt
  no_route,         ///< no way to the origin's address
  no_name,          ///< the origin's name does not resolve
  tls,              ///< the TLS greeting failed
  certificate,      ///< the certificate was not accepted
  read_timeout,     ///< connected, and no answer in time
  bad_response,     ///< what came was no usable answer
  header_size,      ///< the answer's header was too large
};
[[nodiscard]] EdgeComplaint complaint_of(const HttpExchange& edge);

/// The edge never had an answer of the origin's: it failed before one could come.
[[nodiscard]] bool before_an_answer(EdgeComplaint complaint);

}  // namespace fix502
