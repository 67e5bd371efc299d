// Server lines (configuration.txt 5.2).

#include <fmt/format.h>

#include <algorithm>
#include <charconv>

#include "base/text.hpp"
#include "gateway/gateways/haproxy/configuration.hpp"
#include "target/target.hpp"

namespace fix502::haproxy {
namespace {

constexpr std::size_t kMostTemplate = 64;

/// Words that take a value; all others stand alone. What is not here and takes one is harmless: its value is no word we
/// know.
constexpr std::string_view kWithValue[] = {"inter",
                                           "fastinter",
                                           "downinter",
                                           "rise",
                                           "fall",
                                           "port",
                                           "addr",
                                           "weight",
                                           "maxconn",
                                           "minconn",
                                           "maxqueue",
                                           "cookie",
                                           "verify",
                                           "verifyhost",
                                           "ca-file",
                                           "crl-file",
                                           "crt",
                                           "sni",
                                           "alpn",
                                           "npn",
                                           "ssl-min-ver",
                                           "ssl-max-ver",
                                           "ciphers",
                                           "ciphersuites",
                                           "proto",
                                           "check-proto",
                                           "check-sni",
                                           "check-alpn",
                                           "resolvers",
                                           "resolve-prefer",
                                           "resolve-opts",
                                           "resolve-net",
                                           "init-addr",
                                           "pool-max-conn",
                                           "pool-purge-delay",
                                           "pool-low-conn",
                                           "source",
                                           "on-error",
                                           "on-marked-down",
                                           "observe",
                                           "error-limit",
                                           "slowstart",
                                           "track",
                                           "redir",
                                           "id",
                                           "usesrc",
                                           "namespace",
                                           "agent-port",
                                           "agent-addr",
                                           "agent-inter",
                                           "agent-check",
                                           "log-proto",
                                           "max-reuse",
                                           "socks4",
                                           "tcp-ut",
                                           "ws",
                                           "shard",
                                           "set-proxy-v2-tlv-fmt"};

bool takes_value(std::string_view word) {
  return std::ranges::find(kWithValue, word) != std::end(kWithValue);
}

void set_address(std::string_view text, UpstreamServer& server) {
  server.name = text;
  for (const std::string_view family : {"ipv4@", "ipv6@", "tcp4@", "tcp6@"})
    if (text.starts_with(family)) text.remove_prefix(family.size());
  if (text.starts_with("unix@") || text.starts_with('/')) {
    server.socket = text.starts_with('/') ? text : text.substr(5);
    return;
  }
  const auto colon = text.rfind(':');
  const bool bare_ipv6 = colon != std::string_view::npos && text.find(':') != colon && !text.starts_with('[');
  std::string_view host = colon == std::string_view::npos || bare_ipv6 ? text : text.substr(0, colon);
  if (colon != std::string_view::npos && !bare_ipv6) {
    std::string_view port = text.substr(colon + 1);
    if (port.starts_with('+')) port.remove_prefix(1);
    unsigned number = 0;
    std::from_chars(port.data(), port.data() + port.size(), number);
    if (number <= 65'535) server.port = static_cast<std::uint16_t>(number);
  }
  if (host.starts_with('[') && host.ends_with(']')) host = host.substr(1, host.size() - 2);
  server.host = host;
}

void apply_word(std::string_view word, std::string_view value, ServerLine& out, const Model& model,
                const Asked& asked) {
  if (word == "ssl") out.tls.on = true;
  if (word == "no-ssl") out.tls.on = false;
  if (word == "check" || word == "check-ssl") out.check = true;
  if (word == "no-check") out.check = false;
  if (word == "backup") out.server.backup = true;
  if (word == "disabled") out.server.disabled = true;
  if (word == "enabled") out.server.disabled = false;
  if (word == "send-proxy") out.proxy_protocol = 1;
  if (word.starts_with("send-proxy-v2")) out.proxy_protocol = 2;
  if (word == "verify") out.tls.verify = value == "required";
  if (word == "verifyhost") out.tls.name = value;
  if (word == "ca-file") out.tls.trusted_file = value.starts_with('@') ? std::string() : std::string(value);
  if (word == "crt") out.tls.certificate = out.tls.key = value;
  if (word == "sni") out.tls.sni = sample(value, asked, model).value_or("");
  if (word == "alpn") {
    out.tls.alpn.clear();
    for (const auto one : split(value, ',')) out.tls.alpn.emplace_back(one);
  }
  if (word == "ssl-min-ver") out.tls.min_version = value;
  if (word == "ssl-max-ver") out.tls.max_version = value;
  if (word.starts_with("force-tlsv1"))
    out.tls.min_version = out.tls.max_version =
        word == "force-tlsv10" ? "TLSv1.0" : "TLSv1." + std::string(word.substr(11));
  if (word == "no-tlsv13") out.tls.max_version = "TLSv1.2";
  if (word == "no-tlsv12" && out.tls.min_version.empty()) out.tls.max_version = "TLSv1.1";
  if (word == "ciphers") out.tls.ciphers = value;
  if (word == "proto") out.proto = value;
  if (word == "port") out.check_port = static_cast<std::uint16_t>(std::clamp<std::int64_t>(size_of(value), 0, 65'535));
  if (word == "maxconn") out.connections = size_of(value);
  if (word == "pool-max-conn") out.pool = size_of(value);
  if (word == "pool-purge-delay") out.pool_purge_ms = milliseconds_of(value);
  if (word == "fall") out.fall = size_of(value);
  if (word == "weight") out.server.weight = static_cast<int>(std::clamp<std::int64_t>(size_of(value), 0, 256));
  if (word == "resolvers") {
    out.server.resolved_once = false;
    out.server.resolved_by_host_file = false;
    if (const Section* resolvers = model.find("resolvers", value))
      for (const auto& line : resolvers->lines)
        if (line.word(0) == "nameserver") {
          out.server.resolver = line.word(2);
          break;
        }
  }
}

void apply_words(const Line& line, std::size_t from, ServerLine& out, const Model& model, const Asked& asked) {
  for (std::size_t i = from; i < line.words.size(); ++i) {
    const std::string_view word = line.word(i);
    const bool value = takes_value(word);
    apply_word(word, value ? line.word(i + 1) : std::string_view(), out, model, asked);
    if (value) ++i;
  }
}

/// Settings for every server: the global section's, then the defaults' and the backend's own "default-server".
ServerLine base_of(const Section& backend, const Model& model, const Asked& asked, const Line* until) {
  ServerLine base;
  base.tls.verify = true;  // since 1.6, where ssl is on
  if (const Section* global = model.global()) {
    for (const auto& line : global->lines) {
      if (line.word(0) == "ssl-server-verify") base.tls.verify = line.word(1) != "none";
      if (line.word(0) == "ssl-default-server-options") apply_words(line, 1, base, model, asked);
      if (line.word(0) == "ssl-default-server-ciphers") base.tls.ciphers = line.word(1);
    }
  }
  std::vector<const Section*> chain = {&backend};
  for (std::size_t at = backend.defaults; at != Section::kNone && chain.size() < 16; at = model.sections[at].defaults)
    chain.push_back(&model.sections[at]);
  for (std::size_t i = chain.size(); i-- > 0;)
    for (const auto& line : chain[i]->lines) {
      if (&line == until) break;
      if (line.word(0) == "default-server") apply_words(line, 1, base, model, asked);
    }
  return base;
}

ServerLine read_server(const Section& backend, const Line& line, std::size_t address, const Model& model,
                       const Asked& asked) {
  ServerLine out = base_of(backend, model, asked, &line);
  out.line = &line;
  out.address = address;
  const std::string name(line.word(1));
  set_address(line.word(address), out.server);
  out.server.name = fmt::format("{}/{}", backend.name, name);
  out.server.place = line.place();
  out.server.resolved_once = out.server.is_name();
  if (out.server.port == 0 && out.server.socket.empty()) out.server.port = asked.incoming.port;  // the client's own
  apply_words(line, address + 1, out, model, asked);
  UpstreamTls& tls = out.tls;
  if (!tls.sni.empty() && (is_ipv4(tls.sni) || is_ipv6(tls.sni))) tls.sni.clear();
  tls.sni = tls.sni.substr(0, tls.sni.find(':'));
  if (tls.verify && !tls.sni.empty()) tls.name = tls.sni;  // verifyhost counts where no name is sent
  tls.verify_name = tls.verify && !tls.name.empty();
  tls.verify_dates = tls.verify;
  tls.names_only = true;
  tls.place = line.place();
  return out;
}

}  // namespace

std::size_t ServerLine::word(std::string_view name) const {
  for (std::size_t i = address + 1; line != nullptr && i < line->words.size(); ++i) {
    if (line->word(i) == name) return i;
    if (takes_value(line->word(i))) ++i;
  }
  return 0;
}

std::vector<ServerLine> servers_of(const Section& backend, const Model& model, const Asked& asked) {
  std::vector<ServerLine> servers;
  for (const auto& line : backend.lines) {
    if (line.word(0) == "server" && line.words.size() >= 3) {
      servers.push_back(read_server(backend, line, 2, model, asked));
    } else if (line.word(0) == "server-template" && line.words.size() >= 4) {
      const std::string_view range = line.word(2);
      const auto dash = range.find('-');
      const auto last = size_of(dash == std::string_view::npos ? range : range.substr(dash + 1));
      ServerLine one = read_server(backend, line, 3, model, asked);
      for (std::int64_t i = 1; i <= std::clamp<std::int64_t>(last, 1, kMostTemplate); ++i) {
        one.server.name = fmt::format("{}/{}{}", backend.name, line.word(1), i);
        servers.push_back(one);
      }
    }
  }
  return servers;
}

}  // namespace fix502::haproxy
