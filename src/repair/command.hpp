#pragma once

#include <functional>
#include <string>
#include <vector>

#include "base/result.hpp"

namespace fix502 {

/// A command of this machine, without a shell.
struct Command {
  std::vector<std::string> words;
  bool as_root = false;    ///< through sudo or pkexec where we are not root
  std::string input = {};  ///< what it reads; empty: it reads what this program would

  bool operator==(const Command&) const = default;
  static constexpr void fields(auto&& field) {
    field("words", &Command::words);
    field("as_root", &Command::as_root);
    field("input", &Command::input);
  }
};

/// Carries a command out; an Error says why it failed.
using Runner = std::function<Result<void>(const Command&)>;

/// The command as it will be started: with sudo or pkexec before it where `as_root` asks for more than we are.
[[nodiscard]] Result<std::vector<std::string>> with_rights(const Command& command);

/// Whether there is a way to do what needs more rights than we have.
[[nodiscard]] bool may_become_root();

/// Shows the command on standard error where it needs more rights, and runs it with this terminal as its own.
[[nodiscard]] Result<void> run_shown(const Command& command);

}  // namespace fix502
