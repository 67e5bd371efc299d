#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "gateway/gateways/haproxy/lines.hpp"

namespace fix502::haproxy {

/// A section: "global", "defaults", "frontend", "backend", "listen", "fcgi-app", ...
struct Section {
  std::string kind, name, from;
  Line head;
  std::vector<Line> lines;
  std::size_t defaults = kNone;  ///< index of the section whose settings it takes over

  static constexpr std::size_t kNone = static_cast<std::size_t>(-1);
  [[nodiscard]] bool has_front() const { return kind == "frontend" || kind == "listen"; }
  [[nodiscard]] bool has_back() const { return kind == "backend" || kind == "listen"; }
};

/// A line that applies, and whether the section has it itself.
struct Applies {
  const Line* line = nullptr;
  bool own = false;
};

/// The whole configuration.
struct Model {
  std::vector<Section> sections;
  FileTexts lists;  ///< files of patterns and maps, by path as written

  [[nodiscard]] const Section* find(std::string_view kind, std::string_view name) const;
  [[nodiscard]] const Section* backend(std::string_view name) const;  ///< backend or listen
  [[nodiscard]] const Section* global() const { return find("global", ""); }
  /// The last line that begins with these words: the section's own, else its defaults'.
  [[nodiscard]] Applies applies(const Section& section, std::initializer_list<std::string_view> words) const;
  /// "option NAME", unless a later "no option NAME" takes it back.
  [[nodiscard]] Applies option(const Section& section, std::string_view name) const;
  /// "http" or "tcp".
  [[nodiscard]] std::string mode(const Section& section) const;
};

/// Reads every file and puts the sections together; conditionals are decided as far as they can be.
[[nodiscard]] Model read_model(const ReadRequest& request, Files& files, FileTexts& texts,
                               std::vector<Problem>& problems);

}  // namespace fix502::haproxy
