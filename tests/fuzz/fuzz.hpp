#pragma once

// What the fuzz targets share. A target is a file here and a line in cmake/fuzz.cmake; its seeds stand in corpus/NAME/.

#include <cstddef>
#include <cstdint>
#include <string_view>

namespace fix502::fuzz {

/// A promise of the code under test; where it is not kept libFuzzer reports the input.
inline void promise(bool kept) {
  if (!kept) __builtin_trap();
}

/// Takes one piece off the input, up to the separator.
inline std::string_view take(std::string_view& input, char separator) {
  const auto end = input.find(separator);
  const auto piece = input.substr(0, end);
  input = end == input.npos ? std::string_view{} : input.substr(end + 1);
  return piece;
}

}  // namespace fix502::fuzz

#define FUZZ(input)                                                                   \
  static void fuzz(std::string_view input);                                           \
  extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) { \
    fuzz({reinterpret_cast<const char*>(data), size});                                \
    return 0;                                                                         \
  }                                                                                   \
  static void fuzz(std::string_view input)
