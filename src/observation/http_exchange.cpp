#include "observation/http_exchange.hpp"

#include <algorithm>

#include "base/text.hpp"

namespace fix502 {

bool HttpExchange::has_header(std::string_view name, std::string_view part) const {
  return std::ranges::any_of(headers, [&](const HeaderField& field) {
    return field.name == name && contains_ignoring_case(field.value, part);
  });
}

}  // namespace fix502
