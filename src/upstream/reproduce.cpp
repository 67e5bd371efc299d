#include "upstream/reproduce.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "base/text.hpp"
#include "net/redaction.hpp"
#include "target/target.hpp"

namespace fix502 {
namespace {

constexpr std::size_t kMostWord = 4096;
constexpr std::size_t kMostVariables = 40;

std::string word(std::string_view text) {
  return " " + shell_quoted(printable(text, kMostWord));
}

std::string seconds(Milliseconds time) {
  return fmt::format("{:g}", static_cast<double>(time.count()) / 1000);
}

std::string versions(const UpstreamTls& tls) {
  std::string text;
  const auto digits = [](const std::string& version) {
    return lower(version).substr(std::min<std::size_t>(version.size(), 4));
  };
  if (!tls.min_version.empty()) text += word("--tlsv" + digits(tls.min_version));
  if (!tls.max_version.empty()) text += " --tls-max" + word(digits(tls.max_version));
  return text;
}

std::string tls_options(const UpstreamTls& tls) {
  std::string text;
  if (!tls.verify) text += " --insecure";
  if (tls.verify && !tls.trusted_file.empty()) text += " --cacert" + word(tls.trusted_file);
  if (!tls.certificate.empty()) text += " --cert" + word(tls.certificate);
  if (!tls.key.empty()) text += " --key" + word(tls.key);
  if (!tls.ciphers.empty()) text += " --ciphers" + word(tls.ciphers);
  if (tls.min_version == "TLSv1" || tls.min_version == "TLSv1.0")
    return text + " --tlsv1.0 --ciphers 'ALL:@SECLEVEL=0'";
  return text + versions(tls);
}

std::string curl(const ReplayRequest& asked) {
  const UpstreamRequest& request = asked.request;
  const std::string& address = asked.address.empty() ? asked.server.host : asked.address;
  std::string text = "curl -sv -o /dev/null --path-as-is --max-time " + seconds(asked.limits.whole);
  if (request.method == "HEAD")
    text += " --head";
  else if (request.method != "GET")
    text += " -X" + word(request.method);
  text += request.protocol == Protocol::http1_0   ? " --http1.0"
          : request.protocol == Protocol::http1_1 ? " --http1.1"
          : asked.tls.on                          ? " --http2"
                                                  : " --http2-prior-knowledge";
  if (request.proxy_protocol == 1) text += " --haproxy-protocol";
  std::string authority =
      asked.server.socket.empty() ? fmt::format("{}:{}", bracketed(address), asked.server.port) : "localhost";
  if (!asked.server.socket.empty())
    text += (asked.server.socket.starts_with('@') ? " --abstract-unix-socket" + word(asked.server.socket.substr(1))
                                                  : " --unix-socket" + word(asked.server.socket));
  if (asked.tls.on) {
    text += tls_options(asked.tls);
    // The URL's name is the one that curl sends in the greeting.
    if (!asked.tls.sni.empty()) {
      authority = asked.server.socket.empty() ? fmt::format("{}:{}", asked.tls.sni, asked.server.port) : asked.tls.sni;
      if (asked.server.socket.empty())
        text += " --connect-to" + word(fmt::format("{}:{}:{}:{}", asked.tls.sni, asked.server.port, bracketed(address),
                                                   asked.server.port));
    }
  }
  for (const auto& [name, value] : request.headers) {
    const std::string small = lower(name);
    if (small == "content-length" || small == "transfer-encoding" || small.starts_with(':')) continue;
    // "Name;" is how curl sends a field without a value.
    text += " -H" + word(value.empty() ? name + ";" : name + ": " + without_secret(small, value));
  }
  return text + word((asked.tls.on ? "https://" : "http://") + authority + request.target);
}

std::string cgi_fcgi(const ReplayRequest& asked) {
  std::string text = "env -i";
  std::size_t count = 0;
  for (const auto& [name, value] : asked.request.params) {
    if (value.empty() || name.contains('=') || ++count > kMostVariables) continue;
    std::string field = name.starts_with("HTTP_") ? lower(name.substr(5)) : std::string();
    std::ranges::replace(field, '_', '-');
    text += word(name + "=" + without_secret(field, value));
  }
  const std::string& address = asked.address.empty() ? asked.server.host : asked.address;
  return text + " cgi-fcgi -bind -connect" +
         word(asked.server.socket.empty() ? fmt::format("{}:{}", address, asked.server.port) : asked.server.socket);
}

}  // namespace

std::string reproduce(const ReplayRequest& request) {
  if (request.request.protocol == Protocol::fastcgi) return cgi_fcgi(request);
  return is_http(request.request.protocol) && request.request.protocol != Protocol::grpc ? curl(request)
                                                                                         : std::string();
}

}  // namespace fix502
