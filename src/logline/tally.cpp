#include "logline/tally.hpp"

#include <algorithm>

namespace fix502 {

void Timeline::widen() {
  std::array<std::uint64_t, kPlaces> wide{};
  const std::int64_t first = first_ >= 0 ? first_ / 2 : (first_ - 1) / 2;
  for (std::size_t i = 0; i < kPlaces; ++i) {
    const std::int64_t stretch = first_ + static_cast<std::int64_t>(i);
    const std::int64_t half = stretch >= 0 ? stretch / 2 : (stretch - 1) / 2;
    wide.at(static_cast<std::size_t>(half - first)) += places_.at(i);
  }
  places_ = wide;
  first_ = first;
  width_ *= 2;
}

void Timeline::add(WallTime when, std::uint64_t count) {
  const std::int64_t second = when.time_since_epoch().count();
  if (total_ == 0) first_ = second / width_;
  while (true) {
    const std::int64_t stretch = second / width_;
    const std::int64_t last = first_ + static_cast<std::int64_t>(kPlaces) - 1;
    if (stretch >= first_ && stretch <= last) {
      places_.at(static_cast<std::size_t>(stretch - first_)) += count;
      break;
    }
    if (stretch < first_) {
      // Make room in front as long as the places at the end are empty.
      std::size_t used = kPlaces;
      while (used > 0 && places_.at(used - 1) == 0) --used;
      const std::int64_t shift = first_ - stretch;
      if (shift <= static_cast<std::int64_t>(kPlaces - used)) {
        std::shift_right(places_.begin(), places_.end(), shift);
        std::fill_n(places_.begin(), shift, 0);
        first_ = stretch;
        continue;
      }
    }
    widen();
  }
  total_ += count;
}

std::vector<std::uint64_t> Timeline::sampled(WallTime from, WallTime to, std::size_t count) const {
  std::vector<std::uint64_t> sums(count, 0);
  const double span = std::max<double>(1, static_cast<double>((to - from).count() + 1));
  for (std::size_t i = 0; i < kPlaces; ++i) {
    if (places_.at(i) == 0) continue;
    const double at =
        static_cast<double>((first_ + static_cast<std::int64_t>(i)) * width_ - from.time_since_epoch().count());
    const auto place = static_cast<std::int64_t>(at / span * static_cast<double>(count));
    sums[static_cast<std::size_t>(std::clamp<std::int64_t>(place, 0, static_cast<std::int64_t>(count) - 1))] +=
        places_.at(i);
  }
  return sums;
}

void Tally::add(std::string_view name, std::uint64_t count) {
  if (name.empty()) return;
  name = name.substr(0, 300);
  if (const auto found = counts_.find(name); found != counts_.end())
    found->second += count;
  else if (counts_.size() < most_)
    counts_.emplace(name, count);
  else
    other_ += count;
}

std::vector<std::pair<std::string, std::uint64_t>> Tally::top(std::size_t count) const {
  std::vector<std::pair<std::string, std::uint64_t>> all(counts_.begin(), counts_.end());
  std::ranges::sort(
      all, [](const auto& a, const auto& b) { return a.second != b.second ? a.second > b.second : a.first < b.first; });
  if (all.size() > count) all.resize(count);
  return all;
}

}  // namespace fix502
