#include "gateway/gateways/nginx/destination.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "base/text.hpp"
#include "gateway/gateways/nginx/values.hpp"
#include "target/target.hpp"

namespace fix502::nginx {
namespace {

std::string bare(const std::string& host) {
  return host.starts_with('[') && host.ends_with(']') ? host.substr(1, host.size() - 2) : host;
}

/// The first address behind `resolver`, with its port.
std::string resolver_of(const Block& conf) {
  const auto* found = effective(conf, "resolver");
  if (found == nullptr) return {};
  for (std::size_t i = 0; i < found->args(); ++i) {
    if (found->arg(i).find('=') != std::string::npos) continue;
    const auto url = parse_url(found->arg(i));
    return fmt::format("{}:{}", url.host, url.port == 0 ? 53 : url.port);
  }
  return {};
}

void put_name(Journey& journey, const Block& conf, UpstreamServer& server, bool asks_again) {
  if (!server.is_name()) return;
  server.resolved_once = !asks_again;
  server.resolved_by_host_file = !asks_again;
  if (!asks_again) return;
  server.resolver = resolver_of(conf);
  if (server.resolver.empty()) journey.note("no resolver is defined to resolve " + printable(server.host, 200));
}

UpstreamServer make_server(const Url& url, std::uint16_t port, const ConfigPlace& place) {
  UpstreamServer server;
  server.host = bare(url.host), server.port = url.port == 0 ? port : url.port, server.socket = url.socket;
  if (!url.socket.empty()) server.host.clear(), server.port = 0;
  server.place = place;
  return server;
}

UpstreamServer group_server(Journey& journey, const Directive& at) {
  auto server = make_server(parse_url(at.arg(0)), 80, at.place);
  server.name = at.arg(0);
  bool again = false;
  for (std::size_t i = 1; i < at.args(); ++i) {
    const auto& word = at.arg(i);
    if (word == "backup") server.backup = true;
    if (word == "down") server.disabled = true;
    if (word == "resolve") again = true;
    if (word.starts_with("weight="))
      server.weight = static_cast<int>(std::min<std::int64_t>(parse_count(word.substr(7)).value_or(1), 1'000'000));
  }
  put_name(journey, *at.parent, server, again);
  return server;
}

/// A literal pass elsewhere to the same host and port: its addresses are found before a resolver is asked.
const Directive* implicit_twin(const Journey& journey, const Destination& to) {
  for (const auto* other : journey.model.passes) {
    if (other == to.pass || other->arg(0).contains('$')) continue;
    bool tls = false;
    const auto url = parse_url(strip_scheme(other->arg(0), tls));
    const auto port = url.port == 0 ? default_port(family_of(*other), tls) : url.port;
    if (url.socket.empty() && port == to.port && equals_ignoring_case(url.host, to.url.host)) return other;
  }
  return nullptr;
}

void put_proxy_host(Journey& journey, const Destination& to) {
  const bool is_default = to.url.port_text.empty() || to.port == default_port(to.family, to.tls);
  journey.proxy_host = !to.url.socket.empty() ? "localhost"
                       : is_default           ? to.url.host
                                              : to.url.host + ":" + to.url.port_text;
  journey.proxy_port = !to.url.socket.empty() ? "" : fmt::format("{}", to.port);
}

}  // namespace

std::string family_of(const Directive& pass) {
  return pass.name().substr(0, pass.name().find('_') + 1);
}

std::string_view strip_scheme(std::string_view text, bool& tls) {
  constexpr std::pair<std::string_view, bool> kSchemes[] = {
      {"http://", false},  {"https://", true},  {"grpc://", false}, {"grpcs://", true},
      {"uwsgi://", false}, {"suwsgi://", true}, {"scgi://", false}, {"fastcgi://", false}};
  for (const auto& [scheme, with_tls] : kSchemes)
    if (equals_ignoring_case(text.substr(0, scheme.size()), scheme)) {
      tls = with_tls;
      return text.substr(scheme.size());
    }
  return text;
}

std::uint16_t default_port(std::string_view family, bool tls) {
  if (family == "proxy_" || family == "grpc_") return tls ? 443 : 80;
  return 0;
}

Destination destination_of(Journey& journey, const Directive& pass) {
  Destination to{.pass = &pass, .family = family_of(pass)};
  const auto word = expand(journey, pass.arg(0));
  to.text = word.text, to.known = word.known;
  to.variable = pass.arg(0).contains('$');
  to.url = parse_url(strip_scheme(to.text, to.tls));
  to.port = to.url.port == 0 ? default_port(to.family, to.tls) : to.url.port;
  if (to.family != "proxy_") to.url.uri.clear();
  if (to.url.socket.empty() && to.url.port_text.empty())
    if (const auto found = journey.model.groups.find(lower(to.url.host)); found != journey.model.groups.end())
      to.group = &found->second;
  if (to.variable && to.known && to.group == nullptr && !to.url.host.empty()) to.implicit = implicit_twin(journey, to);
  if (!to.known) journey.note("where the request goes to is only known at run time: " + printable(pass.arg(0), 200));
  put_proxy_host(journey, to);
  return to;
}

std::vector<UpstreamServer> servers_of(Journey& journey, const Destination& to) {
  std::vector<UpstreamServer> servers;
  if (to.group != nullptr) {
    for (const auto* at : to.group->servers) servers.push_back(group_server(journey, *at));
    return servers;
  }
  if (!to.known || (to.url.host.empty() && to.url.socket.empty())) return {};
  auto server = make_server(to.url, to.port, to.pass->place);
  server.name = server.socket.empty() ? to.url.host + (to.url.port_text.empty() ? "" : ":" + to.url.port_text)
                                      : "unix:" + server.socket;
  put_name(journey, *journey.conf, server, to.variable && to.implicit == nullptr);
  if (server.is_name() && to.implicit != nullptr)
    journey.note(fmt::format(
        "{} is not looked up again although it is a variable: {}:{} names the same host and port literally, and nginx "
        "takes the addresses that it found for that at its start",
        printable(server.host, 200), printable(to.implicit->place.file, 300), to.implicit->place.line));
  servers.push_back(std::move(server));
  return servers;
}

Setting setting_of(const Block& conf, std::string_view name, std::string_view fallback) {
  Setting setting;
  setting.directive = name, setting.value = fallback;
  if (const auto* found = effective(conf, name)) {
    setting.value = found->value();
    setting.place = found->place;
    setting.source = found->parent == &conf ? Source::set : Source::inherited;
  }
  return setting;
}

bool is_on(const Block& conf, std::string_view name, bool fallback) {
  const auto* found = effective(conf, name);
  return found == nullptr ? fallback : equals_ignoring_case(found->arg(0), "on");
}

Protocol protocol_of(const Journey& journey, const Destination& to) {
  if (to.family == "fastcgi_") return Protocol::fastcgi;
  if (to.family == "uwsgi_") return Protocol::uwsgi;
  if (to.family == "scgi_") return Protocol::scgi;
  if (to.family == "grpc_") return Protocol::grpc;
  const auto version =
      setting_of(*journey.conf, "proxy_http_version", at_least(journey.read.version, "1.29.7") ? "1.1" : "1.0");
  return version.value == "1.1" ? Protocol::http1_1 : version.value == "2" ? Protocol::http2 : Protocol::http1_0;
}

UpstreamTls tls_of(Journey& journey, const Destination& to) {
  UpstreamTls tls;
  tls.on = to.tls;
  tls.place = to.pass->place;
  if (!tls.on) return tls;
  const auto& conf = *journey.conf;
  const auto text = [&](std::string_view name, std::string_view fallback) {
    return expand(journey, setting_of(conf, to.family + std::string(name), fallback).value).text;
  };
  const auto file = [&](std::string_view name) {
    const auto path = text(name, "");
    const auto slash = journey.read.config.rfind('/');
    return path.empty() || path.starts_with("data:") || path.starts_with("engine:")
               ? path
               : under(journey.read.config.substr(0, slash), path);
  };
  tls.verify = tls.verify_name = tls.verify_dates = is_on(conf, to.family + "ssl_verify", false);
  tls.names_only = true;
  // ngx_http_upstream_ssl_name(): the port is cut off.
  auto name = text("ssl_name", to.url.host);
  if (const auto colon = name.rfind(':'); colon != std::string::npos && (name[0] != '[' || name[colon - 1] == ']'))
    name.resize(colon);
  tls.name = bare(name);
  if (is_on(conf, to.family + "ssl_server_name", false) && !is_ipv4(tls.name) && !is_ipv6(tls.name)) tls.sni = tls.name;
  tls.trusted_file = file("ssl_trusted_certificate");
  tls.certificate = file("ssl_certificate");
  tls.key = file("ssl_certificate_key");
  tls.ciphers = text("ssl_ciphers", "DEFAULT");
  // NGX_SSL_DEFAULT_PROTOCOLS since 1.27.3; TLS 1.3 was switched off by default before 1.23.4.
  const auto versions =
      text("ssl_protocols", at_least(journey.read.version, "1.27.3")   ? "TLSv1.2 TLSv1.3"
                            : at_least(journey.read.version, "1.23.4") ? "TLSv1 TLSv1.1 TLSv1.2 TLSv1.3"
                                                                       : "TLSv1 TLSv1.1 TLSv1.2");
  for (const auto version : words(versions)) {
    if (version == "SSLv2") continue;
    if (tls.min_version.empty() || version < tls.min_version) tls.min_version = version;
    if (tls.max_version.empty() || version > tls.max_version) tls.max_version = version;
  }
  if (protocol_of(journey, to) == Protocol::grpc || protocol_of(journey, to) == Protocol::http2) tls.alpn = {"h2"};
  return tls;
}

}  // namespace fix502::nginx
