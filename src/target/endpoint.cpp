#include <fmt/format.h>

#include <charconv>

#include "base/text.hpp"
#include "target/host_name.hpp"
#include "target/target.hpp"

namespace fix502 {
namespace {

Result<std::uint16_t> parse_port(std::string_view text) {
  std::uint16_t port = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), port);
  if (error != std::errc{} || end != text.data() + text.size() || port == 0)
    return fail("the port is not a number from 1 to 65535", printable(text, 40));
  return port;
}

}  // namespace

Result<Endpoint> parse_endpoint(std::string_view text) {
  const auto whole = trim(text);
  if (whole.empty()) return fail("no host was given; write HOST or HOST:PORT");
  if (whole.contains("://")) return fail("only HOST or HOST:PORT is wanted here, no scheme", printable(whole, 100));
  std::string_view host = whole;
  std::string_view port;
  bool with_port = false;
  if (host.front() == '[') {
    const auto bracket = host.find(']');
    if (bracket == host.npos) return fail("the bracket is not closed", printable(whole, 100));
    port = host.substr(bracket + 1);
    host = host.substr(0, bracket + 1);
    if (!port.empty() && port.front() != ':')
      return fail("after the bracket only :PORT may follow", printable(whole, 100));
    with_port = !port.empty();
    if (with_port) port.remove_prefix(1);
  } else if (const auto colon = host.find(':'); colon != host.npos && colon == host.rfind(':')) {
    port = host.substr(colon + 1);
    host = host.substr(0, colon);
    with_port = true;
  }
  auto name = normalise_host(host);
  if (!name) return std::unexpected(name.error());
  if (!with_port) return Endpoint{std::move(name->text), 0};
  const auto number = parse_port(port);
  if (!number) return std::unexpected(number.error());
  return Endpoint{std::move(name->text), *number};
}

std::string bracketed(std::string_view host) {
  return host.contains(':') && !host.starts_with('[') ? fmt::format("[{}]", host) : std::string(host);
}

std::string to_text(const Endpoint& endpoint) {
  return endpoint.port == 0 ? endpoint.host : fmt::format("{}:{}", bracketed(endpoint.host), endpoint.port);
}

}  // namespace fix502
