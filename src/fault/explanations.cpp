#include "fault/explanations.hpp"

#include <algorithm>
#include <iterator>

namespace fix502 {
namespace {

constexpr Explanation kExplanations[] = {
#define EXPLANATION(fault, visitor, owner) {fault, visitor, owner},
#include "fault/explanations.def"
#undef EXPLANATION
};

}  // namespace

const Explanation* find_explanation(std::string_view fault) {
  const auto* row = std::ranges::find(kExplanations, fault, &Explanation::fault);
  return row == std::end(kExplanations) ? nullptr : row;
}

std::size_t explanation_count() {
  return std::size(kExplanations);
}

}  // namespace fix502
