#include "serve/guards.hpp"

#include <arpa/inet.h>
#include <sys/random.h>

#include <algorithm>
#include <charconv>
#include <cmath>
#include <vector>

#include "base/text.hpp"
#include "target/target.hpp"

namespace fix502 {
namespace {

/// Clients that are remembered; more than that, and the oldest have long earned back what they used.
constexpr std::size_t kMostClients = 10'000;

/// "host:port" apart; the port 0 where there is none. False where it is neither.
bool split_host(std::string_view text, std::string& host, std::uint16_t& port) {
  port = 0;
  auto colon = text.rfind(':');
  if (text.starts_with('[')) {
    const auto end = text.find(']');
    if (end == text.npos) return false;
    host = lower(text.substr(1, end - 1));
    colon = end + 1 < text.size() ? end + 1 : text.npos;
    if (colon != text.npos && text[colon] != ':') return false;
  } else {
    host = lower(text.substr(0, colon));
  }
  if (colon == text.npos) return !host.empty();
  const std::string_view digits = text.substr(colon + 1);
  const auto read = std::from_chars(digits.data(), digits.data() + digits.size(), port);
  return read.ec == std::errc() && read.ptr == digits.data() + digits.size() && !host.empty();
}

bool is_loopback_name(std::string_view host) {
  return host == "localhost" || host == "::1" || (is_ipv4(std::string(host)) && host.starts_with("127."));
}

}  // namespace

bool is_own_host(const Guards& guards, std::string_view text) {
  std::string host;
  std::uint16_t port = 0;
  if (!split_host(text, host, port)) return false;
  if (guards.serves_others) return guards.name.empty() || host == lower(guards.name);
  return is_loopback_name(host) && (port == 0 ? 80 : port) == guards.port;
}

bool is_cross_site(const Guards& guards, const Request& request) {
  // Browsers tell it of every request, and no page can change it. "none" is the person: an address typed in.
  const std::string_view site = request.field("sec-fetch-site");
  const bool opened = request.method == "GET" && request.path == "/" && request.field("sec-fetch-mode") == "navigate" &&
                      request.field("sec-fetch-dest") == "document";
  if (!site.empty() && site != "same-origin" && site != "none" && !opened) return true;
  const std::string_view origin = request.field("origin");
  if (origin.empty()) return false;
  const std::string_view scheme = guards.tls ? "https://" : "http://";
  return !origin.starts_with(scheme) || origin.substr(scheme.size()) != request.field("host") ||
         !is_own_host(guards, origin.substr(scheme.size()));
}

bool same_secret(std::string_view given, std::string_view expected) {
  if (given.size() != expected.size() || expected.empty()) return false;
  unsigned different = 0;
  for (std::size_t i = 0; i < given.size(); ++i)
    different |= static_cast<unsigned>(static_cast<unsigned char>(given[i]) ^ static_cast<unsigned char>(expected[i]));
  return different == 0;
}

bool has_token(const Guards& guards, const Request& request, bool in_query) {
  const std::string_view field = request.field("authorization");
  constexpr std::string_view kScheme = "bearer ";
  if (field.size() > kScheme.size() && equals_ignoring_case(field.substr(0, kScheme.size()), kScheme))
    return same_secret(trim(field.substr(kScheme.size())), guards.token);
  return in_query && same_secret(request.asked("access_token"), guards.token);
}

std::string new_secret() {
  unsigned char bytes[32];
  if (getrandom(bytes, sizeof bytes, 0) != static_cast<ssize_t>(sizeof bytes)) return {};
  constexpr std::string_view kDigits = "0123456789abcdef";
  std::string text;
  for (const unsigned char byte : bytes) {
    text += kDigits[byte >> 4U];
    text += kDigits[byte & 15U];
  }
  return text;
}

std::string client_of(const std::string& address) {
  unsigned char bytes[16];
  if (inet_pton(AF_INET6, address.substr(0, address.find('%')).c_str(), bytes) != 1) return address;
  return hex({reinterpret_cast<const char*>(bytes), 8}, 8);
}

std::optional<std::chrono::seconds> RateLimit::take(const std::string& client, Clock::time_point now) {
  if (clients_.size() >= kMostClients && !clients_.contains(client)) forget(now);
  const auto [found, is_new] = clients_.try_emplace(client, Bucket{burst_, now});
  Bucket& bucket = found->second;
  const double passed = std::chrono::duration<double>(now - bucket.when).count();
  bucket.left = std::min(burst_, bucket.left + passed * per_second_);
  bucket.when = now;
  if (bucket.left >= 1) {
    bucket.left -= 1;
    return std::nullopt;
  }
  const double wait = per_second_ > 0 ? (1 - bucket.left) / per_second_ : 3600;
  return std::chrono::seconds(static_cast<long>(std::ceil(wait)));
}

/// Those whose bucket is full again; where none is, the half that asked longest ago: many clients cost no more each.
void RateLimit::forget(Clock::time_point now) {
  const auto full = [&](const auto& client) {
    const double passed = std::chrono::duration<double>(now - client.second.when).count();
    return client.second.left + passed * per_second_ >= burst_;
  };
  if (std::erase_if(clients_, full) > clients_.size()) return;
  std::vector<Clock::time_point> times;
  for (const auto& [client, bucket] : clients_) times.push_back(bucket.when);
  const auto middle = times.begin() + static_cast<std::ptrdiff_t>(times.size() / 2);
  if (middle == times.end()) return;
  std::ranges::nth_element(times, middle);
  std::erase_if(clients_, [&](const auto& client) { return client.second.when <= *middle; });
}

}  // namespace fix502
