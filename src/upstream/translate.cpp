#include "upstream/translate.hpp"

#include <algorithm>
#include <cctype>

#include "base/text.hpp"

namespace fix502 {
namespace {

bool has_variables(Protocol protocol) {
  return protocol == Protocol::fastcgi || protocol == Protocol::uwsgi || protocol == Protocol::scgi;
}

/// "User-Agent" to "HTTP_USER_AGENT" (RFC 3875 4.1.18).
std::string variable_name(std::string_view field) {
  std::string name = "HTTP_";
  for (const char c : field) name += c == '-' ? '_' : static_cast<char>(std::toupper(static_cast<unsigned char>(c)));
  return name;
}

/// "HTTP_USER_AGENT" to "user-agent".
std::string field_name(std::string_view variable) {
  std::string name = lower(variable.substr(5));
  std::ranges::replace(name, '_', '-');
  return name;
}

/// Whatever the protocol: method, target, host and fields.
struct Meaning {
  std::string method, target, host;
  std::vector<NameValue> fields;  ///< Host and those of the connection left out
};

bool is_of_connection(std::string_view name) {
  constexpr std::string_view kNames[] = {"host",    "connection",       "keep-alive",     "te", "transfer-encoding",
                                         "upgrade", "proxy-connection", "content-length", ""};
  return std::ranges::any_of(kNames, [&](std::string_view each) { return equals_ignoring_case(each, name); }) ||
         name.starts_with(':');
}

Meaning meaning_of(const UpstreamRequest& request, const std::string& visitor_host) {
  Meaning meaning{
      .method = request.method, .target = request.target, .host = value_of(request.headers, "host"), .fields = {}};
  if (has_variables(request.protocol)) {
    const auto variable = [&](std::string_view name) { return value_of(request.params, name); };
    meaning.method = variable("REQUEST_METHOD");
    meaning.target = variable("REQUEST_URI");
    if (meaning.target.empty()) meaning.target = variable("SCRIPT_NAME");
    meaning.host = variable("HTTP_HOST");
    if (meaning.host.empty()) meaning.host = variable("SERVER_NAME");
    for (const auto& [name, value] : request.params)
      if (name.starts_with("HTTP_") && !is_of_connection(field_name(name)))
        meaning.fields.push_back({field_name(name), value});
  } else {
    for (const auto& field : request.headers)
      if (!is_of_connection(field.name)) meaning.fields.push_back(field);
  }
  if (meaning.method.empty() || meaning.method == "POST") meaning.method = "GET";
  if (!meaning.target.starts_with('/')) meaning.target = "/";
  if (meaning.host.empty()) meaning.host = visitor_host.empty() ? "localhost" : visitor_host;
  return meaning;
}

void fill_http(UpstreamRequest& request, Meaning meaning) {
  request.method = std::move(meaning.method);
  request.target = std::move(meaning.target);
  request.headers = {{"Host", std::move(meaning.host)}};
  for (auto& field : meaning.fields) request.headers.push_back(std::move(field));
  if (request.protocol == Protocol::http1_0 || request.protocol == Protocol::http1_1)
    request.headers.push_back({"Connection", "close"});
}

void fill_variables(UpstreamRequest& request, const Meaning& meaning, const std::string& script) {
  const auto question = std::min(meaning.target.find('?'), meaning.target.size());
  const std::string path = meaning.target.substr(0, question);
  request.params = {{"CONTENT_LENGTH", request.protocol == Protocol::scgi ? "0" : ""},
                    {"REQUEST_METHOD", meaning.method},
                    {"SCGI", "1"},
                    {"SCRIPT_NAME", path},
                    {"SCRIPT_FILENAME", script.empty() ? path : script},
                    {"PATH_INFO", path},
                    {"REQUEST_URI", meaning.target},
                    {"DOCUMENT_URI", path},
                    {"QUERY_STRING", question < meaning.target.size() ? meaning.target.substr(question + 1) : ""},
                    {"SERVER_PROTOCOL", "HTTP/1.1"},
                    {"GATEWAY_INTERFACE", "CGI/1.1"},
                    {"REMOTE_ADDR", "127.0.0.1"},
                    {"REMOTE_PORT", "0"},
                    {"SERVER_NAME", meaning.host.substr(0, meaning.host.find(':'))},
                    {"SERVER_PORT", "80"},
                    {"CONTENT_TYPE", ""},
                    {"HTTP_HOST", meaning.host}};
  // PHP-FPM takes PATH_INFO for the path behind the script; a WSGI server for the path itself.
  if (request.protocol != Protocol::scgi)
    std::erase_if(request.params, [](const NameValue& each) { return each.name == "SCGI"; });
  if (request.protocol == Protocol::fastcgi)
    std::erase_if(request.params, [](const NameValue& each) { return each.name == "PATH_INFO"; });
  for (const auto& [name, value] : meaning.fields) request.params.push_back({variable_name(name), value});
}

}  // namespace

std::string value_of(const std::vector<NameValue>& list, std::string_view name) {
  const auto found =
      std::ranges::find_if(list, [&](const NameValue& each) { return equals_ignoring_case(each.name, name); });
  return found == list.end() ? std::string() : found->value;
}

void set_value(std::vector<NameValue>& list, const std::string& name, const std::string& value) {
  const auto found =
      std::ranges::find_if(list, [&](const NameValue& each) { return equals_ignoring_case(each.name, name); });
  if (found == list.end())
    list.push_back({name, value});
  else
    found->value = value;
}

UpstreamRequest translated(const UpstreamRequest& request, Protocol to, const std::string& visitor_host,
                           const std::string& script) {
  UpstreamRequest other;
  other.protocol = to;
  other.proxy_protocol = request.proxy_protocol;
  Meaning meaning = meaning_of(request, visitor_host);
  if (has_variables(to))
    fill_variables(other, meaning, script);
  else
    fill_http(other, std::move(meaning));
  return other;
}

}  // namespace fix502
