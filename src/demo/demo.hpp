#pragma once

// Faults that can be shown on loopback: each is a small site, broken on purpose in one way, as a row of a table.

#include <string_view>
#include <vector>

namespace fix502 {

/// One broken site. Wherever a text says {word}, it is filled in once the site is up; see DemoStage for the words.
struct Demo {
  std::string_view fault;   ///< id of the catalogue
  std::string_view about;   ///< one line for the list
  std::string_view broken;  ///< what was broken on purpose, and where: a sentence
  std::string_view check;   ///< commands that show it, a line each

  // The world: JSON as lab/faultd.md has it. A second resolver and a page for connectivity checks come with every one.
  std::string_view listeners;                 ///< the site's servers, separated by commas
  std::string_view resolver = R"({zone})";    ///< DNS data that the visitor's resolver has
  std::string_view comparison = R"({zone})";  ///< DNS data that the second resolver has
  std::string_view scheme = "http";

  // The visitor's machine.
  std::string_view hosts_file{};  ///< address that it pins the site to
  std::string_view proxy{};       ///< "http://host:port"
  bool names_resolver = true;     ///< false: its settings name no resolver at all
  std::string_view cookie{};      ///< what the visitor's browser has stored for the site
  std::size_t cookie_filler = 0;  ///< bytes added to it
  std::string_view origin{};      ///< what --origin says, "host:port"
};

/// All of them, nearest to the visitor first.
[[nodiscard]] const std::vector<const Demo*>& demos();
/// Null where that fault has no demo.
[[nodiscard]] const Demo* find_demo(std::string_view fault);

}  // namespace fix502
