// A configuration file of blackbox_exporter 0.23 (config/config.go there, and HTTPClientConfig of prometheus/common
// 0.37): tables of its keys, and what each means here.

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/text.hpp"
#include "serve/module_document.hpp"
#include "serve/module_draft.hpp"
#include "serve/probe_modules.hpp"
#include "target/target.hpp"

namespace fix502 {
namespace {

/// Known to blackbox_exporter, and it makes the module another kind of probe than those here.
void leave_out(ModuleDocument& document, const YAML::Node& value, ModuleDraft& draft) {
  if (!ModuleDocument::is_nothing(value) && draft.why_not.empty())
    draft.why_not = document.key().substr(document.key().rfind(' ') + 1) + " is not supported";
}

template <auto member>
void read_flag(ModuleDocument& document, const YAML::Node& value, ModuleDraft& draft) {
  if (!value.IsNull()) draft.module.*member = document.flag(value);
}

void read_protocol(ModuleDocument& document, const YAML::Node& value, ModuleDraft& draft) {
  const std::string word = document.text(value);
  // blackbox_exporter takes every other word for ip4.
  if (word != "ip4" && word != "ip6" && !word.empty()) document.wrong("takes ip4 or ip6");
  if (!word.empty()) draft.module.protocol = word == "ip6" ? ProbeModule::Protocol::ip6 : ProbeModule::Protocol::ip4;
}

void read_statuses(ModuleDocument& document, const YAML::Node& value, ModuleDraft& draft) {
  for (const auto& item : document.items(value)) {
    const std::string text = document.text(item);
    int status = 0;
    const auto read = std::from_chars(text.data(), text.data() + text.size(), status);
    if (read.ec != std::errc() || read.ptr != text.data() + text.size() || status < 100 || status > 999)
      return document.wrong(item, "takes statuses, 100 to 999");
    draft.module.statuses.push_back(status);
  }
}

void read_versions(ModuleDocument& document, const YAML::Node& value, ModuleDraft& draft) {
  for (const auto& item : document.items(value)) draft.module.versions.push_back(document.text(item));
}

void read_method(ModuleDocument& document, const YAML::Node& value, ModuleDraft& draft) {
  const std::string method = document.text(value);
  if (!method.empty() && (!is_token(method) || method.size() > 32)) document.wrong("is no method");
  if (!method.empty()) draft.module.method = method;
}

void read_headers(ModuleDocument& document, const YAML::Node& map, ModuleDraft& draft) {
  for (const auto& [name, value] : document.entries(map)) {
    const ModuleDocument::Within within(document, name, value);
    std::string text = read_line(document, value);
    if (!is_token(name)) document.wrong("is no name of a field");
    if (equals_ignoring_case(name, "host")) {
      if (!is_host_field(text)) document.wrong("is no host");
      draft.module.host = std::move(text);
    } else {
      draft.module.headers.emplace_back(name, std::move(text));
    }
  }
}

void read_body(ModuleDocument& document, const YAML::Node& value, ModuleDraft& draft) {
  draft.module.body = document.text(value);
  if (draft.module.body.size() > kMostModuleText) document.wrong("is too long");
}

GoPattern pattern_of(ModuleDocument& document, const YAML::Node& node) {
  auto pattern = compile_pattern(document.text(node));
  if (pattern) return std::move(*pattern);
  document.wrong(node, pattern.error().what);
  return {};
}

template <auto member>
void read_patterns(ModuleDocument& document, const YAML::Node& list, ModuleDraft& draft) {
  for (const auto& item : document.items(list)) {
    (draft.module.*member).push_back(pattern_of(document, item));
    if (!document.is_good()) return;
  }
}

template <auto member>
void read_header_patterns(ModuleDocument& document, const YAML::Node& list, ModuleDraft& draft) {
  for (const auto& item : document.items(list)) {
    HeaderPattern wanted;
    for (const auto& [key, value] : document.entries(item)) {
      const ModuleDocument::Within within(document, key, value);
      if (key == "header")
        wanted.name = lower(document.text(value));
      else if (key == "regexp" && !ModuleDocument::is_nothing(value))
        wanted.pattern = pattern_of(document, value);
      else if (key == "allow_missing")
        wanted.allow_missing = document.flag(value);
      else if (key != "regexp")
        document.wrong("is an unknown key");
    }
    if (wanted.name.empty() || !wanted.pattern) document.wrong(item, "needs header and regexp");
    if (!document.is_good()) return;
    (draft.module.*member).push_back(std::move(wanted));
  }
}

void read_compression(ModuleDocument& document, const YAML::Node& value, ModuleDraft& draft) {
  const std::string word = lower(document.text(value));
  using enum ProbeModule::Compression;
  if (word == "br") return document.wrong("br is not supported here");
  if (word != "gzip" && word != "deflate" && word != "identity" && !word.empty())
    return document.wrong("takes gzip, deflate or identity");
  draft.module.compression = word == "gzip" ? gzip : word == "deflate" ? deflate : none;
}

void read_no_follow(ModuleDocument& document, const YAML::Node& value, ModuleDraft& draft) {
  if (!value.IsNull()) draft.no_follow = document.flag(value);
}

// Later versions' keys are among those that are refused: what is asked for matters, not since when it can be.
constexpr ModuleKey kHttpKeys[] = {
    {"valid_status_codes", read_statuses},
    {"valid_http_versions", read_versions},
    {"preferred_ip_protocol", read_protocol},
    {"ip_protocol_fallback", read_flag<&ProbeModule::fallback>},
    {"no_follow_redirects", read_no_follow},
    {"follow_redirects", read_flag<&ProbeModule::follow_redirects>},
    {"fail_if_ssl", read_flag<&ProbeModule::fail_if_ssl>},
    {"fail_if_not_ssl", read_flag<&ProbeModule::fail_if_not_ssl>},
    {"method", read_method},
    {"headers", read_headers},
    {"fail_if_body_matches_regexp", read_patterns<&ProbeModule::body_must_not>},
    {"fail_if_body_not_matches_regexp", read_patterns<&ProbeModule::body_must>},
    {"fail_if_header_matches", read_header_patterns<&ProbeModule::header_must_not>},
    {"fail_if_header_not_matches", read_header_patterns<&ProbeModule::header_must>},
    {"body", read_body},
    {"compression", read_compression},
    {"basic_auth", read_basic_auth},
    {"authorization", read_authorization},
    {"bearer_token", read_bearer_token},
    {"bearer_token_file", read_bearer_token_file},
    {"tls_config", read_tls_config},
    {"enable_http2", read_flag<&ProbeModule::http2>},
    {"skip_resolve_phase_with_proxy", refuse_key},
    {"proxy_url", refuse_key},
    {"proxy_connect_header", refuse_key},
    {"proxy_from_environment", refuse_key},
    {"no_proxy", refuse_key},
    {"oauth2", refuse_key},
    {"body_size_limit", refuse_key},
    {"body_file", refuse_key},
    {"http_headers", refuse_key},
    {"enable_http3", refuse_key},
    {"fail_if_body_json_matches_cel", refuse_key},
    {"fail_if_body_json_not_matches_cel", refuse_key},
};

/// Without TLS, how to verify is idle.
void skip(ModuleDocument&, const YAML::Node&, ModuleDraft&) {}

constexpr ModuleKey kTcpKeys[] = {
    {"preferred_ip_protocol", read_protocol},
    {"ip_protocol_fallback", read_flag<&ProbeModule::fallback>},
    {"query_response", leave_out},
    {"tls", leave_out},
    {"tls_config", skip},
    {"source_ip_address", refuse_key},
};

constexpr std::string_view kOtherProbers[] = {"icmp", "dns", "grpc", "unix", "websocket"};

void read_timeout(ModuleDocument& document, const YAML::Node& value, ModuleDraft& draft) {
  if (value.IsNull()) return;
  const auto time = parse_go_duration(document.text(value));
  if (!time) return document.wrong(time.error().message());
  draft.module.timeout = *time;
}

void read_prober(ModuleDocument& document, const YAML::Node& value, ModuleDraft& draft) {
  const std::string word = document.text(value);
  draft.module.http = word == "http";
  if (word == "http" || word == "tcp") return;
  if (std::ranges::find(kOtherProbers, word) == std::end(kOtherProbers))
    return document.wrong("takes http or tcp, not " + printable(word, 40));
  draft.why_not = "prober " + word + " is not supported";
}

// A section that is not the prober's has no meaning there either.
void read_http(ModuleDocument& document, const YAML::Node& map, ModuleDraft& draft) {
  if (draft.module.http) read_keys(document, map, kHttpKeys, draft);
}

void read_tcp(ModuleDocument& document, const YAML::Node& map, ModuleDraft& draft) {
  if (!draft.module.http && draft.why_not.empty()) read_keys(document, map, kTcpKeys, draft);
}

constexpr ModuleKey kModuleKeys[] = {
    {"prober", skip},    {"timeout", read_timeout},
    {"http", read_http}, {"tcp", read_tcp},
    {"icmp", skip},      {"dns", skip},
    {"grpc", skip},      {"unix", skip},
    {"websocket", skip},
};

/// What no single key says.
void finish(ModuleDocument& document, ModuleDraft& draft) {
  ProbeModule& module = draft.module;
  if (draft.no_follow) module.follow_redirects = !*draft.no_follow;
  if (module.method == "HEAD" && !module.body.empty())
    document.wrong("has a body for HEAD, which is not supported here");
  // Of what is not to be used, the other family is no substitute: that names a family, IPv6 where none is given.
  if (!module.fallback && module.protocol == ProbeModule::Protocol::any) module.protocol = ProbeModule::Protocol::ip6;
  const bool says_who = std::ranges::any_of(
      module.headers, [](const auto& field) { return equals_ignoring_case(field.first, "authorization"); });
  if (says_who) module.authorization = {};
}

void read_module(ModuleDocument& document, const std::string& name, const YAML::Node& map, ProbeModules& modules) {
  ModuleDraft draft;
  draft.module.name = name;
  // Which section counts is known before any is read.
  bool named = false;
  for (const auto& [key, value] : document.entries(map)) {
    const ModuleDocument::Within within(document, key, value);
    if (key != "prober") continue;
    read_prober(document, value, draft);
    named = true;
  }
  if (!named) document.wrong("has no prober");
  if (document.is_good()) read_keys(document, map, kModuleKeys, draft);
  if (document.is_good()) finish(document, draft);
  if (!document.is_good()) return;
  if (draft.why_not.empty())
    modules.add(std::move(draft.module));
  else
    modules.leave_out(name, draft.why_not, document.place() + "is left out: " + draft.why_not);
}

}  // namespace

Result<ProbeModules> read_probe_modules(const std::string& text, const std::string& path) {
  ProbeModules modules;
  ModuleDocument document(printable(path, 200));
  const YAML::Node root = document.load(text);
  for (const auto& [key, value] : document.is_good() ? document.entries(root) : std::vector<ModuleDocument::Entry>{}) {
    if (key != "modules") document.wrong(value, "unknown key " + printable(key, 60));
    if (!document.is_good()) break;
    for (const auto& [name, module] : document.entries(value)) {
      const ModuleDocument::Within within(document, fmt::format("module \"{}\": ", printable(name, 60)), module);
      read_module(document, name, module, modules);
      if (!document.is_good()) break;
    }
  }
  if (document.is_good() && modules.is_empty()) document.wrong(root, "has no modules that can be used");
  if (!document.is_good()) return std::unexpected(document.error());
  return modules;
}

}  // namespace fix502
