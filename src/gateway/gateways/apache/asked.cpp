#include "gateway/gateways/apache/asked.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "base/text.hpp"
#include "target/target.hpp"

namespace fix502::apache {
namespace {

constexpr std::size_t kMostNotes = 20;

bool is_default_port(std::string_view scheme, std::uint16_t port) {
  return port == (scheme == "https" ? 443 : 80);
}

int hex_digit(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}

bool address_is(const HostAddress& address, std::string_view own) {
  return !address.address.empty() && equals_ignoring_case(address.address, own);
}

}  // namespace

Truth operator!(Truth truth) {
  return truth == Truth::unknown ? truth : truth == Truth::yes ? Truth::no : Truth::yes;
}

bool is_on(const Directive* directive, bool otherwise) {
  return directive == nullptr ? otherwise : equals_ignoring_case(directive->word(0), "on");
}

const std::string* Environment::find(std::string_view name) const {
  const auto found = std::ranges::find(variables_, name, &NameValue::name);
  return found == variables_.end() ? nullptr : &found->value;
}

void Environment::set(std::string_view name, std::string value) {
  const auto found = std::ranges::find(variables_, name, &NameValue::name);
  if (found == variables_.end())
    variables_.push_back({std::string(name), std::move(value)});
  else
    found->value = std::move(value);
}

void Environment::erase(std::string_view name) {
  std::erase_if(variables_, [&](const NameValue& variable) { return variable.name == name; });
}

void Asked::note(std::string text) {
  if (notes.size() < kMostNotes && std::ranges::find(notes, text) == notes.end()) notes.push_back(std::move(text));
}

const std::string* Asked::header(std::string_view name) const {
  if (equals_ignoring_case(name, "host")) return &host_header;
  const auto found = std::ranges::find_if(
      in->headers, [&](const NameValue& header) { return equals_ignoring_case(header.name, name); });
  return found == in->headers.end() ? nullptr : &found->value;
}

std::string Asked::server_name() const {
  if (!host->name.empty()) return host->name;
  return servers->main.name.empty() ? in->host : servers->main.name;
}

std::optional<std::string> Asked::variable(std::string_view name) {
  const auto or_empty = [](const std::string* text) { return text == nullptr ? std::string() : *text; };
  const std::string low = lower(name);
  if (low.starts_with("http:") || low.starts_with("req:")) return or_empty(header(name.substr(low.find(':') + 1)));
  if (low.starts_with("env:") || low.starts_with("reqenv:")) {
    return or_empty(env.find(name.substr(low.find(':') + 1)));
  }
  if (low.starts_with("http_")) {
    std::string field(low.substr(5));
    std::ranges::replace(field, '_', '-');
    return or_empty(header(field));
  }
  if (low == "request_uri" || low == "uri" || low == "script_url") return path;
  if (low == "query_string") return args;
  if (low == "request_method") return in->method;
  if (low == "request_scheme") return in->scheme;
  if (low == "https") return in->scheme == "https" ? "on" : "off";
  if (low == "server_name") return server_name();
  if (low == "server_port") return std::to_string(in->port);
  if (low == "server_protocol") return "HTTP/" + in->http_version;
  if (low == "the_request") return in->method + " " + in->target + " HTTP/" + in->http_version;
  if (low == "is_subreq") return "false";
  if (low == "document_root") {
    const Directive* root = find_in_server("documentroot");
    return root == nullptr ? std::string() : std::string(root->word(0));
  }
  if (low == "request_filename" || low == "script_filename") return filename.empty() ? path : filename;
  if (low == "remote_user" || low == "auth_type" || low == "remote_ident" || low == "path_info") return std::string();
  return std::nullopt;
}

const Directive* Asked::find(std::string_view key) const {
  for (auto scope = sight.rbegin(); scope != sight.rend(); ++scope)
    if (const Directive* directive = (*scope)->last(key)) return directive;
  return nullptr;
}

const Directive* Asked::find_in_server(std::string_view key) const {
  if (const Directive* own = host->scope->last(key)) return own;
  return servers->main.scope->last(key);
}

Source Asked::source_of(const Directive* directive) const {
  if (directive == nullptr) return Source::builtin;
  const bool outer = directive->scope == servers->main.scope && host != &servers->main;
  return outer ? Source::inherited : Source::set;
}

bool answers_to(const VirtualHost& host, std::string_view name) {
  if (equals_ignoring_case(host.name, name)) return true;
  return std::ranges::any_of(host.other_names, [&](const std::string& other) {
    return has_wildcard(other) ? wild_match(other, name, false, true) : equals_ignoring_case(other, name);
  });
}

HostChoice choose_host(const Servers& servers, const Incoming& incoming) {
  HostChoice choice;
  for (const Listen& listen : servers.listens)
    if (listen.port == incoming.port &&
        (listen.address.empty() || incoming.address.empty() || listen.address == incoming.address))
      choice.listen = &listen;
  if (choice.listen == nullptr) return choice;

  // vhost.c: the chain of the very address where there is one, else that of "*" and "_default_".
  std::vector<const VirtualHost*> chain, any, specific;
  for (const auto& host : servers.hosts) {
    for (const HostAddress& address : host->addresses) {
      if (address.port != 0 && address.port != incoming.port) continue;
      auto& into = address.address.empty() ? any : address_is(address, incoming.address) ? chain : specific;
      if (into.empty() || into.back() != host.get()) into.push_back(host.get());
    }
  }
  if (chain.empty() && incoming.address.empty() && !specific.empty()) {
    // The address is not known: the one whose names fit is meant.
    const bool fits = std::ranges::any_of(specific, [&](const auto* host) { return answers_to(*host, incoming.host); });
    if (fits || any.empty()) chain = specific;
    choice.note =
        "which of this machine's addresses the request reaches is not known; virtual hosts of one address count only "
        "there";
  }
  if (chain.empty()) chain = any;
  if (chain.empty()) {
    choice.host = choice.first = &servers.main;
    return choice;
  }
  choice.first = chain.front();
  const auto found = std::ranges::find_if(chain, [&](const auto* host) { return answers_to(*host, incoming.host); });
  choice.host = found == chain.end() ? chain.front() : *found;
  return choice;
}

Decoded decode_path(std::string_view raw, bool merge_slashes, std::string_view encoded_slashes) {
  if (raw.empty() || raw[0] != '/') return {.path = {}, .refused = "400: the path does not begin with a slash"};
  const bool slash_off = encoded_slashes.empty() || equals_ignoring_case(encoded_slashes, "off");
  const bool slash_kept = equals_ignoring_case(encoded_slashes, "nodecode");
  std::string text;
  // Dot segments are resolved before the rest is decoded, but with %2e already "." (ap_normalize_path).
  for (std::size_t i = 0; i < raw.size(); ++i) {
    const int high = raw[i] == '%' && i + 2 < raw.size() ? hex_digit(raw[i + 1]) : -1;
    const int low = high >= 0 ? hex_digit(raw[i + 2]) : -1;
    if (raw[i] == '%' && low < 0) return {.path = {}, .refused = "400: a % that is no escape"};
    const char c = low >= 0 ? static_cast<char>(high * 16 + low) : raw[i];
    if (low >= 0 && c == '\0') return {.path = {}, .refused = "404: %00 in the path"};
    if (low >= 0 && c == '/') {
      if (slash_off) return {.path = {}, .refused = "404: %2F in the path (AllowEncodedSlashes Off)"};
      if (slash_kept)
        text += raw.substr(i, 3);
      else
        text += '/';
    } else {
      text += c;
    }
    if (low >= 0) i += 2;
  }
  std::vector<std::string_view> segments;
  bool folder = false;
  for (std::size_t start = 0; start <= text.size();) {
    const auto end = std::min(text.find('/', start), text.size());
    const std::string_view segment = std::string_view(text).substr(start, end - start);
    const bool last = end == text.size();
    folder = last && (segment.empty() || segment == "." || segment == "..");
    if (segment == "..") {
      if (segments.size() <= 1) return {.path = {}, .refused = "400: the path leaves the root"};
      segments.pop_back();
    } else if (segment != "." && (!segment.empty() || !merge_slashes || start == 0)) {
      if (!(last && segment.empty()) || start == 0) segments.push_back(segment);
    }
    start = end + 1;
  }
  std::string path;
  for (std::size_t i = 1; i < segments.size(); ++i) path += "/" + std::string(segments[i]);
  if (folder || path.empty()) path += "/";
  return {.path = path, .refused = {}};
}

Asked ask(const Servers& servers, const HostChoice& choice, const Incoming& incoming) {
  Asked asked;
  asked.in = &incoming;
  asked.servers = &servers;
  asked.host = choice.host;
  asked.first_host = choice.first;
  if (!choice.note.empty()) asked.note(choice.note);
  asked.host_header = bracketed(incoming.host);
  if (!is_default_port(incoming.scheme, incoming.port)) asked.host_header += fmt::format(":{}", incoming.port);
  std::string_view target = incoming.target;
  // The absolute form names a host as well; browsers do not send it to servers.
  if (const auto host = target.starts_with('/') ? std::string_view::npos : target.find("://");
      host != std::string_view::npos)
    target = target.substr(std::min(target.find('/', host + 3), target.size()));
  target = target.substr(0, target.find('#'));
  const auto query = target.find('?');
  asked.raw_path = std::string(target.substr(0, query));
  if (query != std::string_view::npos) asked.args = std::string(target.substr(query + 1)), asked.has_args = true;
  asked.sight = {servers.main.scope};
  if (asked.host != &servers.main) asked.sight.push_back(asked.host->scope);
  return asked;
}

void set_early_environment(Asked& asked) {
  const auto scopes = asked.sight;
  for (const Scope* scope : scopes) {
    for (const auto& directive : scope->directives) {
      const std::string& key = directive->key;
      const bool browser = key == "browsermatch" || key == "browsermatchnocase";
      const bool plain = key == "setenvif" || key == "setenvifnocase";
      if (!browser && !plain) continue;
      const std::size_t first = browser ? 0 : 1;
      if (directive->words.size() < first + 2) continue;
      const std::string attribute = browser ? "User-Agent" : std::string(directive->word(0));
      std::optional<std::string> value;
      const std::string low = lower(attribute);
      if (low == "request_uri" || low == "request_method")
        value = asked.variable(low);
      else if (low == "request_protocol")
        value = "HTTP/" + asked.in->http_version;
      else if (low != "remote_addr" && low != "remote_host" && low != "server_addr" && low != "remote_user")
        value = asked.header(attribute) != nullptr ? *asked.header(attribute)
                                                   : asked.variable("env:" + attribute).value_or(std::string());
      if (!value) {
        asked.note(fmt::format("{} {} ({}:{}) depends on who asks", directive->name, printable(attribute, 60),
                               directive->place.file, directive->place.line));
        continue;
      }
      const auto groups = groups_of(directive->word(first), *value, key.ends_with("nocase"));
      if (groups.empty()) continue;
      for (std::size_t i = first + 1; i < directive->words.size(); ++i) {
        const std::string& setting = directive->words[i].text;
        if (setting.starts_with('!')) {
          asked.env.erase(setting.substr(1));
          continue;
        }
        const auto equals = setting.find('=');
        std::string text = equals == std::string::npos ? "1" : setting.substr(equals + 1);
        for (std::size_t group = 0; group < groups.size() && group < 10; ++group) {
          const std::string mark = "$" + std::to_string(group);
          for (auto at = text.find(mark); at != std::string::npos; at = text.find(mark, at + groups[group].size()))
            text.replace(at, mark.size(), groups[group]);
        }
        asked.env.set(setting.substr(0, equals), text);
        asked.early_env.push_back(setting.substr(0, equals));
      }
    }
  }
}

void set_environment(Asked& asked) {
  for (const Scope* scope : asked.sight) {
    for (const auto& directive : scope->directives) {
      if (directive->key == "setenv" && !directive->words.empty())
        asked.env.set(directive->word(0), std::string(directive->word(1)));
      else if (directive->key == "unsetenv")
        for (const Word& word : directive->words) asked.env.erase(word.text);
      else if (directive->key == "passenv")
        asked.note(fmt::format("PassEnv ({}:{}) passes on what the running server has", directive->place.file,
                               directive->place.line));
    }
  }
}

}  // namespace fix502::apache
