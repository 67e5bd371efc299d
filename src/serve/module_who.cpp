// The parts of a module's keys that are common to all files of Prometheus (HTTPClientConfig of prometheus/common 0.37),
// and what all readers of keys share.

#include <algorithm>
#include <span>
#include <string>
#include <string_view>

#include "base/text.hpp"
#include "serve/module_document.hpp"
#include "serve/module_draft.hpp"
#include "serve/probe_modules.hpp"
#include "target/target.hpp"

namespace fix502 {
namespace {

void read_user(ModuleDocument& document, const YAML::Node& value, ModuleDraft& draft) {
  draft.module.authorization.user = document.text(value);
}

void read_secret_text(ModuleDocument& document, const YAML::Node& value, ModuleDraft& draft) {
  draft.module.authorization.secret = read_line(document, value);
}

void read_secret_file(ModuleDocument& document, const YAML::Node& value, ModuleDraft& draft) {
  draft.module.authorization.secret_file = document.text(value);
}

void read_scheme(ModuleDocument& document, const YAML::Node& value, ModuleDraft& draft) {
  const std::string scheme(trim(document.text(value)));
  if (equals_ignoring_case(scheme, "basic")) return document.wrong("takes no basic: that is basic_auth");
  if (!scheme.empty() && !is_token(scheme)) document.wrong("is no scheme");
  if (!scheme.empty()) draft.module.authorization.scheme = scheme;
}

constexpr ModuleKey kBasicKeys[] = {
    {"username", read_user},       {"password", read_secret_text}, {"password_file", read_secret_file},
    {"username_file", refuse_key}, {"username_ref", refuse_key},   {"password_ref", refuse_key},
};
constexpr ModuleKey kAuthorizationKeys[] = {
    {"type", read_scheme},
    {"credentials", read_secret_text},
    {"credentials_file", read_secret_file},
    {"credentials_ref", refuse_key},
};

void check_secret(ModuleDocument& document, const ModuleDraft& draft) {
  const ProbeAuthorization& given = draft.module.authorization;
  if (!given.secret.empty() && !given.secret_file.empty()) document.wrong("has a secret and a file with one");
  if (draft.credentials > 1) document.wrong("is one of basic_auth, authorization and bearer_token too many");
  if (given.secret_file.empty() || !document.is_good()) return;
  if (const auto readable = given.value(); !readable) document.wrong("is of no use: " + readable.error().message());
}

void read_who(ModuleDocument& document, const YAML::Node& map, std::string_view scheme, std::span<const ModuleKey> keys,
              ModuleDraft& draft) {
  if (map.IsNull()) return;
  ++draft.credentials;
  draft.module.authorization.scheme = scheme;
  read_keys(document, map, keys, draft);
  check_secret(document, draft);
}

template <auto read>
void read_bearer(ModuleDocument& document, const YAML::Node& value, ModuleDraft& draft) {
  if (ModuleDocument::is_nothing(value)) return;
  ++draft.credentials;
  draft.module.authorization.scheme = "Bearer";
  read(document, value, draft);
  check_secret(document, draft);
}

void read_unverified(ModuleDocument& document, const YAML::Node& value, ModuleDraft& draft) {
  draft.module.verify_certificate = !document.flag(value);
}

void read_server_name(ModuleDocument& document, const YAML::Node& value, ModuleDraft& draft) {
  draft.module.server_name = document.text(value);
  const auto page = parse_target("https://" + draft.module.server_name + "/");
  if (!draft.module.server_name.empty() && (!page || page->host != lower(draft.module.server_name)))
    document.wrong("is no host name");
}

constexpr ModuleKey kTlsKeys[] = {
    {"insecure_skip_verify", read_unverified},
    {"server_name", read_server_name},
    {"ca_file", refuse_key},
    {"cert_file", refuse_key},
    {"key_file", refuse_key},
    {"min_version", refuse_key},
    {"max_version", refuse_key},
    {"ca", refuse_key},
    {"cert", refuse_key},
    {"key", refuse_key},
    {"ca_ref", refuse_key},
    {"cert_ref", refuse_key},
    {"key_ref", refuse_key},
};

}  // namespace

void read_basic_auth(ModuleDocument& document, const YAML::Node& map, ModuleDraft& draft) {
  read_who(document, map, "Basic", kBasicKeys, draft);
}

void read_authorization(ModuleDocument& document, const YAML::Node& map, ModuleDraft& draft) {
  read_who(document, map, "Bearer", kAuthorizationKeys, draft);
}

void read_bearer_token(ModuleDocument& document, const YAML::Node& value, ModuleDraft& draft) {
  read_bearer<read_secret_text>(document, value, draft);
}

void read_bearer_token_file(ModuleDocument& document, const YAML::Node& value, ModuleDraft& draft) {
  read_bearer<read_secret_file>(document, value, draft);
}

void read_tls_config(ModuleDocument& document, const YAML::Node& map, ModuleDraft& draft) {
  read_keys(document, map, kTlsKeys, draft);
}

void refuse_key(ModuleDocument& document, const YAML::Node& value, ModuleDraft&) {
  if (!ModuleDocument::is_nothing(value)) document.wrong("is not supported here");
}

void read_keys(ModuleDocument& document, const YAML::Node& map, std::span<const ModuleKey> keys, ModuleDraft& draft) {
  for (const auto& [key, value] : document.entries(map)) {
    if (!document.is_good()) return;
    const ModuleDocument::Within within(document, key, value);
    const auto row = std::ranges::find(keys, key, &ModuleKey::name);
    if (row == keys.end()) return document.wrong("is an unknown key");
    row->read(document, value, draft);
  }
}

std::string read_line(ModuleDocument& document, const YAML::Node& value) {
  std::string text = document.text(value);
  if (text.size() > kMostModuleText) document.wrong("is too long");
  if (std::ranges::any_of(text, [](char c) { return static_cast<unsigned char>(c) < ' ' && c != '\t'; }))
    document.wrong("has a line's end or another control character");
  return text;
}

}  // namespace fix502
