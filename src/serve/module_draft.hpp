#pragma once

// What the tables of a module's keys are made of.

#include <cstddef>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "serve/module_document.hpp"
#include "serve/probe_modules.hpp"

namespace fix502 {

/// What is gathered of one module while it is read.
struct ModuleDraft {
  ProbeModule module;
  std::string why_not;  ///< it is left out
  int credentials = 0;  ///< keys that say who asks
  std::optional<bool> no_follow;
};

struct ModuleKey {
  std::string_view name;
  void (*read)(ModuleDocument& document, const YAML::Node& value, ModuleDraft& draft);
};

/// Known to blackbox_exporter, and not done here: wrong, but where it asks for nothing.
void refuse_key(ModuleDocument& document, const YAML::Node& value, ModuleDraft& draft);
/// Every key must be among `keys`.
void read_keys(ModuleDocument& document, const YAML::Node& map, std::span<const ModuleKey> keys, ModuleDraft& draft);

/// A line of a request's head, which must not become two.
[[nodiscard]] std::string read_line(ModuleDocument& document, const YAML::Node& value);

constexpr std::size_t kMostModuleText = 64 * 1024;  // bytes of one field or body

// Who asks, and whom it believes.
void read_basic_auth(ModuleDocument& document, const YAML::Node& map, ModuleDraft& draft);
void read_authorization(ModuleDocument& document, const YAML::Node& map, ModuleDraft& draft);
void read_bearer_token(ModuleDocument& document, const YAML::Node& value, ModuleDraft& draft);
void read_bearer_token_file(ModuleDocument& document, const YAML::Node& value, ModuleDraft& draft);
void read_tls_config(ModuleDocument& document, const YAML::Node& map, ModuleDraft& draft);

}  // namespace fix502
