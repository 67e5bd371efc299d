// The bytes that nginx sends: ngx_http_proxy_create_request() and its kin for FastCGI, uwsgi, SCGI and gRPC.

#include <fmt/format.h>

#include <algorithm>

#include "base/text.hpp"
#include "gateway/cgi.hpp"
#include "gateway/gateways/nginx/destination.hpp"
#include "gateway/gateways/nginx/values.hpp"

namespace fix502::nginx {
namespace {

/// The visitor's header, with Host in front, without the names that nginx does not take
/// (ngx_http_parse_header_line()). Host comes first from browsers, so the settings are those of the server it names.
std::vector<NameValue> taken(Journey& journey) {
  const auto& server = journey.server->block();
  const bool underscores = is_on(server, "underscores_in_headers", false);
  const bool strict = is_on(server, "ignore_invalid_headers", true);
  std::vector<NameValue> fields;
  if (!journey.in.host.empty()) fields.push_back({"Host", journey.host_and_port()});
  for (const auto& field : journey.in.headers) {
    const bool good = std::ranges::all_of(field.name, [&](char c) {
      return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' ||
             (c == '_' && underscores);
    });
    if ((good || !strict) && !equals_ignoring_case(field.name, "Host")) fields.push_back(field);
  }
  return fields;
}

bool has(const std::vector<NameValue>& fields, std::string_view name) {
  return std::ranges::any_of(fields, [&](const auto& field) { return equals_ignoring_case(field.name, name); });
}

/// What is sent beside the settings of one's own, and which of the visitor's fields give way to it.
std::vector<NameValue> defaults(const Journey& journey, const Destination& to, bool cached) {
  if (to.family == "grpc_")
    return {{"Content-Length", "$content_length"},
            {"TE", "$http_te"},
            {"Host", ""},
            {"Connection", ""},
            {"Transfer-Encoding", ""},
            {"Keep-Alive", ""},
            {"Expect", ""},
            {"Upgrade", ""}};
  const bool modern = at_least(journey.read.version, "1.29.7");
  std::vector<NameValue> fields = {{"Host", "$proxy_host"}, {"Connection", modern ? "" : "close"}};
  if (at_least(journey.read.version, "1.31.0")) fields.push_back({"Proxy-Connection", ""});
  for (const auto* name : {"Content-Length", "Transfer-Encoding", "TE", "Keep-Alive", "Expect", "Upgrade"})
    fields.push_back({name, std::string_view(name) == "Content-Length" ? "$content_length" : ""});
  if (cached)
    for (const auto* name :
         {"If-Modified-Since", "If-Unmodified-Since", "If-None-Match", "If-Match", "Range", "If-Range"})
      fields.push_back({name, ""});
  return fields;
}

/// The request line's target (reference: gateway-configuration, "proxy_pass URI rules").
std::string target_of(const Journey& journey, const Destination& to) {
  if (to.family == "grpc_" || to.url.uri.empty()) {
    if (journey.valid_unparsed) return journey.in.target;
  } else if (to.variable) {
    return to.url.uri;
  }
  const bool replaces = journey.valid_location && !to.url.uri.empty() && journey.location != nullptr;
  const std::size_t skip = replaces ? std::min(journey.location->name.size(), journey.uri.size()) : 0;
  const auto rest = journey.uri.substr(skip);
  std::string target = journey.valid_location ? to.url.uri : std::string();
  target += journey.quoted || journey.internal ? escape_uri(rest) : rest;
  if (!journey.args.empty()) target += "?" + journey.args;
  return target;
}

/// FastCGI's, uwsgi's and SCGI's variables: first those of the file, then HTTP_* for the visitor's header.
std::vector<NameValue> params_of(Journey& journey, const Destination& to, bool cached) {
  std::vector<NameValue> params, own;
  for (const auto* at : effective_all(*journey.conf, to.family + "param")) {
    own.push_back({at->arg(0), {}});
    const auto value = expand(journey, at->arg(1)).text;
    if (value.empty() && at->arg(2) == "if_not_empty") continue;
    // The header of a request that may be answered from the cache has no conditions (ngx_http_*_cache_headers).
    params.push_back({at->arg(0), value});
  }
  if (to.family == "scgi_") params.insert(params.begin(), {"CONTENT_LENGTH", "0"});
  if (!is_on(*journey.conf, to.family + "pass_request_headers", true)) return params;
  for (const auto& field : taken(journey)) {
    const auto name = cgi_variable(field.name);
    if (has(own, name)) continue;
    if (cached && (name.starts_with("HTTP_IF_") || name == "HTTP_RANGE")) continue;
    // Several lines of one name become one, since 1.23.0.
    const auto before = std::ranges::find(params, name, &NameValue::name);
    if (before != params.end() && at_least(journey.read.version, "1.23.0"))
      before->value += (equals_ignoring_case(field.name, "cookie") ? "; " : ", ") + field.value;
    else
      params.push_back({name, field.value});
  }
  return params;
}

}  // namespace

std::vector<NameValue> http_headers(Journey& journey, const Destination& to, bool cached) {
  std::vector<NameValue> own, sent;
  for (const auto* at : effective_all(*journey.conf, to.family + "set_header")) own.push_back({at->arg(0), at->arg(1)});
  for (auto& field : defaults(journey, to, cached))
    if (!has(own, field.name)) own.push_back(std::move(field));
  // A body of one's own has its own length.
  if (const auto* body = effective(*journey.conf, to.family + "set_body"))
    for (auto& field : own)
      if (equals_ignoring_case(field.name, "Content-Length"))
        field.value = fmt::format("{}", expand(journey, body->arg(0)).text.size());
  for (const auto& field : own)
    if (auto value = expand(journey, field.value).text; !value.empty()) sent.push_back({field.name, std::move(value)});
  // Since 1.31.4 Host comes before everything else.
  const auto host =
      std::ranges::find_if(sent, [](const auto& field) { return equals_ignoring_case(field.name, "Host"); });
  if (to.family == "grpc_" && host == sent.end()) {
    sent.insert(sent.begin(), {"Host", journey.proxy_host});
  } else if (at_least(journey.read.version, "1.31.4") && host != sent.end()) {
    std::rotate(sent.begin(), host, host + 1);
  }
  if (!is_on(*journey.conf, to.family + "pass_request_headers", true)) return sent;
  for (auto& field : taken(journey))
    if (!has(own, field.name)) sent.push_back(std::move(field));
  return sent;
}

UpstreamRequest request_to(Journey& journey, const Destination& to) {
  UpstreamRequest request;
  request.protocol = protocol_of(journey, to), request.method = journey.in.method;
  const bool cached = uses_cache(journey, to);
  if (const auto* method = effective(*journey.conf, to.family + "method"))
    request.method = expand(journey, method->arg(0)).text;
  else if (cached && request.method == "HEAD" && is_on(*journey.conf, to.family + "cache_convert_head", true))
    request.method = "GET";
  if (const auto* body = effective(*journey.conf, to.family + "set_body"))
    request.body = expand(journey, body->arg(0)).text;
  if (!is_http(request.protocol)) {
    request.target.clear();
    request.params = params_of(journey, to, cached);
    request.keeps_connection = to.family == "fastcgi_" && is_on(*journey.conf, "fastcgi_keep_conn", false);
    return request;
  }
  request.target = target_of(journey, to);
  request.headers = http_headers(journey, to, cached);
  const auto connection = std::ranges::find_if(
      request.headers, [](const auto& field) { return equals_ignoring_case(field.name, "Connection"); });
  request.keeps_connection =
      request.protocol != Protocol::http1_0 &&
      (connection == request.headers.end() || !contains_ignoring_case(connection->value, "close"));
  return request;
}

}  // namespace fix502::nginx
