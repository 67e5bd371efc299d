#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "base/text.hpp"
#include "gateway/gateways/nginx/journey.hpp"
#include "gateway/gateways/nginx/values.hpp"

namespace fix502::nginx {
namespace {

// Whoever asks again for a visitor does so from this machine.
constexpr std::string_view kClient = "127.0.0.1";

std::string client(Journey& journey) {
  journey.note("the client's address is taken as 127.0.0.1");
  return std::string(kClient);
}

std::string header(Journey& journey, std::string_view name) {
  if (equals_ignoring_case(name, "host")) return journey.host_and_port();
  const auto* value = journey.header(name);
  return value == nullptr ? std::string() : *value;
}

std::string argument(Journey& journey, std::string_view name) {
  std::string_view rest = journey.args;
  while (!rest.empty()) {
    const auto end = std::min(rest.find('&'), rest.size());
    const auto pair = rest.substr(0, end);
    const auto equals = pair.find('=');
    if (equals != std::string_view::npos && equals_ignoring_case(pair.substr(0, equals), name))
      return std::string(pair.substr(equals + 1));
    rest.remove_prefix(std::min(end + 1, rest.size()));
  }
  return {};
}

std::string cookie(Journey& journey, std::string_view name) {
  const auto all = header(journey, "cookie");
  for (const auto part : split(all, ';')) {
    const auto equals = part.find('=');
    if (equals != std::string_view::npos && part.substr(0, equals) == name) return std::string(part.substr(equals + 1));
  }
  return {};
}

std::string forwarded_for(Journey& journey) {
  const auto before = header(journey, "x-forwarded-for");
  return before.empty() ? client(journey) : before + ", " + client(journey);
}

std::string protocol(Journey& journey) {
  return "HTTP/" + (journey.in.http_version == "2" ? "2.0" : journey.in.http_version);
}

std::string server_address(Journey& journey) {
  if (!journey.in.address.empty()) return journey.in.address;
  if (journey.address != nullptr && journey.address->address != "0.0.0.0") return journey.address->address;
  return std::string(kClient);
}

std::string file_name(Journey& journey) {
  auto root = document_root(journey);
  const auto* alias = effective(*journey.conf, "alias");
  if (alias == nullptr || journey.location == nullptr) return root + journey.uri;
  if (journey.location->match == Location::Match::pattern) return root;
  return root + journey.uri.substr(std::min(journey.uri.size(), journey.location->name.size()));
}

using Get = std::string (*)(Journey&);
struct VariableRow {
  std::string_view name;
  Get get;
};

/// What can be told from the request and the file.
constexpr auto kKnown = std::to_array<VariableRow>({
    {"args", [](Journey& j) { return j.args; }},
    {"binary_remote_addr", client},
    {"body_bytes_sent", [](Journey&) { return std::string("0"); }},
    {"connection", [](Journey&) { return std::string("1"); }},
    {"connection_requests", [](Journey&) { return std::string("1"); }},
    {"content_length", [](Journey& j) { return header(j, "content-length"); }},
    {"content_type", [](Journey& j) { return header(j, "content-type"); }},
    {"document_root", document_root},
    {"document_uri", [](Journey& j) { return j.uri; }},
    {"fastcgi_path_info", [](Journey& j) { return script_name(j, true); }},
    {"fastcgi_script_name", [](Journey& j) { return script_name(j, false); }},
    {"host", [](Journey& j) { return j.in.host.empty() ? j.server->name : j.in.host; }},
    {"http2", [](Journey& j) { return std::string(j.in.http_version == "2" ? "h2" : ""); }},
    {"https", [](Journey& j) { return std::string(j.address->tls ? "on" : ""); }},
    {"is_args", [](Journey& j) { return std::string(j.args.empty() ? "" : "?"); }},
    {"nginx_version", [](Journey& j) { return j.read.version; }},
    {"pipe", [](Journey&) { return std::string("."); }},
    {"proxy_add_x_forwarded_for", forwarded_for},
    {"proxy_host", [](Journey& j) { return j.proxy_host; }},
    {"proxy_port", [](Journey& j) { return j.proxy_port; }},
    {"query_string", [](Journey& j) { return j.args; }},
    {"realip_remote_addr", client},
    {"realpath_root", document_root},
    {"remote_addr", client},
    {"remote_port", [](Journey& j) { return client(j), std::string("50000"); }},
    {"remote_user", [](Journey&) { return std::string(); }},
    {"request", [](Journey& j) { return j.in.method + " " + j.in.target + " " + protocol(j); }},
    {"request_body", [](Journey&) { return std::string(); }},
    {"request_body_file", [](Journey&) { return std::string(); }},
    {"request_completion", [](Journey&) { return std::string(); }},
    {"request_filename", file_name},
    {"request_method", [](Journey& j) { return j.in.method; }},
    {"request_uri", [](Journey& j) { return j.in.target; }},
    {"scheme", [](Journey& j) { return std::string(j.address->tls ? "https" : "http"); }},
    {"server_addr", server_address},
    {"server_name", [](Journey& j) { return j.server->name; }},
    {"server_port", [](Journey& j) { return fmt::format("{}", j.in.port); }},
    {"server_protocol", protocol},
    {"ssl_server_name", [](Journey& j) { return j.address->tls ? j.in.host : std::string(); }},
    {"uri", [](Journey& j) { return j.uri; }},
});

/// nginx has these, and they are empty for a request that comes in without a client's certificate and the like, or
/// before anything was sent on.
constexpr std::string_view kEmpty[] = {"limit_rate",
                                       "proxy_protocol_addr",
                                       "proxy_protocol_port",
                                       "proxy_protocol_server_addr",
                                       "proxy_protocol_server_port",
                                       "uid_got",
                                       "uid_set",
                                       "uid_reset",
                                       "invalid_referer",
                                       "slice_range",
                                       "http3",
                                       "ancient_browser",
                                       "modern_browser",
                                       "msie",
                                       "gzip_ratio",
                                       "memcached_key",
                                       "secure_link",
                                       "secure_link_expires",
                                       "proxy_internal_body_length",
                                       "proxy_internal_chunked",
                                       "grpc_internal_trailers"};

/// Different for every request, or known only to nginx's own machine.
constexpr std::string_view kAtRunTime[] = {"bytes_sent",
                                           "connection_time",
                                           "connections_active",
                                           "connections_reading",
                                           "connections_waiting",
                                           "connections_writing",
                                           "hostname",
                                           "msec",
                                           "pid",
                                           "realip_remote_port",
                                           "request_id",
                                           "request_length",
                                           "request_time",
                                           "status",
                                           "time_iso8601",
                                           "time_local",
                                           "date_local",
                                           "date_gmt",
                                           "tcpinfo_rtt",
                                           "tcpinfo_rttvar",
                                           "tcpinfo_snd_cwnd",
                                           "tcpinfo_rcv_space",
                                           "limit_conn_status",
                                           "limit_req_status",
                                           "proxy_add_via",
                                           "request_port",
                                           "is_request_port"};

constexpr std::string_view kOpen[] = {"arg_", "cookie_", "http_",   "sent_http_", "sent_trailer_",       "upstream_",
                                      "ssl_", "geoip_",  "geoip2_", "jwt_",       "proxy_protocol_tlv_", "otel_",
                                      "lua_"};

bool starts_open(std::string_view name) {
  return std::ranges::any_of(kOpen, [&](auto start) { return name.starts_with(start); });
}

}  // namespace

bool is_builtin(std::string_view name) {
  return std::ranges::find(kKnown, name, &VariableRow::name) != kKnown.end() ||
         std::ranges::find(kEmpty, name) != std::end(kEmpty) ||
         std::ranges::find(kAtRunTime, name) != std::end(kAtRunTime) || starts_open(name);
}

std::optional<std::string> builtin_variable(Journey& journey, const std::string& name) {
  if (const auto row = std::ranges::find(kKnown, name, &VariableRow::name); row != kKnown.end())
    return row->get(journey);
  if (name.starts_with("arg_")) return argument(journey, std::string_view(name).substr(4));
  if (name.starts_with("cookie_")) return cookie(journey, std::string_view(name).substr(7));
  if (name.starts_with("http_")) {
    auto field = name.substr(5);
    std::ranges::replace(field, '_', '-');
    return header(journey, field);
  }
  if (name.starts_with("upstream_") || name.starts_with("sent_")) return "";
  if (name.starts_with("ssl_client") || std::ranges::find(kEmpty, name) != std::end(kEmpty)) return "";
  journey.note(fmt::format("${} is only known at run time", printable(name, 100)));
  return std::nullopt;
}

std::string document_root(Journey& journey) {
  for (const Block* at = journey.conf; at != nullptr; at = at->parent)
    for (const auto* name : {"alias", "root"})
      if (const auto* found = at->own(name))
        return under(journey.read.prefix, std::string(expand(journey, found->arg(0)).text));
  return under(journey.read.prefix, "html");
}

std::string script_name(Journey& journey, bool path_info) {
  std::string script = journey.uri, info;
  if (const auto* splitter = effective(*journey.conf, "fastcgi_split_path_info")) {
    const auto* pattern = journey.model.patterns.find(splitter->arg(0), false);
    if (const auto found = pattern == nullptr ? std::nullopt : pattern->match(journey.uri); found && found->size() > 2)
      script = (*found)[1], info = (*found)[2];
  }
  if (path_info) return info;
  if (script.ends_with('/'))
    if (const auto* index = effective(*journey.conf, "fastcgi_index")) script += index->arg(0);
  return script;
}

}  // namespace fix502::nginx
