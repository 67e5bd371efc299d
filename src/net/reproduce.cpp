#include "net/reproduce.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <vector>

#include "base/text.hpp"
#include "net/redaction.hpp"
#include "net/transfer.hpp"
#include "target/target.hpp"

namespace fix502 {
namespace {

/// A command line in the making: each word quoted for the shell.
class Command {
 public:
  explicit Command(std::string_view program) : text_(program) {}
  void add(std::string_view word) { (text_ += ' ') += shell_quoted(printable(word, 4096)); }
  void add(std::string_view option, std::string_view value) {
    add(option);
    add(value);
  }
  [[nodiscard]] std::string text() && { return std::move(text_); }

 private:
  std::string text_;
};

struct HttpRow {
  ClientProfile::Http http;
  std::string_view option;
};
constexpr HttpRow kHttp[] = {
    {ClientProfile::Http::http1_0, "--http1.0"},
    {ClientProfile::Http::http1_1, "--http1.1"},
    {ClientProfile::Http::http2, "--http2"},
};
struct CurlTlsRow {
  ClientProfile::Tls tls;
  std::vector<std::string_view> options;
};
const CurlTlsRow kCurlTls[] = {
    {ClientProfile::Tls::only_1_2, {"--tlsv1.2", "--tls-max", "1.2"}},
    {ClientProfile::Tls::only_1_3, {"--tlsv1.3"}},
    {ClientProfile::Tls::any, {"--tlsv1.0", "--ciphers", "ALL:@SECLEVEL=0"}},
};

std::string pinned(const std::string& host, std::uint16_t port, const std::vector<std::string>& addresses) {
  std::string entry = fmt::format("{}:{}:", host, port);
  for (const auto& address : addresses) {
    if (&address != &addresses.front()) entry += ',';
    entry += bracketed(address);
  }
  return entry;
}

void add_way(Command& command, const HttpRequest& request, const Target& target) {
  const std::uint16_t port = request.connect_port ? request.connect_port : target.port;
  if (request.connect_port) command.add("--connect-to", fmt::format("::{}:{}", bracketed(target.host), port));
  if (!request.proxy.empty()) {
    const std::string proxy = without_credentials(request.proxy);
    command.add("-x", proxy);
    if (proxy != request.proxy) command.add("--proxy-user", "USER:PASSWORD");
    if (const auto at = parse_endpoint(proxy.substr(proxy.find("://") + 3)); at && !request.proxy_addresses.empty())
      command.add("--resolve", pinned(at->host, at->port, request.proxy_addresses));
  } else {
    command.add("--noproxy", "*");
    if (!target.host_is_address && !request.addresses.empty())
      command.add("--resolve", pinned(target.host, port, request.addresses));
  }
  if (!request.interface.empty()) command.add("--interface", request.interface);
}

void add_client(Command& command, const ClientProfile& client) {
  for (const auto& [http, option] : kHttp)
    if (http == client.http) command.add(option);
  for (const auto& [tls, options] : kCurlTls)
    if (tls == client.tls) std::ranges::for_each(options, [&](std::string_view option) { command.add(option); });
  command.add("-A", client.user_agent);
  if (!client.accept_encoding.empty()) command.add("--compressed");
}

void add_fields(Command& command, const HttpRequest& request) {
  for (const auto& [name, value] : request.headers) {
    const bool secret = is_secret_field(lower(name));
    command.add("-H", name + ": " + (secret ? fmt::format("<{} bytes>", value.size()) : value));
  }
  if (!request.cookie.empty()) command.add("-b", fmt::format("cookies=<{} bytes>", request.cookie.size()));
  if (!request.data.empty()) command.add("--data-binary", fmt::format("<{} bytes>", request.data.size()));
}

}  // namespace

std::string curl_command(const HttpRequest& request) {
  const auto target = parse_target(request.url);
  if (!target) return {};
  Command command("curl -sv -o /dev/null");
  add_way(command, request, *target);
  add_client(command, request.client);
  if (request.method == "HEAD")
    command.add("-I");
  else if (request.method != (request.data.empty() ? "GET" : "POST"))
    command.add("-X", request.method);
  add_fields(command, request);
  if (!request.verify_certificate) command.add("-k");
  command.add("-m", fmt::format("{:g}", static_cast<double>(request.timeout.count()) / 1000.0));
  command.add(request.url);
  return std::move(command).text();
}

std::string dig_command(const DnsQuery& query) {
  std::string server = query.server;
  std::vector<std::string> ways;
  if (server.starts_with("https://")) {
    const auto target = parse_target(server);
    if (!target) return {};
    ways.push_back("+https=" + target->path);
    server = to_text(Endpoint{target->host, target->port});
  } else if (server.starts_with("tls://")) {
    ways.emplace_back("+tls");
    server = server.substr(6);
    const auto hash = server.find('#');
    if (hash != server.npos) ways.push_back("+tls-hostname=" + server.substr(hash + 1));
    server.resize(std::min(hash, server.size()));
  }
  const auto at = parse_endpoint(server);
  if (!at) return {};
  Command command("dig");
  command.add("@" + (query.server_addresses.empty() ? at->host : query.server_addresses.front()));
  if (at->port != 0) command.add("-p", std::to_string(at->port));
  for (const auto& way : ways) command.add(way);
  if (is_ipv4(query.interface) || is_ipv6(query.interface)) command.add("-b", query.interface);
  if (!query.recursion_desired) command.add("+norecurse");
  if (query.checking_disabled) command.add("+cd");
  if (query.dnssec_ok) command.add("+dnssec");
  command.add("-q", query.name.empty() ? "." : query.name);
  command.add("-t", query.type);
  return std::move(command).text();
}

}  // namespace fix502
