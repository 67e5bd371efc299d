#pragma once

#include <string>
#include <string_view>

#include "base/text.hpp"
#include "observation/http_exchange.hpp"

namespace fix502 {

/// An answer as it stood on the wire, for tables of tests: "502 Bad Gateway", field lines parted by newlines, the body.
inline HttpExchange answer_of(std::string_view status_line, std::string_view fields, std::string_view body,
                              bool keep_lines = true) {
  HttpExchange seen;
  seen.url = "https://shop.example/cart";
  seen.address = "198.51.100.7";
  seen.status = std::stoi(std::string(status_line.substr(0, 3)));
  if (status_line.size() > 4) seen.reason = status_line.substr(4);
  for (const auto line : split(fields, '\n')) {
    const auto colon = line.find(':');
    seen.headers.push_back({lower(line.substr(0, colon)), std::string(trim(line.substr(colon + 1)))});
    if (seen.headers.back().name == "location") seen.location = seen.headers.back().value;
  }
  seen.body_bytes = body.size();
  seen.body_sample = printable(body, 2048, keep_lines);
  return seen;
}

}  // namespace fix502
