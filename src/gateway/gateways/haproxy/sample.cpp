#include <fmt/format.h>

#include <algorithm>

#include "base/text.hpp"
#include "gateway/gateways/haproxy/conditions.hpp"

namespace fix502::haproxy {
namespace {

/// "name(arguments)": both parts.
struct Call {
  std::string_view name, arguments;
};

Call call_of(std::string_view text) {
  const auto open = text.find('(');
  if (open == std::string_view::npos || !text.ends_with(')')) return {text, {}};
  return {text.substr(0, open), text.substr(open + 1, text.size() - open - 2)};
}

/// At commas that stand outside of brackets.
std::vector<std::string_view> parts_of(std::string_view text) {
  std::vector<std::string_view> parts;
  int depth = 0;
  std::size_t from = 0;
  for (std::size_t i = 0; i <= text.size(); ++i) {
    if (i < text.size() && text[i] == '(') ++depth;
    if (i < text.size() && text[i] == ')') --depth;
    if (i < text.size() && (text[i] != ',' || depth > 0)) continue;
    parts.push_back(trim(text.substr(from, i - from)));
    from = i + 1;
  }
  return parts;
}

std::optional<std::string> fetch(std::string_view text, const Asked& asked) {
  const Call call = call_of(text);
  std::string_view name = call.name;
  const std::string arguments(trim(call.arguments));
  if (name == "hdr" || name == "req.hdr" || name == "req.fhdr" || name == "fhdr")
    return asked.header(lower(arguments.substr(0, arguments.find(',')))).value_or("");
  if (name == "path" || name == "capture.req.path") return asked.path;
  if (name == "pathq") return asked.target();
  if (name == "url" || name == "capture.req.uri") return asked.target();
  if (name == "query") return asked.query;
  if (name == "base") return asked.incoming.host + asked.path;
  if (name == "method" || name == "capture.req.method") return asked.incoming.method;
  if (name == "ssl_fc") return asked.tls ? "1" : "0";
  if (name == "ssl_fc_sni" || name == "req.ssl_sni" || name == "req_ssl_sni")
    return asked.tls ? asked.incoming.host : "";
  if (name == "dst_port") return std::to_string(asked.incoming.port);
  if (name == "src") return std::string("127.0.0.1");
  if (name == "req.ver" || name == "req_ver") return asked.incoming.http_version;
  if (name == "always_true") return std::string("1");
  if (name == "always_false") return std::string("0");
  if (name == "str") return arguments;
  if (name == "int") return arguments;
  if (name == "bool") return std::string(arguments == "true" || arguments == "1" ? "1" : "0");
  if (name == "url_param" || name == "urlp") {
    for (const auto part : split(asked.query, '&'))
      if (part.starts_with(arguments + "=")) return std::string(part.substr(arguments.size() + 1));
    return std::string();
  }
  return std::nullopt;
}

/// A map's value for a key; methods "", "_str", "_beg", "_end", "_sub", "_dir", "_dom", "_reg" are named by the
/// converter.
std::optional<std::string> look_up(std::string_view method, std::string_view file, const std::string& key,
                                   const Model& model, std::optional<std::string> fallback) {
  const auto list = model.lists.find(std::string(file));
  if (list == model.lists.end() || method == "_reg" || method == "_regm" || method == "_ip" || method == "_int")
    return std::nullopt;
  std::optional<std::string> best;
  std::size_t longest = 0;
  for (const auto line : split(list->second, '\n')) {
    if (line.starts_with('#')) continue;
    const auto pair = words(line);
    if (pair.size() < 2) continue;
    const std::string_view pattern = pair[0];
    const bool fits = method == "_beg"   ? key.starts_with(pattern)
                      : method == "_end" ? key.ends_with(pattern)
                      : method == "_sub" ? key.contains(pattern)
                      : method == "_dir" ? ("/" + key + "/").contains("/" + std::string(pattern) + "/")
                      : method == "_dom" ? ("." + key + ".").contains("." + std::string(pattern) + ".")
                                         : key == pattern;
    // Prefixes: the longest one; all others: the first in the file.
    if (!fits || (best && (method != "_beg" || pattern.size() <= longest))) continue;
    best = std::string(pair[1]);
    longest = pattern.size();
  }
  return best ? best : fallback;
}

std::optional<std::string> convert(const std::string& value, std::string_view text, const Model& model) {
  const Call call = call_of(text);
  const auto arguments = parts_of(call.arguments);
  const auto argument = [&](std::size_t i) { return i < arguments.size() ? arguments[i] : std::string_view(); };
  if (call.name == "lower") return lower(value);
  if (call.name == "upper") {
    std::string up = value;
    std::ranges::transform(up, up.begin(),
                           [](char c) { return c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c; });
    return up;
  }
  if (call.name == "field" || call.name == "word") {
    const auto number = milliseconds_of(argument(0));
    if (number < 1 || argument(1).size() != 1) return std::nullopt;
    const char separator = argument(1)[0];
    std::size_t from = 0;
    for (std::int64_t i = 1; from <= value.size(); ++i) {
      const auto to = std::min(value.find(separator, from), value.size());
      if (i == number) return value.substr(from, to - from);
      from = to + 1;
    }
    return std::string();
  }
  if (call.name == "not") return std::string(value == "0" || value.empty() ? "1" : "0");
  if (call.name == "host_only") return value.substr(0, value.find(':'));
  if (call.name.starts_with("map")) {
    std::optional<std::string> fallback;
    if (arguments.size() > 1) fallback = std::string(argument(1));
    return look_up(call.name.substr(3), argument(0), value, model,
                   fallback ? fallback : std::optional<std::string>(""));
  }
  return std::nullopt;
}

}  // namespace

Asked::Asked(const Incoming& from) : incoming(from), tls(from.scheme == "https") {
  const auto question = incoming.target.find('?');
  path = incoming.target.substr(0, question);
  if (question != std::string::npos) query = incoming.target.substr(question + 1);
}

std::optional<std::string> Asked::header(std::string_view name) const {
  if (name == "host") {
    const bool usual = incoming.port == (tls ? 443 : 80);
    return usual ? incoming.host : fmt::format("{}:{}", incoming.host, incoming.port);
  }
  for (const auto& header : incoming.headers)
    if (equals_ignoring_case(header.name, name)) return header.value;
  return std::nullopt;
}

void Asked::remove_header(std::string_view name) {
  std::erase_if(incoming.headers, [&](const NameValue& header) { return equals_ignoring_case(header.name, name); });
}

void Asked::add_header(std::string_view name, const std::string& value) {
  incoming.headers.push_back({std::string(name), value});
}

void Asked::set_header(std::string_view name, const std::string& value) {
  remove_header(name);
  add_header(name, value);
}

std::optional<std::string> sample(std::string_view expression, const Asked& asked, const Model& model) {
  const auto parts = parts_of(expression);
  if (parts.empty()) return std::nullopt;
  auto value = fetch(parts[0], asked);
  for (std::size_t i = 1; i < parts.size() && value; ++i) value = convert(*value, parts[i], model);
  return value;
}

std::optional<std::string> formatted(std::string_view format, const Asked& asked, const Model& model) {
  std::string out;
  while (!format.empty()) {
    const auto percent = format.find('%');
    out += format.substr(0, percent);
    if (percent == std::string_view::npos) break;
    format.remove_prefix(percent + 1);
    if (format.starts_with('%')) {
      out += '%';
      format.remove_prefix(1);
    } else if (format.starts_with('[')) {
      const auto end = format.find(']');
      if (end == std::string_view::npos) return std::nullopt;
      const auto value = sample(format.substr(1, end - 1), asked, model);
      if (!value) return std::nullopt;
      out += *value;
      format.remove_prefix(end + 1);
    } else if (format.starts_with("ci")) {
      out += "127.0.0.1";
      format.remove_prefix(2);
    } else {
      return std::nullopt;
    }
  }
  return out;
}

}  // namespace fix502::haproxy
