#include <algorithm>
#include <array>
#include <charconv>

#include "base/text.hpp"
#include "gateway/gateways/apache/servers.hpp"
#include "target/target.hpp"

namespace fix502::apache {
namespace {

struct SchemePort {
  std::string_view scheme;
  std::uint16_t port;
};
// proxy_util.c pschemes[]; mod_proxy_scgi.c SCGI_DEF_PORT; mod_proxy_uwsgi.c UWSGI_DEFAULT_PORT.
constexpr SchemePort kPorts[] = {{"http", 80},   {"https", 443},  {"fcgi", 8000}, {"ajp", 8009},
                                 {"scgi", 4000}, {"uwsgi", 3031}, {"ws", 80},     {"wss", 443},
                                 {"h2", 443},    {"h2c", 80},     {"ftp", 21}};

std::optional<std::int64_t> whole_number(std::string_view text) {
  std::int64_t number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return number;
}

/// atoi(): the digits at the front, 0 where there are none.
std::int64_t front_number(std::string_view text) {
  text = trim(text);
  std::int64_t number = 0;
  std::from_chars(text.data(), text.data() + text.size(), number);
  return number;
}

enum class Shape { any, ttl, count, seconds_from_1, time_s, time_ms, on_off, size, field_size, load };
struct Known {
  std::string_view key;
  Shape shape;
  std::string_view error;
};
constexpr Known kWorkerParameters[] = {
    {"loadfactor", Shape::load, "LoadFactor must be a number between 1..100"},
    {"retry", Shape::any, ""},
    {"ttl", Shape::seconds_from_1, "TTL must be at least one second"},
    {"min", Shape::count, "Min must be a positive number"},
    {"max", Shape::count, "Max must be a positive number"},
    {"smax", Shape::count, "Smax must be a positive number"},
    {"acquire", Shape::time_ms, "Acquire timeout has wrong format"},
    {"timeout", Shape::seconds_from_1, "Timeout must be at least one second"},
    {"iobuffersize", Shape::size, "IOBufferSize must be >= 512 bytes, or 0 for system default."},
    {"receivebuffersize", Shape::size, "ReceiveBufferSize must be >= 512 bytes, or 0 for system default."},
    {"keepalive", Shape::on_off, "KeepAlive must be On|Off"},
    {"disablereuse", Shape::on_off, "DisableReuse must be On|Off"},
    {"enablereuse", Shape::on_off, "EnableReuse must be On|Off"},
    {"addressttl", Shape::ttl, "AddressTTL must be -1 or a number of seconds not exceeding (2147483647)"},
    {"route", Shape::any, ""},
    {"redirect", Shape::any, ""},
    {"status", Shape::any, ""},
    {"flushpackets", Shape::any, ""},
    {"flushwait", Shape::count, "flushwait must be <= 1000, or 0 for system default of 10 millseconds."},
    {"ping", Shape::time_s, "Ping/Pong timeout has wrong format"},
    {"lbset", Shape::count, "lbset must be between 0 and 99"},
    {"connectiontimeout", Shape::time_s, "Connectiontimeout has wrong format"},
    {"flusher", Shape::any, ""},
    {"secret", Shape::any, ""},
    {"upgrade", Shape::any, ""},
    {"responsefieldsize", Shape::field_size,
     "ResponseFieldSize must be greater than 0 bytes, or 0 for system default."},
    {"multipathtcp", Shape::any, ""},
    {"hcmethod", Shape::any, ""},
    {"hcpasses", Shape::count, "Passes must be a positive value"},
    {"hcfails", Shape::count, "Fails must be a positive value"},
    {"hcinterval", Shape::time_s, "Unparse-able hcinterval setting"},
    {"hcuri", Shape::any, ""},
    {"hcexpr", Shape::any, ""},
    {"hctemplate", Shape::any, ""}};
constexpr std::string_view kBalancerParameters[] = {
    "stickysession",   "stickysessionsep", "nofailover",    "timeout", "maxattempts", "lbmethod",
    "scolonpathdelim", "failonstatus",     "failontimeout", "nonce",   "growth",      "forcerecovery"};

bool fits(Shape shape, std::string_view value) {
  switch (shape) {
    case Shape::count:
      return front_number(value) >= 0;
    case Shape::seconds_from_1:
      return front_number(value) >= 1;
    case Shape::time_s:
      return parse_time(value, "s").value_or(-1) >= 1;
    case Shape::time_ms:
      return parse_time(value, "ms").value_or(-1) >= 0;
    case Shape::on_off:
      return equals_ignoring_case(value, "on") || equals_ignoring_case(value, "off");
    case Shape::size:
      return front_number(value) == 0 || front_number(value) >= 512;
    case Shape::field_size:
      return front_number(value) >= 0;
    case Shape::load:
      return front_number(value) >= 1 && front_number(value) <= 100;
    case Shape::ttl:
      return value == "-1" || parse_time(value, "s").value_or(1) % 1000 == 0;
    case Shape::any:
      break;
  }
  return true;
}

bool in_class(std::string_view body, char c) {
  const bool negated = body.starts_with('!') || body.starts_with('^');
  if (negated) body.remove_prefix(1);
  bool found = false;
  for (std::size_t i = 0; i < body.size(); ++i) {
    if (i + 2 < body.size() && body[i + 1] == '-') {
      found = found || (c >= body[i] && c <= body[i + 2]);
      i += 2;
    } else {
      found = found || body[i] == c;
    }
  }
  return found != negated;
}

}  // namespace

std::uint16_t port_of_scheme(std::string_view scheme) {
  const auto found = std::ranges::find(kPorts, scheme, &SchemePort::scheme);
  return found == std::end(kPorts) ? std::uint16_t{0} : found->port;
}

std::uint16_t Url::real_port() const {
  return port != 0 ? port : port_of_scheme(scheme);
}

std::string Url::origin() const {
  std::string text = scheme + "://" + bracketed(host);
  if (port != 0 && port != port_of_scheme(scheme)) text += ":" + std::to_string(port);
  return text;
}

Url parse_url(std::string_view text) {
  Url url;
  const auto colon = text.find("://");
  if (colon == std::string_view::npos || colon == 0) return url;
  url.scheme = lower(text.substr(0, colon));
  text.remove_prefix(colon + 3);
  const auto slash = std::min(text.find_first_of("/?#"), text.size());
  std::string_view authority = text.substr(0, slash);
  url.path = std::string(text.substr(slash));
  if (const auto at = authority.rfind('@'); at != std::string_view::npos) authority.remove_prefix(at + 1);
  std::string_view port;
  if (authority.starts_with('[')) {
    const auto close = authority.find(']');
    if (close == std::string_view::npos) return url;
    url.host = lower(authority.substr(1, close - 1));
    if (close + 1 < authority.size() && authority[close + 1] == ':') port = authority.substr(close + 2);
  } else {
    const auto at = authority.rfind(':');
    url.host = lower(authority.substr(0, at));
    if (at != std::string_view::npos) port = authority.substr(at + 1);
  }
  if (!port.empty()) {
    const auto number = whole_number(port);
    if (!number || *number < 0) return url;
    url.port = static_cast<std::uint16_t>(*number);  // cut to 16 bits, as httpd does
  }
  url.valid = !url.host.empty();
  return url;
}

SocketUrl split_socket(std::string_view text) {
  if (text.size() < 5 || !equals_ignoring_case(text.substr(0, 5), "unix:"))
    return {.socket = {}, .url = std::string(text)};
  const auto bar = text.find('|');
  if (bar == std::string_view::npos) return {.socket = {}, .url = std::string(text)};
  std::string url(text.substr(bar + 1));
  // ap_proxy_de_socketfy: "http:" alone is "http://localhost".
  const auto colon = url.find(':');
  if (colon != std::string::npos && (url.substr(colon) == ":" || url.substr(colon) == "://"))
    url = url.substr(0, colon) + "://localhost";
  return {.socket = std::string(text.substr(5, bar - 5)), .url = url};
}

std::optional<std::int64_t> parse_time(std::string_view text, std::string_view unit) {
  std::int64_t number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc() || number < 0) return std::nullopt;
  std::string_view rest(end, static_cast<std::size_t>(text.data() + text.size() - end));
  if (rest.empty()) rest = unit;
  const std::string low = lower(rest);
  std::int64_t factor = 0;
  if (low == "ms")
    factor = 1;
  else if (low == "s")
    factor = 1'000;
  else if (low == "mi" || low == "min")
    factor = 60'000;
  else if (low == "h" || low == "hr")
    factor = 3'600'000;
  else
    return std::nullopt;
  if (number > INT64_MAX / factor) return std::nullopt;
  return number * factor;
}

