#pragma once

#include <string>
#include <string_view>

namespace fix502 {

/// The 20 bytes of SHA-1: both browsers name a stored answer's file after its key with it.
[[nodiscard]] std::string sha1(std::string_view text);

}  // namespace fix502
