#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace fix502 {

inline constexpr int kInterrupted = 130;  ///< the exit status after SIGINT, as shells give it

/// Exit statuses (product.md): 0 works, 1 a fault, 2 wrong usage or our own failure, 3 inconclusive, 130 interrupted.
constexpr int kUsage = 2;

/// One command of `fix502 COMMAND ...`. A table of them stands in commands.cpp.
struct CommandRow {
  std::string_view name;
  std::string_view usage;  ///< "demo [FAULT | list]"
  std::string_view summary;
  int (*run)(std::vector<std::string> arguments) = nullptr;  ///< null: known, and not in this version
};
[[nodiscard]] const std::vector<CommandRow>& commands();

int diagnose_command(std::vector<std::string> arguments);
int explain_command(std::vector<std::string> arguments);
int demo_command(std::vector<std::string> arguments);
int fix_command(std::vector<std::string> arguments);
int undo_command(std::vector<std::string> arguments);
int fixes_command(std::vector<std::string> arguments);
int history_command(std::vector<std::string> arguments);
int gateway_command(std::vector<std::string> arguments);
int logs_command(std::vector<std::string> arguments);
int serve_command(std::vector<std::string> arguments);
int watch_command(std::vector<std::string> arguments);

/// The whole program. `arguments` without the program's name.
int run_command_line(std::vector<std::string> arguments);

/// "fix502: what" on standard error; returns kUsage.
int complain(std::string_view what);

}  // namespace fix502
