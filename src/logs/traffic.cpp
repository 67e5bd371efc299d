#include <algorithm>

#include "logs/scan.hpp"

namespace fix502 {
namespace {

constexpr std::size_t kMostUpstreams = 256;
constexpr std::size_t kMostPoints = 1UL << 16;  // a megabyte each: 18 hours of seconds, before they are paired

}  // namespace

void Traffic::add(std::string_view upstream, WallTime second, std::uint64_t count) {
  auto found = points_.find(upstream);
  if (found == points_.end()) {
    if (points_.size() >= kMostUpstreams) return;
    found = points_.emplace(upstream, std::vector<Point>{}).first;
  }
  auto& points = found->second;
  const std::int64_t at = second.time_since_epoch().count();
  // Lines are nearly in order, so that the second is among the last ones.
  for (std::size_t i = points.size(); i > 0 && points.size() - i < 8; --i) {
    if (points[i - 1].second != at) continue;
    points[i - 1].count += count;
    return;
  }
  if (points.size() >= kMostPoints) {
    std::ranges::stable_sort(points, {}, &Point::second);
    for (std::size_t i = 0; i + 1 < points.size(); i += 2)
      points[i / 2] = {points[i].second, points[i].count + points[i + 1].count};
    points.resize(points.size() / 2);
  }
  points.push_back({at, count});
}

std::optional<std::uint64_t> Traffic::between(std::string_view upstream, WallTime first, WallTime last) const {
  const auto found = points_.find(upstream);
  if (found == points_.end()) return std::nullopt;
  std::uint64_t sum = 0;
  for (const Point& point : found->second)
    if (point.second >= first.time_since_epoch().count() && point.second <= last.time_since_epoch().count())
      sum += point.count;
  return sum;
}

}  // namespace fix502
