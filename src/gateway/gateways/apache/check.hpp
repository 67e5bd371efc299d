#pragma once

#include <string>

#include "gateway/gateways/apache/servers.hpp"

namespace fix502::apache {

/// Why httpd refuses this directive's arguments, in its words; empty where it takes them.
[[nodiscard]] std::string directive_error(const Directive& directive);
[[nodiscard]] std::string section_error(const Scope& section);

}  // namespace fix502::apache