std::string worker_parameter_error(std::string_view key, std::string_view value) {
  const std::string low = lower(key);
  const auto found = std::ranges::find(kWorkerParameters, std::string_view(low), &Known::key);
  if (found == std::end(kWorkerParameters)) return "unknown Worker parameter";
  return fits(found->shape, value) ? std::string() : std::string(found->error);
}

std::string balancer_parameter_error(std::string_view key, std::string_view value) {
  const std::string low = lower(key);
  if (std::ranges::find(kBalancerParameters, std::string_view(low)) == std::end(kBalancerParameters))
    return "unknown Balancer parameter";
  if (low == "timeout" && front_number(value) < 1) return "timeout must be at least one second";
  return {};
}

std::vector<std::string> groups_of(const Regex& pattern, std::string_view text) {
  return pattern.match(text).value_or(std::vector<std::string>());
}

std::vector<std::string> groups_of(std::string_view pattern, std::string_view text, bool ignore_case) {
  const auto compiled = Regex::compile(pattern, ignore_case);
  return compiled ? groups_of(*compiled, text) : std::vector<std::string>();
}

bool has_wildcard(std::string_view text) {
  return text.find_first_of("*?[") != std::string_view::npos;
}

bool wild_match(std::string_view pattern, std::string_view text, bool by_path, bool ignore_case) {
  if (ignore_case) return wild_match(lower(pattern), lower(text), by_path, false);
  // The usual walk with one point of return: never more than pattern times text steps.
  std::size_t p = 0, t = 0, star = std::string_view::npos, star_text = 0;
  while (t < text.size()) {
    if (p < pattern.size() && pattern[p] == '*') {
      star = ++p, star_text = t;
      continue;
    }
    bool matches = false;
    std::size_t next = p + 1;
    if (p < pattern.size()) {
      if (by_path && text[t] == '/') {
        matches = pattern[p] == '/';
      } else if (pattern[p] == '?') {
        matches = true;
      } else if (const auto close = pattern.find(']', p + 2); pattern[p] == '[' && close != std::string_view::npos) {
        matches = in_class(pattern.substr(p + 1, close - p - 1), text[t]);
        next = close + 1;
      } else if (pattern[p] == '\\' && p + 1 < pattern.size()) {
        matches = pattern[p + 1] == text[t];
        next = p + 2;
      } else {
        matches = pattern[p] == text[t];
      }
    }
    if (matches) {
      p = next, ++t;
    } else if (star != std::string_view::npos && !(by_path && text[star_text] == '/')) {
      p = star, t = ++star_text;
    } else {
      return false;
    }
  }
  while (p < pattern.size() && pattern[p] == '*') ++p;
  return p == pattern.size();
}

}  // namespace fix502::apache
