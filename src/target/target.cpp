#include "target/target.hpp"

#include <curl/urlapi.h>
#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <memory>

#include "base/text.hpp"
#include "target/host_name.hpp"

namespace fix502 {
namespace {

// RFC 9110 4.1 asks servers for 8000 at least; longer ones are sent, to see who refuses them.
constexpr std::size_t kMaxUrl = 65536;

struct CloseUrl {
  void operator()(CURLU* url) const noexcept { curl_url_cleanup(url); }
};
using Url = std::unique_ptr<CURLU, CloseUrl>;
struct FreeText {
  void operator()(char* text) const noexcept { curl_free(text); }
};
using CurlText = std::unique_ptr<char, FreeText>;

constexpr std::string_view kForeignSchemes[] = {"about",  "blob", "chrome", "data", "file",        "ftp", "javascript",
                                                "mailto", "sftp", "ssh",    "tel",  "view-source", "ws",  "wss"};

std::string part(CURLU* url, CURLUPart which, unsigned flags = 0) {
  char* text = nullptr;
  if (curl_url_get(url, which, &text, flags) != CURLUE_OK) return {};
  const CurlText owned(text);
  return text;
}

/// The text for a message: short, printable, and without "user:password@".
std::string shown(std::string_view text) {
  const auto scheme = text.find("://");
  const auto begin = scheme == text.npos ? 0 : scheme + 3;
  const auto end = std::min(text.find_first_of("/?#", begin), text.size());
  const auto at = text.substr(0, end).rfind('@');
  if (at == text.npos || at < begin) return printable(text, 120);
  return printable(std::string(text.substr(0, begin)) + std::string(text.substr(at + 1)), 120);
}

Result<void> check_bytes(std::string_view text) {
  if (text.empty()) return fail("the address is empty; write one like https://shop.example/");
  if (text.size() > kMaxUrl)
    return fail(fmt::format("the address is {} bytes long; more than {} is no web address", text.size(), kMaxUrl));
  const auto is_control = [](char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7F; };
  if (std::ranges::any_of(text, is_control)) return fail("the address holds a control character", shown(text));
  return {};
}

/// What stands before the first colon where that is a scheme; empty where it is a host ("shop.example:8443").
std::string_view scheme_of(std::string_view text) {
  const auto colon = text.find(':');
  if (colon == text.npos || colon == 0) return {};
  const auto scheme = text.substr(0, colon);
  const auto is_scheme_character = [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '+' || c == '-' ||
           c == '.';
  };
  if (!std::ranges::all_of(scheme, is_scheme_character)) return {};
  const auto rest = text.substr(colon + 1);
  if (rest.starts_with('/') || rest.starts_with('\\')) return scheme;
  if (equals_ignoring_case(scheme, "http") || equals_ignoring_case(scheme, "https")) return scheme;
  const auto digits = rest.find_first_not_of("0123456789");
  const bool is_port = digits != 0 && (digits == rest.npos || rest.find_first_of("/?#") == digits);
  return !is_port && std::ranges::find(kForeignSchemes, lower(scheme)) != std::end(kForeignSchemes)
             ? scheme
             : std::string_view{};
}

Result<void> check_scheme(std::string_view scheme) {
  if (scheme.empty() || equals_ignoring_case(scheme, "http") || equals_ignoring_case(scheme, "https")) return {};
  return fail(fmt::format("\"{}:\" is no web address; it must begin with https:// or http://", printable(scheme, 40)));
}

/// Backslashes are slashes up to the query, as browsers read them (URL Standard, "special authority slashes state").
std::string with_slashes(std::string_view text) {
  std::string result(text);
  const auto end = std::min(text.find_first_of("?#"), text.size());
  std::replace(result.begin(), result.begin() + static_cast<std::ptrdiff_t>(end), '\\', '/');
  return result;
}

std::string_view url_error(CURLUcode code) {
  switch (code) {
    case CURLUE_BAD_PORT_NUMBER:
      return "the port is not a number from 1 to 65535";
    case CURLUE_BAD_HOSTNAME:
      return "the host name holds a character that no host name has";
    case CURLUE_BAD_IPV6:
      return "not a valid IPv6 address; it is written in brackets, https://[2001:db8::1]/";
    case CURLUE_NO_HOST:
      return "the address has no host";
    case CURLUE_UNSUPPORTED_SCHEME:
    case CURLUE_BAD_SCHEME:
      return "a web address begins with https:// or http://";
    case CURLUE_BAD_SLASHES:
      return "a web address has two slashes after its scheme, https://shop.example/";
    default:
      return "not a web address; write one like https://shop.example/";
  }
}

Result<std::uint16_t> port_of(CURLU* url, std::string_view text) {
  const std::string digits = part(url, CURLUPART_PORT, CURLU_DEFAULT_PORT);
  std::uint16_t port = 0;
  std::from_chars(digits.data(), digits.data() + digits.size(), port);
  if (port == 0) return fail("the port is not a number from 1 to 65535", shown(text));
  return port;
}

Result<Target> target_of(CURLU* url, std::string_view text) {
  Target target;
  target.scheme = lower(part(url, CURLUPART_SCHEME));
  if (auto scheme = check_scheme(target.scheme); !scheme) return std::unexpected(scheme.error());
  if (!part(url, CURLUPART_ZONEID).empty()) return fail("browsers know no zone in an address", shown(text));
  auto host = normalise_host(part(url, CURLUPART_HOST));
  if (!host) return std::unexpected(host.error());
  target.host = std::move(host->text);
  target.host_is_address = host->is_address;
  auto port = port_of(url, text);
  if (!port) return std::unexpected(port.error());
  target.port = *port;
  target.path = part(url, CURLUPART_PATH);
  if (const std::string query = part(url, CURLUPART_QUERY); !query.empty()) target.path += "?" + query;
  target.url = target.origin() + target.path;
  // Characters beyond ASCII grow when they are percent-encoded.
  if (target.url.size() > 3 * kMaxUrl) return fail("the address is too long once its characters are encoded");
  return target;
}

}  // namespace

std::string Target::origin() const {
  const bool usual = port == (scheme == "https" ? 443 : 80);
  const std::string name = bracketed(host);
  return usual ? fmt::format("{}://{}", scheme, name) : fmt::format("{}://{}:{}", scheme, name, port);
}

Target Target::with_path(std::string_view other) const {
  Target target = *this;
  target.path = other.substr(0, other.find('#'));
  target.url = target.origin() + target.path;
  return target;
}

Result<Target> parse_target(std::string_view text) {
  const auto typed = trim(text);
  if (auto bytes = check_bytes(typed); !bytes) return std::unexpected(bytes.error());
  const auto scheme = scheme_of(typed);
  if (auto known = check_scheme(scheme); !known) return std::unexpected(known.error());
  if (typed.contains(' ')) return fail("the address holds a space; in a web address it is written %20", shown(typed));

  std::string whole = with_slashes(typed);
  std::string_view rest = whole;
  if (!scheme.empty()) rest.remove_prefix(scheme.size() + 1);
  // "https:/shop.example" and "//shop.example": browsers take any number of slashes.
  if (!scheme.empty() || rest.starts_with("//")) rest.remove_prefix(std::min(rest.find_first_not_of('/'), rest.size()));
  if (rest.empty() || rest.front() == '/') return fail("the address has no host", shown(typed));
  whole = (scheme.empty() ? "https" : lower(scheme)) + "://" + std::string(rest);

  const Url url(curl_url());
  const CURLUcode code = curl_url_set(url.get(), CURLUPART_URL, whole.c_str(), CURLU_URLENCODE);
  if (code != CURLUE_OK) return fail(std::string(url_error(code)), shown(typed));
  return target_of(url.get(), typed);
}

Result<Target> resolve_reference(const Target& base, std::string_view reference) {
  // The URL Standard drops tabs; a field value holds no line ends.
  std::string text(trim(reference.substr(0, reference.find('#'))));
  std::erase(text, '\t');
  if (text.empty()) return base;
  if (auto bytes = check_bytes(text); !bytes) return std::unexpected(bytes.error());
  // RFC 3986 4.2: in a relative reference no colon stands before the first slash.
  const auto colon = std::min(text.find_first_of(":/?"), text.size());
  if (colon < text.size() && text[colon] == ':')
    if (auto scheme = check_scheme(std::string_view(text).substr(0, colon)); !scheme)
      return std::unexpected(scheme.error());

  const Url url(curl_url());
  const unsigned flags = CURLU_URLENCODE | CURLU_ALLOW_SPACE;
  CURLUcode code = curl_url_set(url.get(), CURLUPART_URL, base.url.c_str(), 0);
  if (code == CURLUE_OK) code = curl_url_set(url.get(), CURLUPART_URL, with_slashes(text).c_str(), flags);
  if (code != CURLUE_OK) return fail(std::string(url_error(code)), shown(text));
  return target_of(url.get(), text);
}

}  // namespace fix502
