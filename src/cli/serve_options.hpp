#pragma once

#include <string>
#include <vector>

#include "cli/options.hpp"
#include "serve/site.hpp"

namespace fix502 {

/// The command line of `fix502 serve`, checked.
struct ServeOptions {
  SiteOptions site;
  bool open = false;  ///< --open: start the browser
  ProbeModules modules = ProbeModules::built_in();
  DiagnosisOptions diagnosis;  ///< for every diagnosis that says nothing else

  std::string stop;  ///< as in Parsed
  int exit_status = 0;
};

[[nodiscard]] ServeOptions read_serve_options(std::vector<std::string> arguments);

/// What the API asks for, with the options' names of docs/openapi.json: read as the command line's, so that both mean
/// the same.
[[nodiscard]] Result<Order> read_order(const ServeOptions& serve, const std::string& url, const Json& options);

}  // namespace fix502
