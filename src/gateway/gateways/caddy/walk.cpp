// A request through Caddy's JSON routes (caddyserver.com/docs/json/apps/http/servers/routes): match sets are
// alternatives, what stands in a set counts together, groups take one of theirs, a terminal route is the last.

#include <algorithm>
#include <charconv>
#include <set>

#include "base/text.hpp"
#include "gateway/gateways/caddy/configuration.hpp"

namespace fix502::caddy {
namespace {

constexpr int kDeepestRoute = 32;

Match both(Match a, Match b) {
  if (a == Match::no || b == Match::no) return Match::no;
  return a == Match::yes && b == Match::yes ? Match::yes : Match::unknown;
}
Match either(Match a, Match b) {
  if (a == Match::yes || b == Match::yes) return Match::yes;
  return a == Match::no && b == Match::no ? Match::no : Match::unknown;
}
Match as_match(bool yes) {
  return yes ? Match::yes : Match::no;
}

bool host_fits(std::string_view pattern, std::string_view host) {
  if (!pattern.contains('*')) return equals_ignoring_case(pattern, host);
  const auto labels = split(pattern, '.'), own = split(host, '.');
  if (labels.size() != own.size()) return false;
  for (std::size_t i = 0; i < labels.size(); ++i)
    if (labels[i] != "*" && !equals_ignoring_case(labels[i], own[i])) return false;
  return true;
}

/// "/api/*", "*.php", "*sub*", exact; without regard to case.
bool path_fits(std::string_view given, std::string_view asked) {
  const std::string pattern = lower(given), path = lower(asked);
  if (pattern == "*" || pattern == "/*") return true;
  const bool head = pattern.starts_with('*'), tail = pattern.ends_with('*');
  std::string_view middle = pattern;
  if (head) middle.remove_prefix(1);
  if (tail && !middle.empty()) middle.remove_suffix(1);
  if (middle.contains('*')) return false;
  if (head && tail) return path.contains(middle);
  if (head) return path.ends_with(middle);
  return tail ? path.starts_with(middle) : path == middle;
}

template <typename Fits>
Match any_of(const Json& list, const Fits& fits) {
  if (!list.is_array()) return Match::unknown;
  return as_match(std::ranges::any_of(
      list, [&](const Json& one) { return one.is_string() && fits(one.get_ref<const std::string&>()); }));
}

Match set_fits(const Json& set, const Asked& asked);

Match header_fits(const Json& wanted, const Asked& asked) {
  Match all = Match::yes;
  if (!wanted.is_object()) return Match::unknown;
  for (const auto& [name, values] : wanted.items()) {
    const std::string own = asked.header(name);
    if (values.is_null()) {
      all = both(all, as_match(own.empty()));
    } else {
      all = both(all, any_of(values, [&](const std::string& value) {
                   return value == "*" ? !own.empty() : host_fits(value, own) || path_fits(value, own);
                 }));
    }
  }
  return all;
}

Match matcher_fits(const std::string& name, const Json& value, const Asked& asked) {
  if (name == "host") return any_of(value, [&](const std::string& one) { return host_fits(one, asked.incoming.host); });
  if (name == "path") return any_of(value, [&](const std::string& one) { return path_fits(one, asked.path); });
  if (name == "method") return any_of(value, [&](const std::string& one) { return one == asked.incoming.method; });
  if (name == "protocol") {
    const std::string wanted = text_of(value);
    if (wanted == "http" || wanted == "https") return as_match(wanted == asked.incoming.scheme);
    return Match::unknown;
  }
  if (name == "header") return header_fits(value, asked);
  if (name == "not" && value.is_array()) {
    Match any = Match::no;
    for (const auto& set : value) any = either(any, set_fits(set, asked));
    return any == Match::unknown ? any : any == Match::yes ? Match::no : Match::yes;
  }
  return Match::unknown;  // remote_ip, expression, file, regular expressions: known when it runs
}

Match set_fits(const Json& set, const Asked& asked) {
  Match all = Match::yes;
  if (!set.is_object()) return Match::unknown;
  for (const auto& [name, value] : set.items()) all = both(all, matcher_fits(name, value, asked));
  return all;
}

void rewrite(const Json& handler, Asked& asked, Journey& journey) {
  const std::string prefix = text_of(at(handler, "strip_path_prefix")),
                    suffix = text_of(at(handler, "strip_path_suffix"));
  if (!prefix.empty() && asked.path.starts_with(prefix)) asked.path = asked.path.substr(prefix.size());
  if (!suffix.empty() && asked.path.ends_with(suffix)) asked.path.resize(asked.path.size() - suffix.size());
  if (!asked.path.starts_with('/')) asked.path = "/" + asked.path;
  if (const std::string method = text_of(at(handler, "method")); !method.empty()) asked.incoming.method = method;
  std::string uri = text_of(at(handler, "uri"));
  if (uri.empty()) return;
  for (const auto& [name, value] : {std::pair<std::string, std::string>{"{http.request.uri.path}", asked.path},
                                    {"{http.request.uri}", asked.target()},
                                    {"{http.request.uri.query}", asked.query}})
    for (auto slot = uri.find(name); slot != std::string::npos; slot = uri.find(name, slot + value.size()))
      uri.replace(slot, name.size(), value);
  if (uri.contains("{http.")) {
    journey.notes.push_back("a rewrite to " + uri + " is made when it runs");
    return;
  }
  const auto question = uri.find('?');
  asked.path = uri.substr(0, question);
  if (question != std::string::npos) asked.query = uri.substr(question + 1);
  if (!asked.path.starts_with('/')) asked.path = "/" + asked.path;
}

/// php_fastcgi's own try: the path, the path's index.php, index.php. Whether a file is there is the application's
/// affair.
bool is_php_try(const Json& route) {
  const Json& sets = at(route, "match");
  return sets.is_array() && !sets.empty() && at(sets[0], "file").is_object() &&
         at(at(sets[0], "file"), "split_path").is_array();
}

void set_headers(const Json& request, Asked& asked) {
  const auto remove = [&](std::string_view name) {
    std::erase_if(asked.incoming.headers,
                  [&](const NameValue& header) { return equals_ignoring_case(header.name, name); });
  };
  if (at(request, "delete").is_array())
    for (const auto& name : at(request, "delete")) remove(text_of(name));
  for (const char* how : {"set", "add"}) {
    const Json& some = at(request, how);
    if (!some.is_object()) continue;
    for (const auto& [name, values] : some.items()) {
      if (std::string_view(how) == "set") remove(name);
      if (values.is_array())
        for (const auto& value : values) asked.incoming.headers.push_back({name, text_of(value)});
    }
  }
}

/// One handler; true where it answers.
bool handle(const Json& handler, Asked& asked, Journey& journey, int depth) {
  const std::string name = text_of(at(handler, "handler"));
  if (name == "subroute") return walk(at(handler, "routes"), asked, journey, depth + 1);
  if (name == "rewrite") rewrite(handler, asked, journey);
  if (name == "vars" && at(handler, "root").is_string()) asked.root = text_of(at(handler, "root"));
  if (name == "headers") set_headers(at(handler, "request"), asked);
  if (name == "reverse_proxy") {
    journey.handler = &handler;
    return true;
  }
  if (name == "static_response") {
    const Json& status = at(handler, "status_code");
    journey.answer = "respond " + (status.is_number()   ? std::to_string(status.get<int>())
                                   : status.is_string() ? status.get<std::string>()
                                                        : "200");
    return true;
  }
  if (name == "file_server" || name == "error" || name == "acme_server" || name == "metrics") {
    journey.answer = name;
    return true;
  }
  if (name == "authentication") journey.notes.push_back("a password is asked for on this way");
  return false;
}

}  // namespace

const Json& at(const Json& json, std::string_view key) {
  static const Json kNone;
  if (!json.is_object()) return kNone;
  const auto found = json.find(key);
  return found == json.end() ? kNone : *found;
}

std::string text_of(const Json& json) {
  return json.is_string() ? json.get<std::string>() : std::string();
}

Asked::Asked(const Incoming& from) : incoming(from) {
  const auto question = incoming.target.find('?');
  path = incoming.target.substr(0, question);
  if (question != std::string::npos) query = incoming.target.substr(question + 1);
}

std::string Asked::header(std::string_view name) const {
  if (equals_ignoring_case(name, "host")) return incoming.host;
  for (const auto& header : incoming.headers)
    if (equals_ignoring_case(header.name, name)) return header.value;
  return {};
}

Match matches(const Json& route, const Asked& asked) {
  const Json& sets = at(route, "match");
  if (!sets.is_array() || sets.empty()) return Match::yes;
  Match any = Match::no;
  for (const auto& set : sets) any = either(any, set_fits(set, asked));
  return any;
}

bool walk(const Json& routes, Asked& asked, Journey& journey, int depth) {
  if (!routes.is_array() || depth > kDeepestRoute) return false;
  std::set<std::string> groups;
  for (const auto& route : routes) {
    const std::string group = text_of(at(route, "group"));
    if (!group.empty() && groups.contains(group)) continue;
    const Match fits = matches(route, asked);
    if (fits == Match::unknown && is_php_try(route)) {
      if (!lower(asked.path).ends_with(".php")) {
        asked.path = "/index.php";
        journey.php = true;
      }
      continue;
    }
    if (fits == Match::unknown && !at(at(route, "match")[0], "file").is_object())
      journey.notes.push_back("whether a matcher applies is decided when it runs");
    if (fits != Match::yes) continue;
    if (!group.empty()) groups.insert(group);
    const Json& handlers = at(route, "handle");
    if (handlers.is_array())
      for (const auto& handler : handlers)
        if (handle(handler, asked, journey, depth)) return true;
    if (at(route, "terminal").is_boolean() && at(route, "terminal").get<bool>()) return false;
  }
  return false;
}

std::optional<std::int64_t> milliseconds_of(const Json& value) {
  if (value.is_number_integer()) return value.get<std::int64_t>() / 1'000'000;
  if (!value.is_string()) return std::nullopt;
  // Go's durations: "1m30s", "250ms".
  std::string_view text = value.get_ref<const std::string&>();
  double total = 0;
  while (!text.empty()) {
    double number = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
    if (error != std::errc()) return std::nullopt;
    text.remove_prefix(static_cast<std::size_t>(end - text.data()));
    const auto unit_end = std::min(text.find_first_of("0123456789."), text.size());
    const std::string_view unit = text.substr(0, unit_end);
    const double factor = unit == "ms"                   ? 1
                          : unit == "s"                  ? 1e3
                          : unit == "m"                  ? 6e4
                          : unit == "h"                  ? 3.6e6
                          : unit == "d"                  ? 8.64e7
                          : unit == "us" || unit == "µs" ? 1e-3
                          : unit == "ns"                 ? 1e-6
                                                         : -1;
    if (factor < 0) return std::nullopt;
    total += number * factor;
    text.remove_prefix(unit_end);
  }
  return total < 9e15 && total > -9e15 ? std::optional(static_cast<std::int64_t>(total)) : std::nullopt;
}

}  // namespace fix502::caddy
