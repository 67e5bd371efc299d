#pragma once

#include <string>
#include <vector>

#include "base/result.hpp"
#include "target/settings.hpp"
#include "target/target.hpp"

namespace fix502 {

/// What the command line of a diagnosis says, checked.
struct DiagnosisOptions {
  Target target;
  Settings settings;
  bool json = false;
  bool verbose = false;
  std::string html;  ///< file names; empty: not wanted
  std::string markdown;
  std::string record;
  std::vector<std::string> browser_profiles;  ///< --browser-profile
  std::vector<std::string> notes;             ///< what was asked for and this version cannot do, a line each
};

/// A parsed command line, or what to print and exit with instead.
struct Parsed {
  DiagnosisOptions options;
  std::string stop;     ///< "--help" text or an error line; empty: go on
  int exit_status = 0;  ///< with `stop`
};

/// `arguments` without the program's name; `fixed_url` replaces the URL argument (the demo brings its own).
[[nodiscard]] Parsed parse_diagnosis(std::vector<std::string> arguments, const std::string& fixed_url = {});

}  // namespace fix502
