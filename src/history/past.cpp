#include "history/past.hpp"

#include <algorithm>

#include "base/text.hpp"

namespace fix502 {
namespace {

constexpr std::string_view kLeftOut = "<redacted>";
constexpr std::size_t kShortestEcho = 4;  // bytes; shorter ones would match by chance
constexpr std::size_t kMostUrl = 2'000;   // bytes
constexpr std::size_t kMostSaid = 500;    // bytes

std::string_view query_of(const Target& target) {
  const auto mark = target.path.find('?');
  return mark == target.path.npos ? std::string_view{} : std::string_view(target.path).substr(mark + 1);
}

void leave_out(std::string& text, std::string_view secret) {
  if (secret.size() < kShortestEcho) return;
  for (auto at = text.find(secret); at != text.npos; at = text.find(secret, at + kLeftOut.size()))
    text.replace(at, secret.size(), kLeftOut);
}

}  // namespace

std::chrono::seconds Outage::length(WallTime now) const {
  return ended.value_or(is_going_on(now) ? std::max(now, last_failed) : last_failed) - began;
}

bool Outage::is_at_most() const {
  return ended && end_seen && *ended - last_failed > std::max(kEndKnown, (*ended - began) / 4);
}

std::string url_for_history(const Target& target) {
  std::string url = target.origin() + target.path.substr(0, target.path.find('?'));
  char joint = '?';
  for (const auto part : split(query_of(target), '&')) {
    const auto equals = part.find('=');
    url += joint;
    // A query without a name is a value.
    if (equals != part.npos) url += part.substr(0, equals + 1);
    url += kLeftOut;
    joint = '&';
  }
  return printable(url, kMostUrl);
}

std::string text_for_history(std::string text, const Target& target) {
  leave_out(text, query_of(target));
  for (const auto part : split(query_of(target), '&')) leave_out(text, part.substr(part.find('=') + 1));
  return printable(text, kMostSaid);
}

}  // namespace fix502
