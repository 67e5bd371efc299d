#pragma once

// Counts of a bounded size, however much is counted: by time and by name.

#include <array>
#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

#include "base/fields.hpp"

namespace fix502 {

/// How many fell into each stretch of time. It has a fixed number of places; a stretch grows as the whole time does.
class Timeline {
 public:
  static constexpr std::size_t kPlaces = 240;
  void add(WallTime when, std::uint64_t count = 1);
  [[nodiscard]] bool empty() const { return total_ == 0; }
  [[nodiscard]] WallTime begin() const { return WallTime(std::chrono::seconds(first_ * width_)); }
  [[nodiscard]] std::int64_t width() const { return width_; }
  [[nodiscard]] const std::array<std::uint64_t, kPlaces>& places() const { return places_; }
  /// Summed into so many stretches of the time from `from` to `to`.
  [[nodiscard]] std::vector<std::uint64_t> sampled(WallTime from, WallTime to, std::size_t count) const;

 private:
  void widen();
  std::int64_t first_ = 0;  // number of the first place's stretch
  std::int64_t width_ = 1;  // seconds
  std::uint64_t total_ = 0;
  std::array<std::uint64_t, kPlaces> places_{};
};

/// Names with how often each occurred, at most so many; the rest is summed.
class Tally {
 public:
  explicit Tally(std::size_t most = 64) : most_(most) {}
  void add(std::string_view name, std::uint64_t count = 1);
  /// The most frequent ones; of two that are alike the one that is earlier in the alphabet.
  [[nodiscard]] std::vector<std::pair<std::string, std::uint64_t>> top(std::size_t count) const;
  [[nodiscard]] std::uint64_t other() const { return other_; }
  [[nodiscard]] std::size_t size() const { return counts_.size(); }

 private:
  struct Hash {
    using is_transparent = void;
    std::size_t operator()(std::string_view text) const { return std::hash<std::string_view>{}(text); }
  };
  std::size_t most_;
  std::unordered_map<std::string, std::uint64_t, Hash, std::equal_to<>> counts_;
  std::uint64_t other_ = 0;
};

}  // namespace fix502
