#include "signature/works.hpp"

#include <algorithm>
#include <array>

#include "signature/signature.hpp"

namespace fix502 {
namespace {

/// product.md: these count as working unless a firewall's or CDN's own mark is on them.
constexpr std::array kMeantRefusals = {401, 403, 404, 405, 410};

}  // namespace

bool works(const HttpExchange& exchange, const StatusSet& expected) {
  // A body that is still coming when our patience ends is a large or slow one, and a good one.
  const bool still_coming = exchange.failure == Failure::out_of_time && exchange.reached == Phase::body;
  if ((exchange.failure != Failure::none && !still_coming) || !exchange.status) return false;
  const int status = *exchange.status;
  if (!expected.ranges.empty()) return expected.contains(status);
  if (looks_like_block_page(exchange)) return false;
  if (status >= 200 && status < 400) return true;
  if (std::ranges::find(kMeantRefusals, status) == kMeantRefusals.end() || !blocked_by(exchange).empty()) return false;
  // A CDN's own refusal is not the site's word.
  const Signature signature = identify(exchange);
  return signature.kind != ResponderKind::cdn || !signature.self_made;
}

}  // namespace fix502
