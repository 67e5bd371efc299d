#pragma once

#include <string_view>
#include <vector>

#include "gateway/configuration.hpp"
#include "gateway/gateways/nginx/tree.hpp"

namespace fix502::nginx {

/// One row of directives.def.
struct DirectiveRule {
  std::string_view name, where;
  std::size_t least = 0, most = 0;
  std::string_view marks, since, gone;
};
[[nodiscard]] const DirectiveRule* find_rule(std::string_view name);
/// Whether the directive may stand in a block of that kind.
[[nodiscard]] bool is_legal(std::string_view name, BlockKind where);

/// What nginx of that version would refuse to load, in its words. Directives that it does not know are no fatal
/// problem where modules are loaded that may bring them.
void check_tree(const Block& main, std::string_view version, std::vector<Problem>& problems);

}  // namespace fix502::nginx
