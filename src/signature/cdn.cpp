#include <algorithm>

#include "base/text.hpp"
#include "signature/address.hpp"
#include "signature/rule.hpp"
#include "signature/signature.hpp"

namespace fix502 {
namespace {

struct Row {
  std::string_view cdn;
  std::string_view text;
};

constexpr Row kNames[] = {
#define CDN_NAME(cdn, suffix) {cdn, suffix},
#include "../../data/cdn_names.def"
#undef CDN_NAME
};

constexpr Row kRanges[] = {
#define CDN_RANGE(cdn, prefix) {cdn, prefix},
#include "../../data/cdn_ranges.def"
#undef CDN_RANGE
};

}  // namespace

std::string cdn_in_front(const HttpExchange& exchange) {
  const Answer answer(exchange);
  if (answer.status == 0) return {};
  if (const Rule* rule = first_holding(tables::cdn_marks(), answer)) return std::string(rule->product);
  const Rule* maker = first_holding(tables::cdn_errors(), answer);
  return maker != nullptr ? std::string(maker->product) : std::string();
}

std::string cdn_of_name(std::string_view cname) {
  if (cname.ends_with('.')) cname.remove_suffix(1);
  const auto below = [&](const Row& row) {
    if (cname.size() < row.text.size()) return false;
    const auto start = cname.size() - row.text.size();
    return equals_ignoring_case(cname.substr(start), row.text) && (start == 0 || cname[start - 1] == '.');
  };
  const auto found = std::ranges::find_if(kNames, below);
  return found == std::end(kNames) ? std::string() : std::string(found->cdn);
}

std::string cdn_of_address(std::string_view address) {
  const auto parsed = parse_address(address);
  if (!parsed) return {};
  const auto found = std::ranges::find_if(kRanges, [&](const Row& row) {
    const auto prefix = parse_prefix(row.text);
    return prefix && prefix->contains(*parsed);
  });
  return found == std::end(kRanges) ? std::string() : std::string(found->cdn);
}

}  // namespace fix502
