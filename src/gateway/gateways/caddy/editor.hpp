#pragma once

#include "gateway/gateways/caddy/configuration.hpp"

namespace fix502::caddy {

/// Edits of one directive of a Caddyfile, in the file's own style. What stands in a block may be imported: each line is
/// changed in the file where it is.
class Editor {
 public:
  Editor(const Caddy& configuration, const Node& node) : all_(configuration), node_(node) {}

  /// A line in the directive's own block: its value replaced where it is there.
  [[nodiscard]] Proposal line(std::string_view name, const std::string& value) const;
  /// The same in `transport KIND { }`; nothing where it has another transport.
  [[nodiscard]] std::optional<Proposal> transport(std::string_view kind, std::string_view name,
                                                  const std::string& value) const;
  /// The same in the global options' `servers { }`, which are written where they are not there.
  [[nodiscard]] Proposal of_servers(std::string_view name, const std::string& value) const;
  /// The last word of the nearest line of that name: in the directive, in its transport, beside it; nothing where there
  /// is none.
  [[nodiscard]] std::optional<Proposal> nearest(std::string_view name, const std::string& value) const;
  /// Takes whole lines out of the transport, those whose names begin so.
  [[nodiscard]] std::vector<Edit> without(std::string_view beginning) const;
  [[nodiscard]] static Proposal replace(const Token& token, std::string with);

 private:
  [[nodiscard]] const std::string& text_of(const std::string& file) const { return all_.files.at(file); }
  [[nodiscard]] std::string indent_of(const Node& node) const;
  [[nodiscard]] Proposal put(const Node& block, std::string_view name, const std::string& value,
                             const std::string& outer) const;
  [[nodiscard]] Proposal put_text(const Node& block, const std::string& outer, const std::string& line) const;
  [[nodiscard]] Proposal before_close(const std::string& file, std::size_t close, const std::string& outer,
                                      const std::string& line) const;

  const Caddy& all_;
  const Node& node_;
};

}  // namespace fix502::caddy
