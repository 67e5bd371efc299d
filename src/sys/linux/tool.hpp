#pragma once

// Other programs, started without a shell, bounded in time and in what they may say. They are waited for where that
// stands: whoever must not wait runs them on a thread of their own.

#include <chrono>
#include <functional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace fix502 {

/// A program to run.
struct ToolRun {
  std::vector<std::string> words;
  std::string folder = {};                                            ///< where; empty: where we are
  std::vector<std::pair<std::string, std::string>> environment = {};  ///< beside our own
  std::size_t most_output = 256UL * 1024;                             ///< bytes that are kept of standard output
  std::size_t most_errors = 1024;                                     ///< and of standard error
};

/// Its end.
struct ToolEnd {
  int status = -1;     ///< exit status; -1: killed, or never started
  std::string output;  ///< what `keep` kept of standard output
  std::string errors;  ///< standard error
  std::string error;   ///< what went wrong in one line, printable: the start of `errors`, or our own words
};

/// Its output is read line by line: those that `keep` wants are kept; without a `keep` all of it as it comes. Killed at
/// the deadline.
[[nodiscard]] ToolEnd run_program(const ToolRun& run, const std::function<bool(std::string_view)>& keep,
                                  std::chrono::steady_clock::time_point deadline);
[[nodiscard]] ToolEnd run_tool(const std::vector<std::string>& words, const std::function<bool(std::string_view)>& keep,
                               std::chrono::steady_clock::time_point deadline);

}  // namespace fix502
