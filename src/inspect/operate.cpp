// The gateway's own check, and its reload. A reload counts as done when the processes that served before are gone, or
// only finish what they have: until then old answers are seen.

#include <fmt/format.h>
#include <signal.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <regex>
#include <thread>

#include "base/text.hpp"
#include "inspect/gateways.hpp"
#include "owner/asker.hpp"
#include "owner/programs.hpp"

namespace fix502 {
namespace {

using std::chrono::milliseconds;

constexpr milliseconds kLongest{10'000};
constexpr milliseconds kSettle{300};  // nginx' old workers accept for about 0.1 s more

std::string_view line_with(std::string_view output, std::string_view words) {
  const auto at = output.find(words);
  if (at == std::string_view::npos) return {};
  const auto begin = output.rfind('\n', at);
  const auto start = begin == std::string_view::npos ? 0 : begin + 1;
  return output.substr(start, output.find('\n', at) - start);
}

/// The workers that took requests before, still taking them.
bool serves_as_before(const FoundGateway& gateway, const std::vector<int>& before) {
  const auto all = running_programs();
  const auto now = children_of(gateway.operation.master, all);
  const bool has_new =
      std::ranges::any_of(now, [&](int pid) { return std::ranges::find(before, pid) == before.end(); });
  const bool old_serves = std::ranges::any_of(before, [&](int pid) {
    const auto program = std::ranges::find(all, pid, &RunningProgram::pid);
    if (program == all.end() || program->parent != gateway.operation.master) return false;
    const bool leaving = !program->arguments.empty() && (program->arguments.front().contains("shutting down") ||
                                                         program->arguments.front().contains("cache"));
    return !leaving;
  });
  return !has_new || (old_serves && gateway.kind->id != "haproxy");
}

}  // namespace

Checked read_check(std::string_view output) {
  Checked checked{.ran = true, .good = false, .said = {}, .file = {}, .line = 0};
  // nginx, HAProxy, Apache (the reason stands on the next line), Caddy.
  for (const std::string_view words : {"[emerg]", "[ALERT]", "AH00526", "yntax error on line", "Error:"}) {
    std::string_view line = line_with(output, words);
    if (line.empty()) continue;
    std::string text(line);
    if (words.contains("AH00526") || line.ends_with(':')) {
      const auto behind = output.find('\n', static_cast<std::size_t>(line.data() - output.data()));
      if (behind != std::string_view::npos)
        text += " " + std::string(output.substr(behind + 1, output.find('\n', behind + 1) - behind - 1));
    }
    checked.said = text;
    break;
  }
  if (checked.said.empty()) checked.said = output.substr(0, output.find('\n'));
  checked.said = printable(checked.said, 400);
  static const std::regex kPlaces[] = {std::regex(R"(in (/[^\s:]+):(\d+))"), std::regex(R"(\[(/[^\]:]+):(\d+)\])"),
                                       std::regex(R"(line (\d+) of (/[^:\s]+))"), std::regex(R"((/[^\s:]+):(\d+))")};
  for (const auto& place : kPlaces) {
    std::smatch match;
    if (!std::regex_search(checked.said, match, place)) continue;
    const bool line_first = match[1].str().front() != '/';
    checked.file = match[line_first ? 2 : 1].str();
    checked.line = std::atoi(match[line_first ? 1 : 2].str().c_str());
    break;
  }
  return checked;
}

Checked check(const FoundGateway& gateway) {
  const Operation& operation = gateway.operation;
  if (operation.check.empty()) return {};
  const auto said = program_asker(kLongest)(operation.check, operation.folder, operation.environment);
  if (!said) return {};
  const std::string output = said->err + said->out;
  const auto bad =
      std::ranges::find_if(operation.bad_words, [&](const std::string& word) { return output.contains(word); });
  if (said->status == 0 && bad == operation.bad_words.end())
    return {.ran = true, .good = true, .said = {}, .file = {}, .line = 0};
  if (said->status == 0) {
    Checked checked = read_check(line_with(output, *bad));
    return checked;
  }
  // Without root's rights the check stops at files that it may not open: that says nothing of the configuration.
  if (output.contains("Permission denied") && output.contains("syntax is ok")) return {};
  return read_check(output);
}

Result<void> reload(const FoundGateway& gateway) {
  const Operation& operation = gateway.operation;
  std::vector<int> before;
  if (operation.master != 0) before = children_of(operation.master, running_programs());
  if (!operation.reload.empty()) {
    const auto said = program_asker(kLongest)(operation.reload, operation.folder, operation.environment);
    if (!said) return std::unexpected(said.error());
    if (said->status != 0) return fail("the reload failed: " + printable(said->err + said->out, 300));
  } else {
    if (operation.master == 0 || operation.signal == 0) return fail("it does not run, so there is nothing to reload");
    if (kill(operation.master, operation.signal) != 0)
      return fail(fmt::format("the reload's signal could not be sent: {}", std::strerror(errno)));
  }
  const bool renews_workers = operation.master != 0 && !before.empty();
  for (milliseconds waited{0}; renews_workers && waited < kLongest && serves_as_before(gateway, before);
       waited += milliseconds(50))
    std::this_thread::sleep_for(milliseconds(50));
  std::this_thread::sleep_for(kSettle);
  return {};
}

}  // namespace fix502
