#pragma once

// What the server is given by whoever starts it: the command line knows options, profiles and the history's place.

#include <functional>
#include <memory>
#include <optional>

#include "browser/browsers.hpp"
#include "pipeline/observe.hpp"
#include "report/report.hpp"
#include "serve/allowed.hpp"
#include "serve/guards.hpp"
#include "serve/probe_modules.hpp"

namespace fix502 {

/// What is to be diagnosed or watched, read and checked.
struct Order {
  Target target;
  Settings settings;
  std::vector<std::string> arguments;  ///< the options as the command line has them, secrets among them
};

struct ServeWorld {
  const Host& host;
  /// Connections of its own; each diagnosis needs one.
  std::function<std::unique_ptr<Net>()> net;
  /// What the options of the API say, over those of the command line. `url` empty: for a demo, whose own it gets.
  std::function<Result<Order>(const std::string& url, const Json& options)> read_order;
  /// Gives the assignment what it may see of this machine: browsers' profiles, caches. What it returns must outlive it.
  std::function<std::unique_ptr<Browsers>(Assignment& assignment)> furnish;
  /// Into the history; may be empty.
  std::function<void(const Report& report)> keep;
  /// How /probe may probe.
  const ProbeModules& modules;
  /// The program itself, for what it does in a process of its own.
  std::string program = "/proc/self/exe";
};

}  // namespace fix502
