#include "net/dns_server.hpp"

#include <fmt/format.h>

#include <charconv>

#include "base/text.hpp"
#include "target/target.hpp"

namespace fix502 {
namespace {

struct Scheme {
  std::string_view prefix;
  Transport transport;
  std::uint16_t port;
};

constexpr Scheme kSchemes[] = {
    {"tls://", Transport::tls, 853},  // RFC 7858 3.1
    {"tcp://", Transport::tcp, 53},
    {"udp://", Transport::udp, 53},
};

struct AddressAndPort {
  std::string_view address, port;
};

/// The port is what follows a bracket, or the only colon.
AddressAndPort take_apart(std::string_view text) {
  if (text.starts_with('[')) {
    const auto bracket = text.find(']');
    if (bracket == text.npos) return {};
    const auto rest = text.substr(bracket + 1);
    return {text.substr(1, bracket - 1), rest.starts_with(':') ? rest.substr(1) : rest};
  }
  const auto colon = text.find(':');
  if (colon == text.npos || colon != text.rfind(':')) return {text, {}};
  return {text.substr(0, colon), text.substr(colon + 1)};
}

Result<DnsServer> parse_https(std::string_view text) {
  const auto target = parse_target(text);
  if (!target) return std::unexpected(target.error());
  DnsServer server;
  server.transport = Transport::https;
  server.port = target->port;
  server.url = target->url;
  server.host = target->host;
  return server;
}

}  // namespace

std::string DnsServer::text() const {
  if (transport == Transport::https) return url;
  const std::string shown = address.is_v6() ? fmt::format("[{}]", address.to_string()) : address.to_string();
  if (transport != Transport::tls) return fmt::format("{}:{}", shown, port);
  const std::string where = port == 853 ? address.to_string() : fmt::format("{}:{}", shown, port);
  return tls_name.empty() ? fmt::format("tls://{}", where) : fmt::format("tls://{}#{}", where, tls_name);
}

Result<DnsServer> parse_dns_server(std::string_view text) {
  const auto whole = trim(text);
  if (lower(whole.substr(0, 8)) == "https://") return parse_https(whole);
  DnsServer server;
  std::string_view rest = whole;
  for (const auto& [prefix, transport, port] : kSchemes) {
    if (lower(whole.substr(0, prefix.size())) != prefix) continue;
    server.transport = transport;
    server.port = port;
    rest.remove_prefix(prefix.size());
  }
  if (const auto hash = rest.find('#'); hash != rest.npos && server.transport == Transport::tls) {
    server.tls_name = lower(printable(rest.substr(hash + 1), 253));
    rest = rest.substr(0, hash);
  }
  const auto [address, port] = take_apart(rest);
  boost::system::error_code error;
  server.address = boost::asio::ip::make_address(std::string(address), error);
  if (error || address.contains('\0'))
    return fail("not a name server; write ADDRESS[:PORT], tls://ADDRESS[#NAME] or https://HOST/PATH",
                printable(whole, 100));
  if (port.empty()) return server;
  const auto [end, wrong] = std::from_chars(port.data(), port.data() + port.size(), server.port);
  if (wrong != std::errc{} || end != port.data() + port.size() || server.port == 0)
    return fail("the port is not a number from 1 to 65535", printable(whole, 100));
  return server;
}

}  // namespace fix502
