#pragma once

#include <cstddef>

namespace fix502 {

inline constexpr std::size_t kSample = 2048;     ///< bytes of a response's body that are kept
inline constexpr std::size_t kFirstBytes = 64;   ///< of what is no response of the protocol
inline constexpr std::size_t kMostFields = 200;  ///< header fields of a response that are kept

}  // namespace fix502
