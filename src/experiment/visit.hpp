#pragma once

#include "experiment/run.hpp"

namespace fix502 {

/// A page and all the redirects before it.
struct Visit {
  const Observation* first = nullptr;
  const Observation* last = nullptr;   ///< null: nothing was sent
  Target site;                         ///< of the last exchange
  std::vector<std::string> addresses;  ///< that were used for it
  bool complete = false;               ///< ended on something else than a redirect
  bool endless = false;                ///< gave up following
  int length = 0;                      ///< exchanges
};

/// Follows redirects as a browser does, carrying cookies along, to http and https only. Each exchange is an observation
/// with `varied` plus {"redirect": "2"} from the second on.
Task<Visit> visit_as_browser(Run& run, std::string experiment, Varied varied, HttpRequest request);

}  // namespace fix502
