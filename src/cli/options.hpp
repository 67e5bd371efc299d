#pragma once

#include <functional>
#include <string>
#include <vector>

#include "base/result.hpp"
#include "target/settings.hpp"
#include "target/target.hpp"

namespace CLI {
class App;
}

namespace fix502 {

/// What the command line of a diagnosis says, checked.
struct DiagnosisOptions {
  Target target;
  Settings settings;
  bool json = false;
  bool verbose = false;
  bool fix = false, no_fix = false;  ///< apply the best automatic remedy without asking; never offer to
  bool yes = false;                  ///< the answer to every question
  bool no_history = false;
  std::string html;  ///< file names; empty: not wanted
  std::string markdown;
  std::string record;
  bool hide_query = false;  ///< of the two for others: no query values
};

/// A parsed command line, or what to print and exit with instead.
struct Parsed {
  DiagnosisOptions options;
  std::string stop;     ///< "--help" text or an error line; empty: go on
  int exit_status = 0;  ///< with `stop`
};

/// What a command takes beside the options of a diagnosis.
struct MoreOptions {
  std::vector<std::string>* urls = nullptr;    ///< takes the pages, in place of the one; the first is checked
  std::function<void(CLI::App& app)> declare;  ///< after those of a diagnosis
  bool url_optional = false;                   ///< without one the target is empty
};

/// `arguments` without the program's name; `fixed_url` replaces the URL argument (the demo brings its own).
[[nodiscard]] Parsed parse_diagnosis(std::vector<std::string> arguments, const std::string& fixed_url = {},
                                     const MoreOptions& more = {});

}  // namespace fix502
