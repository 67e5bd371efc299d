// The beginning of a time in a sorted file, by bisection: a gigabyte takes some thirty reads of a few kilobytes.
#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <array>

#include "logs/scan.hpp"

namespace fix502 {
namespace {

constexpr std::uint64_t kNear = 64UL * 1024;  // closer than that, reading on is quicker than asking again
// Lines may be out of order by as long as requests take: HAProxy writes accept times, others the time of the end.
constexpr std::chrono::seconds kDisorder{90};

struct Descriptor {
  int value = -1;
  ~Descriptor() {
    if (value >= 0) close(value);
  }
};

/// The time of the first line behind `offset` that has one; 0: none within reach.
WallTime moment_behind(int descriptor, std::uint64_t offset, const LogFile& file, const LogSeries& series,
                       const Zone& zone) {
  std::string text(32UL * 1024, '\0');
  const ssize_t got = pread(descriptor, text.data(), text.size(), static_cast<off_t>(offset));
  if (got <= 0) return {};
  text.resize(static_cast<std::size_t>(got));
  std::string_view rest = text;
  if (offset > 0) rest.remove_prefix(std::min(rest.find('\n'), rest.size() - 1) + 1);
  while (!rest.empty()) {
    const auto end = rest.find('\n');
    if (end == rest.npos) break;
    std::vector<std::string> columns = series.columns;
    const LineContext context = context_of(series, file, zone, columns);
    Arena arena;
    Record record;
    const std::string_view line = rest.substr(0, end);
    if (read_line(line, context, arena, record) != Reading::unknown && record.at != WallTime{}) return record.at;
    if (const auto stamp = parse_stamp(line.starts_with('[') ? line.substr(1) : line))
      return moment_of(*stamp, zone, file.changed);
    rest.remove_prefix(end + 1);
  }
  return {};
}

}  // namespace

std::uint64_t offset_of(const LogFile& file, WallTime since, const LogSeries& series, const Zone& zone) {
  const Descriptor descriptor{open(file.path.c_str(), O_RDONLY | O_CLOEXEC)};
  if (descriptor.value < 0) return 0;
  const WallTime wanted = since - kDisorder;
  std::uint64_t low = 0;  // every line before it is too old
  std::uint64_t high = file.size;
  while (high - low > kNear) {
    const std::uint64_t middle = low + (high - low) / 2;
    const WallTime moment = moment_behind(descriptor.value, middle, file, series, zone);
    if (moment == WallTime{}) return low;  // no times to go by: read from here on
    if (moment < wanted)
      low = middle;
    else
      high = middle;
  }
  if (low == 0) return 0;
  // To the beginning of a line.
  std::array<char, 64UL * 1024> text{};
  const ssize_t got = pread(descriptor.value, text.data(), text.size(), static_cast<off_t>(low));
  const auto newline = got <= 0 ? text.end() : std::find(text.begin(), text.begin() + got, '\n');
  return newline == text.end() ? low : low + static_cast<std::uint64_t>(newline - text.begin()) + 1;
}

}  // namespace fix502
