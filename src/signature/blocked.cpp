#include <algorithm>
#include <span>

#include "base/text.hpp"
#include "signature/rule.hpp"
#include "signature/signature.hpp"

namespace fix502 {
namespace {

/// The host of an absolute http(s) URL, in lower case, without port; empty for anything else.
std::string host_of(std::string_view url) {
  const auto scheme = url.find("://");
  if (scheme == url.npos || !url.substr(0, 4).starts_with("http")) return {};
  url.remove_prefix(scheme + 3);
  url = url.substr(0, url.find_first_of("/?#"));
  url.remove_prefix(url.rfind('@') + 1);
  if (!url.starts_with('[')) url = url.substr(0, url.find(':'));
  return lower(url);
}

/// RFC 1918 3 and RFC 6598 7: no public site lives there, but a hot spot's login page does.
bool is_private_host(std::string_view host) {
  if (host.find_first_not_of("0123456789.") != host.npos || host.empty()) return false;
  const auto parts = split(host, '.');
  if (parts.size() != 4) return false;
  const int second = parts[1].size() <= 3 ? std::stoi(std::string(parts[1])) : 0;
  return parts[0] == "10" || (parts[0] == "192" && second == 168) ||
         (parts[0] == "172" && second >= 16 && second < 32) || (parts[0] == "100" && second >= 64 && second < 128);
}

/// The target of `<meta http-equiv="refresh" content="0; url=...">`.
std::string_view refresh_target(const Answer& answer) {
  std::string_view body = answer.body;
  const auto meta = body.find("http-equiv=\"refresh\"");
  if (meta == body.npos) return {};
  body = body.substr(meta, body.find('>', meta) - meta);
  const auto url = body.find("url=");
  if (url == body.npos) return {};
  body.remove_prefix(url + 4);
  if (body.starts_with('\'') || body.starts_with('"')) body.remove_prefix(1);
  return body.substr(0, body.find_first_of("\"'> "));
}

/// A public site that is sent on to an address of the local network is not answering for itself.
bool leads_into_local_network(const Answer& answer) {
  const std::string asked = host_of(answer.exchange.url);
  const bool redirect = answer.status >= 300 && answer.status < 400;
  const std::string_view target = redirect ? std::string_view(answer.exchange.location) : refresh_target(answer);
  return !asked.empty() && !is_private_host(asked) && !is_private_host(answer.exchange.address) &&
         is_private_host(host_of(target));
}

/// What block pages of networks say, in English; longer pages are about something.
constexpr std::uint64_t kMostOfBlockPage = 64 * 1024;
constexpr std::string_view kBlockWords[] = {"been blocked",  "is blocked",        "access blocked",
                                            "page blocked",  "site blocked",      "website blocked",
                                            "access denied", "access restricted", "access is denied",
                                            "is restricted", "been restricted",   "not permitted",
                                            "not allowed",   "is prohibited",     "blocked because",
                                            "blocked by",    "is forbidden",      "unavailable due to a court"};
constexpr std::string_view kNetworkWords[] = {"network administrator",
                                              "system administrator",
                                              "your administrator",
                                              "your organization",
                                              "your organisation",
                                              "company policy",
                                              "corporate policy",
                                              "usage policy",
                                              "use policy",
                                              "internet policy",
                                              "security policy of your",
                                              "school policy",
                                              "your internet provider",
                                              "internet service provider",
                                              "your isp",
                                              "web filter",
                                              "content filter",
                                              "url filter",
                                              "parental control",
                                              "court order",
                                              "filtering policy",
                                              "this network",
                                              "by law enforcement",
                                              "blocked category",
                                              "category:"};

bool says_any(const Answer& answer, std::span<const std::string_view> texts) {
  return std::ranges::any_of(texts, [&](std::string_view text) { return answer.body.contains(text); });
}

}  // namespace

std::string blocked_by(const HttpExchange& exchange) {
  const Answer answer(exchange);
  if (const Rule* rule = first_holding(tables::refusals(), answer)) return std::string(rule->product);
  const Signature signature = identify(exchange);
  return signature.fault == "gateway.blocked" ? signature.product : std::string();
}

bool looks_like_block_page(const HttpExchange& exchange) {
  const Answer answer(exchange);
  return first_holding(tables::portals(), answer) != nullptr || leads_into_local_network(answer);
}

bool speaks_of_block(const HttpExchange& exchange) {
  return exchange.status && exchange.body_bytes <= kMostOfBlockPage && says_any(Answer(exchange), kBlockWords);
}

bool speaks_as_network(const HttpExchange& exchange) {
  return speaks_of_block(exchange) && says_any(Answer(exchange), kNetworkWords);
}

}  // namespace fix502
