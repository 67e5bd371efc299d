#pragma once

// The lab's recorded runs, and what the lab expects of each: tools/keep_run writes both.

#include <algorithm>
#include <fstream>
#include <iterator>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "base/fields.hpp"

namespace fix502::test {

/// Each word may be one of several, which product.md leaves open; nullopt stands for JSON's null.
struct Expected {
  using Words = std::vector<std::optional<std::string>>;
  Words outcome;
  Words fault;
  Words hop;
  Words side;
  Words also;        ///< must be named beside the verdict
  Words also_maybe;  ///< may be

  bool operator==(const Expected&) const = default;
  static constexpr void fields(auto&& field) {
    field("outcome", &Expected::outcome);
    field("fault", &Expected::fault);
    field("hop", &Expected::hop);
    field("side", &Expected::side);
    field("also", &Expected::also);
    field("also_maybe", &Expected::also_maybe);
  }
};

[[nodiscard]] inline bool allows(const Expected::Words& words, const std::optional<std::string>& word) {
  return std::ranges::find(words, word) != words.end();
}

/// The text of tests/runs/`name`.json; empty where there is none.
[[nodiscard]] inline std::string recorded_run(const std::string& name) {
  std::ifstream file(std::string(FIX502_SOURCE_DIR) + "/tests/runs/" + name + ".json");
  return {std::istreambuf_iterator<char>(file), {}};
}

/// By the run's name; empty where the index is damaged.
[[nodiscard]] inline std::map<std::string, Expected> expectations() {
  std::map<std::string, Expected> all;
  if (!from_json(Json::parse(recorded_run("expect"), nullptr, false), all)) all.clear();
  return all;
}

}  // namespace fix502::test
