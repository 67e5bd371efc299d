#include "net/redaction.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "base/text.hpp"

namespace fix502 {
namespace {

constexpr std::size_t kShortestEcho = 8;  // bytes

constexpr std::string_view kSecretFields[] = {
    "authorization", "proxy-authorization", "authentication-info", "proxy-authentication-info",
    "cookie",        "set-cookie",          "set-cookie2",         "x-api-key",
    "x-auth-token",  "x-access-token",      "x-csrf-token",        "x-amz-security-token",
};

std::string size_of(std::string_view value) {
  return fmt::format("<{} bytes>", value.size());
}

}  // namespace

bool is_secret_field(std::string_view name) {
  return std::ranges::find(kSecretFields, name) != std::end(kSecretFields);
}

std::string without_secret(std::string_view name, std::string_view value) {
  if (!is_secret_field(name)) return std::string(value);
  if (name != "set-cookie") return size_of(value);
  // RFC 6265 4.1.1: the pair ends at the first semicolon, the attributes are no secret.
  const auto end = std::min(value.find(';'), value.size());
  const auto pair = value.substr(0, end);
  const auto equals = pair.find('=');
  if (equals == pair.npos) return size_of(pair) + std::string(value.substr(end));
  return std::string(pair.substr(0, equals + 1)) + size_of(pair.substr(equals + 1)) + std::string(value.substr(end));
}

std::vector<std::string> secrets_of(const HttpRequest& request) {
  std::vector<std::string> secrets;
  const auto add = [&](std::string_view value) {
    if (value.size() >= kShortestEcho) secrets.emplace_back(value);
  };
  const auto add_cookies = [&](std::string_view cookies) {
    for (const auto pair : split(cookies, ';')) add(pair.substr(pair.find('=') + 1));
  };
  add_cookies(request.cookie);
  for (const auto& [name, value] : request.headers) {
    const std::string field = lower(name);
    if (field == "cookie") add_cookies(value);
    // "Basic dXNlcjpwYXNz": the scheme is no secret.
    if (field != "cookie" && is_secret_field(field)) add(trim(value.substr(value.find(' ') + 1)));
  }
  return secrets;
}

std::string without(std::string text, const std::vector<std::string>& secrets) {
  constexpr std::string_view kMark = "<redacted>";
  for (const auto& secret : secrets)
    for (auto at = text.find(secret); at != text.npos; at = text.find(secret, at + kMark.size()))
      text.replace(at, secret.size(), kMark);
  return text;
}

std::string without_credentials(std::string_view url) {
  const auto scheme = url.find("://");
  const auto begin = scheme == url.npos ? 0 : scheme + 3;
  const auto end = std::min(url.find_first_of("/?#", begin), url.size());
  const auto at = url.substr(0, end).rfind('@');
  if (at == url.npos || at < begin) return std::string(url);
  return std::string(url.substr(0, begin)) + std::string(url.substr(at + 1));
}

}  // namespace fix502
