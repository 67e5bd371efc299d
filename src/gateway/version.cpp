#include "gateway/version.hpp"

#include <algorithm>
#include <array>
#include <charconv>

namespace fix502 {

bool at_least(std::string_view version, std::string_view wanted) {
  const auto parts = [](std::string_view text) {
    std::array<int, 3> numbers{};
    for (auto& number : numbers) {
      const auto end = std::min(text.find('.'), text.size());
      std::from_chars(text.begin(), text.begin() + end, number);
      text.remove_prefix(std::min(end + 1, text.size()));
    }
    return numbers;
  };
  return version.empty() || parts(version) >= parts(wanted);
}

}  // namespace fix502
