#pragma once

#include <string>

#include "observation/http_exchange.hpp"

namespace fix502 {

/// An HTTP exchange with the body's own bytes beside it, for what is not shown but read (DNS over HTTPS).
struct RawAnswer {
  HttpExchange exchange;
  std::string body;  ///< decoded; at most the request's `max_body` bytes
};

}  // namespace fix502
