#include "upstream/wire_request.hpp"

#include <arpa/inet.h>
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <span>
#include <vector>

#include "base/text.hpp"
#include "target/target.hpp"

namespace fix502 {
namespace {

using namespace std::string_view_literals;

constexpr std::size_t kMostContent = 65'535 - 7;  // of a FastCGI record, so that with its padding it stays in 16 bits
constexpr std::size_t kMostBlock = 65'535;        // of uwsgi's variables
constexpr std::size_t kMostAjp = 8'188;           // bytes of a packet's payload (AJP13: 8 KiB with its head)

void add16(std::string& bytes, std::size_t number) {
  bytes += static_cast<char>(number >> 8 & 0xFF);
  bytes += static_cast<char>(number & 0xFF);
}

void add16_little(std::string& bytes, std::size_t number) {
  bytes += static_cast<char>(number & 0xFF);
  bytes += static_cast<char>(number >> 8 & 0xFF);
}

/// FastCGI 1.0 3.4: one byte below 128, else four with the top bit set.
void add_fastcgi_length(std::string& bytes, std::size_t length) {
  if (length < 128) {
    bytes += static_cast<char>(length);
    return;
  }
  add16(bytes, (length >> 16 & 0x7FFF) | 0x8000);
  add16(bytes, length & 0xFFFF);
}

/// One stream of records, its end (an empty record) counted in.
void add_fastcgi_stream(std::string& bytes, char type, std::string_view content) {
  while (true) {
    const auto piece = content.substr(0, kMostContent);
    const std::size_t padding = (8 - piece.size() % 8) % 8;
    bytes.append("\x01"sv).append(1, type).append("\0\x01"sv);
    add16(bytes, piece.size());
    bytes.append(1, static_cast<char>(padding)).append(1, '\0');
    bytes.append(piece).append(padding, '\0');
    if (piece.empty()) return;
    content.remove_prefix(piece.size());
  }
}

const std::string* find_ignoring_case(const std::vector<NameValue>& list, std::string_view name) {
  const auto found =
      std::ranges::find_if(list, [&](const NameValue& each) { return equals_ignoring_case(each.name, name); });
  return found == list.end() ? nullptr : &found->value;
}

void add_ajp_text(std::string& bytes, std::string_view text) {
  text = text.substr(0, kMostAjp);
  add16(bytes, text.size());
  bytes.append(text).append(1, '\0');
}

constexpr std::string_view kAjpMethods[] = {"",       "OPTIONS", "GET",      "HEAD",      "POST",  "PUT",
                                            "DELETE", "TRACE",   "PROPFIND", "PROPPATCH", "MKCOL", "COPY",
                                            "MOVE",   "LOCK",    "UNLOCK",   "ACL",       "REPORT"};
constexpr std::string_view kAjpFields[] = {
    "",           "accept",       "accept-charset", "accept-encoding", "accept-language", "authorization",
    "connection", "content-type", "content-length", "cookie",          "cookie2",         "host",
    "pragma",     "referer",      "user-agent"};

template <std::size_t N>
std::size_t code_in(const std::string_view (&table)[N], std::string_view word) {
  const auto* found = std::ranges::find(table, word);
  return found == std::end(table) ? 0 : static_cast<std::size_t>(found - std::begin(table));
}

std::string packet(std::string_view payload) {
  std::string bytes = "\x12\x34";
  add16(bytes, payload.size());
  return bytes.append(payload);
}

std::uint16_t number(std::string_view text, std::uint16_t otherwise) {
  std::uint16_t value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  return error == std::errc{} && end == text.data() + text.size() ? value : otherwise;
}

}  // namespace

std::string http1_request(const UpstreamRequest& request) {
  std::string text = request.method + " " + request.target +
                     (request.protocol == Protocol::http1_0 ? " HTTP/1.0\r\n" : " HTTP/1.1\r\n");
  for (const auto& [name, value] : request.headers) text.append(name).append(": ").append(value).append("\r\n");
  return text.append("\r\n").append(request.body);
}

std::string fastcgi_request(const UpstreamRequest& request) {
  std::string bytes("\x01\x01\0\x01\0\x08\0\0\0\x01"sv);  // BEGIN_REQUEST 1, role RESPONDER
  bytes.append(1, request.keeps_connection ? '\x01' : '\0').append(5, '\0');
  std::string variables;
  for (const auto& [name, value] : request.params) {
    add_fastcgi_length(variables, name.size());
    add_fastcgi_length(variables, value.size());
    variables.append(name).append(value);
  }
  add_fastcgi_stream(bytes, '\x04', variables);
  add_fastcgi_stream(bytes, '\x05', request.body);
  return bytes;
}

std::string uwsgi_request(const UpstreamRequest& request) {
  std::string block;
  for (const auto& [name, value] : request.params) {
    if (block.size() + name.size() + value.size() + 4 > kMostBlock) continue;
    add16_little(block, name.size());
    block.append(name);
    add16_little(block, value.size());
    block.append(value);
  }
  std::string bytes(1, '\0');
  add16_little(bytes, block.size());
  return bytes.append(1, '\0').append(block).append(request.body);
}

std::string scgi_request(const UpstreamRequest& request) {
  std::string block;
  for (const auto& [name, value] : request.params) block.append(name).append(1, '\0').append(value).append(1, '\0');
  return fmt::format("{}:", block.size()) + block + "," + request.body;
}

std::string ajp_ping() {
  return packet("\x0a");
}

std::string ajp_request(const UpstreamRequest& request) {
  const auto value_of = [&](std::string_view name, std::string otherwise) {
    const auto* found = find_ignoring_case(request.params, name);
    return found ? *found : otherwise;
  };
  const auto* host = find_ignoring_case(request.headers, "host");
  const std::size_t method = code_in(kAjpMethods, request.method);
  const auto question = std::min(request.target.find('?'), request.target.size());
  std::string payload = "\x02";
  payload += static_cast<char>(method == 0 ? 2 : method);
  add_ajp_text(payload, "HTTP/1.1");
  add_ajp_text(payload, std::string_view(request.target).substr(0, question));
  add_ajp_text(payload, value_of("REMOTE_ADDR", "127.0.0.1"));
  payload += "\xff\xff";  // no remote host
  add_ajp_text(payload, value_of("SERVER_NAME", host ? host->substr(0, host->find(':')) : std::string("localhost")));
  add16(payload, number(value_of("SERVER_PORT", "80"), 80));
  payload += value_of("HTTPS", "") == "on" ? '\x01' : '\0';
  std::string fields;
  std::size_t count = 0;
  for (const auto& [name, value] : request.headers) {
    if (payload.size() + fields.size() + name.size() + value.size() + 64 > kMostAjp) break;
    const std::size_t code = code_in(kAjpFields, lower(name));
    if (code > 0)
      add16(fields, 0xA000 + code);
    else
      add_ajp_text(fields, name);
    add_ajp_text(fields, value);
    ++count;
  }
  add16(payload, count);
  payload.append(fields);
  if (question < request.target.size()) {
    payload += '\x05';
    add_ajp_text(payload, std::string_view(request.target).substr(question + 1));
  }
  if (const std::string secret = value_of("secret", ""); !secret.empty()) {
    payload += '\x0c';
    add_ajp_text(payload, secret);
  }
  payload += '\xff';
  return packet(payload);
}

std::string proxy_header(int version, const ProxyEnd& source, const ProxyEnd& destination) {
  const bool ipv6 = is_ipv6(source.address) && is_ipv6(destination.address);
  const bool known = ipv6 || (is_ipv4(source.address) && is_ipv4(destination.address));
  if (version == 1) {
    if (!known) return "PROXY UNKNOWN\r\n";
    return fmt::format("PROXY {} {} {} {} {}\r\n", ipv6 ? "TCP6" : "TCP4", source.address, destination.address,
                       source.port, destination.port);
  }
  std::string bytes("\r\n\r\n\0\r\nQUIT\n\x21"sv);  // version 2, command PROXY
  std::string addresses;
  for (const auto* end : {&source, &destination}) {
    if (!known) continue;
    std::array<char, 16> address{};
    inet_pton(ipv6 ? AF_INET6 : AF_INET, end->address.c_str(), address.data());
    addresses.append(address.data(), ipv6 ? 16 : 4);
  }
  if (known) {
    add16(addresses, source.port);
    add16(addresses, destination.port);
  }
  bytes += !known ? '\0' : ipv6 ? '\x21' : '\x11';
  add16(bytes, addresses.size());
  return bytes.append(addresses);
}

}  // namespace fix502
