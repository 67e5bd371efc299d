#pragma once

#include <cstddef>

namespace fix502 {

inline constexpr std::size_t kMaxAddresses = 50;  ///< of one name that are kept
inline constexpr int kDeepest = 3;                ///< files that name each other, resolvers that ask each other

}  // namespace fix502
