#include "history/availability.hpp"

#include <algorithm>
#include <array>

namespace fix502 {
namespace {

constexpr std::array<std::string_view, 8> kBars = {"▁", "▂", "▃", "▄", "▅", "▆", "▇", "█"};
constexpr std::array<std::string_view, 10> kDigits = {"0", "1", "2", "3", "4", "5", "6", "7", "8", "9"};

/// The highest mark says "always" and the lowest "never": what is between never shows as either.
template <std::size_t N>
std::string_view mark(const std::array<std::string_view, N>& marks, double share) {
  if (share <= 0) return marks.front();
  if (share >= 1) return marks.back();
  const auto middle = static_cast<std::size_t>(share * static_cast<double>(N - 2));
  return marks[1 + std::min(middle, N - 3)];
}

}  // namespace

std::vector<std::optional<double>> availability(const std::vector<Slot>& slots, WallTime since, WallTime until,
                                                std::size_t marks) {
  std::vector<Slot> sums(marks);
  const auto span = std::max<std::int64_t>((until - since).count(), 1);
  for (const Slot& slot : slots) {
    const auto at = std::clamp<std::int64_t>((slot.began - since).count(), 0, span - 1);
    if (slot.began > until || slot.began + kSlot <= since) continue;
    Slot& sum = sums[static_cast<std::size_t>(static_cast<double>(at) / static_cast<double>(span) *
                                              static_cast<double>(marks))];
    sum.tries += slot.tries;
    sum.worked += slot.worked;
  }
  std::vector<std::optional<double>> shares;
  for (const Slot& sum : sums)
    shares.push_back(sum.tries == 0 ? std::nullopt
                                    : std::optional(static_cast<double>(sum.worked) / static_cast<double>(sum.tries)));
  return shares;
}

std::string sparkline(const std::vector<std::optional<double>>& shares, bool unicode) {
  std::string line;
  for (const auto& share : shares) {
    if (!share)
      line += unicode ? "·" : ".";
    else
      line += unicode ? mark(kBars, *share) : mark(kDigits, *share);
  }
  return line;
}

}  // namespace fix502
