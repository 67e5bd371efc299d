#pragma once

#include <string>
#include <string_view>

#include "signature/mark.hpp"

namespace fix502 {

/// The code that a product's own error answer carries: "521", "1016", "ERR_CONNECT_FAIL 111", "Reference #30"; empty
/// where the product has none.
[[nodiscard]] std::string code_of(std::string_view product, const Answer& answer);

}  // namespace fix502
