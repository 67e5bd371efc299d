// The request as Caddy's transports send it: Go's HTTP client, and Caddy's own FastCGI client.

#include <fmt/format.h>

#include <algorithm>

#include "base/text.hpp"
#include "gateway/cgi.hpp"
#include "gateway/gateways/caddy/configuration.hpp"

namespace fix502::caddy {
namespace {

/// "x_under" is "X_under": Go's canonical form (net/textproto).
std::string canonical(std::string name) {
  bool up = true;
  for (char& c : name) {
    if (up && c >= 'a' && c <= 'z') c = static_cast<char>(c - 'a' + 'A');
    if (!up && c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
    up = c == '-';
  }
  return name;
}

/// Where scripts are looked for: the transport's own root, or the site's. Relative to where Caddy was started.
std::string script_root(const Caddy& configuration, const Json& transport, const Asked& asked) {
  std::string root = text_of(at(transport, "root"));
  if (root.empty() || root == "{http.vars.root}") root = asked.root;
  for (const std::string_view host : {"{http.request.host}", "{host}"})
    if (const auto slot = root.find(host); slot != std::string::npos)
      root.replace(slot, host.size(), asked.incoming.host);
  if (!root.starts_with('/') && !root.starts_with('{')) {
    const std::string folder = configuration.folder.ends_with('/') ? configuration.folder : configuration.folder + "/";
    root = root.empty() || root == "." ? configuration.folder : folder + root;
  }
  while (root.size() > 1 && root.ends_with('/')) root.pop_back();
  return root == "/" ? std::string() : root;
}

/// "/a.php/more" is "/a.php" and "/more" where the path is split behind ".php".
std::pair<std::string, std::string> split_script(const Json& transport, const std::string& path) {
  const Json& ends = at(transport, "split_path");
  if (!ends.is_array() || ends.empty()) return {"", path};
  for (const auto& end : ends) {
    const std::string word = lower(text_of(end));
    const auto found = word.empty() ? std::string::npos : lower(path).find(word);
    if (found != std::string::npos) return {path.substr(0, found + word.size()), path.substr(found + word.size())};
  }
  return {path, ""};
}

/// Where the root is written: in the directive, in its transport, or beside it.
ConfigPlace place_of_root(const Caddy& configuration, const Node* node) {
  const Node* line = configuration.line_of(node, false, "", "root");
  if (line == nullptr && node != nullptr) line = configuration.beside(*node, "root");
  return line != nullptr ? line->place() : ConfigPlace{};
}

}  // namespace

void fill_headers(Route& route, const Json& handler, const Asked& asked) {
  std::string host = asked.incoming.host;
  const bool usual = asked.incoming.port == (asked.incoming.scheme == "https" ? 443 : 80);
  if (!usual) host += fmt::format(":{}", asked.incoming.port);
  std::vector<NameValue> others;
  const auto set = [&](const std::string& name, const std::string& value) {
    std::erase_if(others, [&](const NameValue& one) { return equals_ignoring_case(one.name, name); });
    others.push_back({canonical(name), value});
  };
  constexpr std::string_view kDropped[] = {"connection",
                                           "keep-alive",
                                           "proxy-connection",
                                           "proxy-authorization",
                                           "proxy-authenticate",
                                           "te",
                                           "trailer",
                                           "transfer-encoding",
                                           "host"};
  std::string agent;
  for (const auto& header : asked.incoming.headers) {
    const std::string name = lower(header.name);
    if (name == "user-agent")
      agent = header.value;
    else if (std::ranges::find(kDropped, name) == std::end(kDropped))
      others.push_back({canonical(header.name), header.value});
  }
  set("X-Forwarded-For", "127.0.0.1");
  set("X-Forwarded-Host", host);
  set("X-Forwarded-Proto", asked.incoming.scheme);
  const Json& change = at(at(handler, "headers"), "request");
  if (at(change, "set").is_object()) {
    for (const auto& [name, values] : at(change, "set").items()) {
      std::string value = values.is_array() && !values.empty() ? text_of(values[0]) : std::string();
      if (value == "{http.reverse_proxy.upstream.hostport}" && !route.servers.empty())
        value = route.servers.front().endpoint();
      if (equals_ignoring_case(name, "host"))
        host = value;
      else
        set(name, value);
    }
  }
  if (at(change, "delete").is_array())
    for (const auto& name : at(change, "delete"))
      std::erase_if(others, [&](const NameValue& one) { return equals_ignoring_case(one.name, text_of(name)); });
  std::ranges::stable_sort(others, {}, &NameValue::name);
  const bool asks = std::ranges::any_of(others, [](const NameValue& one) { return one.name == "Accept-Encoding"; });
  auto& headers = route.request.headers;
  headers = {{"Host", host}};
  if (!agent.empty()) headers.push_back({"User-Agent", agent});
  headers.insert(headers.end(), others.begin(), others.end());
  if (!asks && route.request.protocol != Protocol::fastcgi) headers.push_back({"Accept-Encoding", "gzip"});
}

void fill_fastcgi(Route& route, const Caddy& configuration, const Json& transport, const Asked& asked,
                  const Node* node) {
  const std::string root = script_root(configuration, transport, asked);
  const auto [script, info] = split_script(transport, asked.path);
  auto& params = route.request.params;
  params = {{"GATEWAY_INTERFACE", "CGI/1.1"},
            {"PATH_INFO", info},
            {"QUERY_STRING", asked.query},
            {"REMOTE_ADDR", "127.0.0.1"},
            {"REQUEST_METHOD", asked.incoming.method},
            {"REQUEST_SCHEME", asked.incoming.scheme},
            {"SERVER_NAME", asked.incoming.host},
            {"SERVER_PORT", std::to_string(asked.incoming.port)},
            {"SERVER_PROTOCOL", "HTTP/1.1"},
            {"SERVER_SOFTWARE", "Caddy"},
            {"DOCUMENT_ROOT", root},
            {"DOCUMENT_URI", script},
            {"REQUEST_URI", asked.incoming.target},
            {"SCRIPT_FILENAME", root + script},
            {"SCRIPT_NAME", script}};
  const Json& more = at(transport, "env");
  if (more.is_object())
    for (const auto& [name, value] : more.items()) {
      std::erase_if(params, [&](const NameValue& one) { return one.name == name; });
      params.push_back({name, text_of(value)});
    }
  for (const auto& header : route.request.headers) params.push_back({cgi_variable(header.name), header.value});
  if (root.contains('{')) route.notes.push_back("the root of its scripts, " + root + ", is known when it runs");
  const ConfigPlace place = place_of_root(configuration, node);
  route.settings.push_back({.directive = "SCRIPT_FILENAME",
                            .value = root,
                            .source = Source::set,
                            .place = place.known() ? place : route.place});
}

}  // namespace fix502::caddy
