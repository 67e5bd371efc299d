#include <algorithm>
#include <charconv>

#include "base/text.hpp"
#include "target/target.hpp"

namespace fix502 {
namespace {

constexpr int kLowest = 100;
constexpr int kHighest = 599;  // RFC 9110 15
constexpr StatusSet::Range kDefault[] = {{200, 399}, {401, 401}, {403, 405}, {410, 410}};

Result<int> parse_status(std::string_view text) {
  int status = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), status);
  if (error != std::errc{} || end != text.data() + text.size() || status < kLowest || status > kHighest)
    return fail("not a status from 100 to 599; write CODES like 200-399,418", printable(text, 40));
  return status;
}

Result<StatusSet::Range> parse_range(std::string_view text) {
  const auto dash = text.find('-');
  const auto first = parse_status(trim(text.substr(0, dash)));
  if (!first) return std::unexpected(first.error());
  if (dash == text.npos) return StatusSet::Range{*first, *first};
  const auto last = parse_status(trim(text.substr(dash + 1)));
  if (!last) return std::unexpected(last.error());
  if (*last < *first) return fail("the range ends before it begins", printable(text, 40));
  return StatusSet::Range{*first, *last};
}

}  // namespace

bool StatusSet::contains(int status) const {
  const auto holds = [status](const Range& range) { return status >= range.first && status <= range.last; };
  return ranges.empty() ? std::ranges::any_of(kDefault, holds) : std::ranges::any_of(ranges, holds);
}

Result<StatusSet> parse_status_set(std::string_view text) {
  StatusSet set;
  const auto parts = split(text, ',');
  if (parts.empty()) return fail("no status was given; write CODES like 200-399,418");
  if (parts.size() > kHighest) return fail("more ranges than there are statuses");
  for (const auto part : parts) {
    const auto range = parse_range(part);
    if (!range) return std::unexpected(range.error());
    set.ranges.push_back(*range);
  }
  return set;
}

}  // namespace fix502
