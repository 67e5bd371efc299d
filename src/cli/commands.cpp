#include "cli/commands.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cstdio>
#include <exception>

#include "base/text.hpp"

namespace fix502 {
namespace {

std::string usage() {
  std::string text = "usage: fix502 URL [options]        why does it answer 502, and what helps?\n";
  for (const auto& command : commands())
    if (command.run != nullptr) text += fmt::format("       fix502 {:<25}{}\n", command.usage, command.summary);
  return text + "       fix502 --help             all options of a diagnosis\n";
}

}  // namespace

const std::vector<CommandRow>& commands() {
  static const std::vector<CommandRow> kCommands = {
      {"demo", "demo [FAULT | list]", "break a small site on loopback, then diagnose it", demo_command},
      {"explain", "explain FILE | FAULT", "reason again over a recorded run, or explain a fault", explain_command},
      {"watch", "watch URL...", "wait until it works again, then say so", watch_command},
      {"fix", "fix REMEDY [URL]", "apply one remedy", fix_command},
      {"undo", "undo [ID]", "take a remedy back", undo_command},
      {"fixes", "fixes [--json]", "list remedies, and what was done", fixes_command},
      {"gateway", "gateway [URL]", "the owner's side: the exact cause, on the gateway's machine", gateway_command},
      {"logs", "logs FILE...", "incidents and their causes out of logs", logs_command},
      {"check", "check FILE|-", "many addresses at once", nullptr},
      {"history", "history [URL]", "what was seen before: outages and their causes", history_command},
      {"serve", "serve", "the local web page, its API, and Prometheus' /probe", serve_command},
      {"agent", "agent", "lend this machine as a vantage point", nullptr},
  };
  return kCommands;
}

int complain(std::string_view what) {
  fmt::print(stderr, "fix502: {}\n", printable(what, 400));
  return kUsage;
}

int run_command_line(std::vector<std::string> arguments) {
  if (arguments.empty()) return complain("no web address given; try: fix502 https://example.com/ (or fix502 --help)");
  if (arguments[0] == "--version") {
    fmt::print("fix502 {}\n", FIX502_VERSION);
    return 0;
  }
  if (arguments[0] == "--help" || arguments[0] == "-h") fmt::print("{}\n", usage());
  const auto command = std::ranges::find(commands(), arguments[0], &CommandRow::name);
  try {
    if (command == commands().end()) return diagnose_command(std::move(arguments));
    if (command->run == nullptr) return complain(fmt::format("`{}` is not in this version", command->name));
    arguments.erase(arguments.begin());
    return command->run(std::move(arguments));
  } catch (const std::exception& error) {
    return complain(fmt::format("failed: {}", error.what()));
  }
}

}  // namespace fix502
