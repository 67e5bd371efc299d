#pragma once

#include <string>
#include <string_view>

#include "base/result.hpp"
#include "cli/options.hpp"
#include "observation/evidence.hpp"
#include "report/report.hpp"

namespace fix502 {

/// How this run speaks to a person: colours, width and characters of the terminal, NO_COLOR honoured.
[[nodiscard]] TerminalStyle style_of_stdout(bool verbose);

/// The live line on standard error while a diagnosis runs; silent where that is no terminal.
class LiveLine {
 public:
  explicit LiveLine(std::chrono::milliseconds budget);
  ~LiveLine();
  LiveLine(const LiveLine&) = delete;
  LiveLine& operator=(const LiveLine&) = delete;
  void show(std::string_view experiment);

 private:
  bool on_;
  std::chrono::milliseconds budget_;
  std::chrono::steady_clock::time_point start_;
};

[[nodiscard]] Result<std::string> read_file(const std::string& path, std::size_t limit);
[[nodiscard]] Result<void> write_file(const std::string& path, std::string_view text);

/// The files asked for can be written: found out before anything is sent.
[[nodiscard]] Result<void> can_write(const DiagnosisOptions& options);

/// One diagnosis of the network that this machine is on, with the live line.
[[nodiscard]] Report diagnose_now(const Target& target, const Settings& settings);

/// Prints the report as the options say, writes the files asked for, and gives the exit status.
int deliver(const Report& report, const DiagnosisOptions& options);

}  // namespace fix502
