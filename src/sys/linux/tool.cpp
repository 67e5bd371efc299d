#include "sys/linux/tool.hpp"

#include <fcntl.h>
#include <poll.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <csignal>

#include "base/text.hpp"
#include "sys/linux/default_signals.hpp"
#include "sys/linux/fd.hpp"

namespace fix502 {
namespace {

using Moment = std::chrono::steady_clock::time_point;

constexpr std::size_t kMaxLine = 64 * 1024;
constexpr std::size_t kMaxError = 300;

/// Our environment, and what the run adds or sets otherwise.
std::vector<std::string> environment_of(const ToolRun& run) {
  std::vector<std::string> all;
  for (const auto& [name, value] : run.environment) all.push_back(name + "=" + value);
  for (char** each = environ; each && *each; ++each) {
    const std::string_view entry(*each);
    const auto name = entry.substr(0, entry.find('='));
    if (std::ranges::none_of(run.environment, [&](const auto& own) { return own.first == name; }))
      all.emplace_back(entry);
  }
  return all;
}

std::vector<char*> pointers_to(const std::vector<std::string>& texts) {
  std::vector<char*> pointers;
  for (const auto& text : texts) pointers.push_back(const_cast<char*>(text.c_str()));
  pointers.push_back(nullptr);
  return pointers;
}

pid_t start(const ToolRun& run, int out, int error) {
  posix_spawn_file_actions_t actions;
  posix_spawn_file_actions_init(&actions);
  posix_spawn_file_actions_addopen(&actions, STDIN_FILENO, "/dev/null", O_RDONLY, 0);
  posix_spawn_file_actions_adddup2(&actions, out, STDOUT_FILENO);
  posix_spawn_file_actions_adddup2(&actions, error, STDERR_FILENO);
  if (!run.folder.empty()) posix_spawn_file_actions_addchdir_np(&actions, run.folder.c_str());
  const auto environment = environment_of(run);
  const auto words = pointers_to(run.words);
  const auto variables = pointers_to(environment);
  const DefaultSignals signals;
  pid_t child = -1;
  if (posix_spawnp(&child, words[0], &actions, signals.get(), words.data(), variables.data()) != 0) child = -1;
  posix_spawn_file_actions_destroy(&actions);
  return child;
}

/// Cuts what came into lines and keeps those that are wanted.
class Lines {
 public:
  Lines(const std::function<bool(std::string_view)>& keep, std::string& kept, std::size_t most)
      : keep_(keep), kept_(kept), most_(most) {}

  void take(std::string_view bytes) {
    if (!keep_) {
      kept_.append(bytes.substr(0, most_ - std::min(most_, kept_.size())));
      return;
    }
    for (;;) {
      const auto end = bytes.find('\n');
      const auto part = bytes.substr(0, end);
      if (line_.size() + part.size() <= kMaxLine) line_.append(part);
      if (end == bytes.npos) return;
      finish();
      bytes.remove_prefix(end + 1);
    }
  }
  void finish() {
    if (!line_.empty() && kept_.size() + line_.size() < most_ && keep_(line_)) kept_.append(line_).append("\n");
    line_.clear();
  }

 private:
  const std::function<bool(std::string_view)>& keep_;
  std::string& kept_;
  std::size_t most_;
  std::string line_;
};

/// Both outputs until their ends; false when the deadline came first.
bool read_both(Fd& out, Fd& error, Lines& lines, std::string& errors, std::size_t most_errors, Moment deadline) {
  std::array<char, 64 * 1024> block{};
  while (out || error) {
    const auto left = std::chrono::ceil<std::chrono::milliseconds>(deadline - std::chrono::steady_clock::now());
    std::array<pollfd, 2> waiting = {pollfd{out.get(), POLLIN, 0}, pollfd{error.get(), POLLIN, 0}};
    if (left.count() <= 0) return false;
    const int ready =
        poll(waiting.data(), waiting.size(), static_cast<int>(std::min<std::int64_t>(left.count(), 60'000)));
    if (ready < 0 && errno != EINTR) return false;
    for (std::size_t i = 0; ready > 0 && i < waiting.size(); ++i) {
      if (waiting[i].revents == 0) continue;
      Fd& from = i == 0 ? out : error;
      const auto got = read(from.get(), block.data(), block.size());
      if (got <= 0) {
        from.reset();
        continue;
      }
      const std::string_view bytes(block.data(), static_cast<std::size_t>(got));
      if (i == 0)
        lines.take(bytes);
      else
        errors.append(bytes.substr(0, most_errors - std::min(most_errors, errors.size())));
    }
  }
  return true;
}

}  // namespace

ToolEnd run_program(const ToolRun& run, const std::function<bool(std::string_view)>& keep, Moment deadline) {
  ToolEnd end;
  std::array<int, 2> out{}, error{};
  if (run.words.empty() || pipe2(out.data(), O_CLOEXEC) != 0) return end;
  Fd out_read(out[0]), out_write(out[1]);
  if (pipe2(error.data(), O_CLOEXEC) != 0) return end;
  Fd error_read(error[0]), error_write(error[1]);
  const pid_t child = start(run, out_write.get(), error_write.get());
  out_write.reset();
  error_write.reset();
  if (child < 0) {
    end.error = run.words.front() + " is not installed";
    return end;
  }
  Lines lines(keep, end.output, run.most_output);
  const bool whole = read_both(out_read, error_read, lines, end.errors, run.most_errors, deadline);
  lines.finish();
  if (!whole) kill(child, SIGKILL);
  int status = 0;
  while (waitpid(child, &status, 0) < 0 && errno == EINTR) continue;
  if (whole && WIFEXITED(status)) end.status = WEXITSTATUS(status);
  end.error = whole ? printable(trim(end.errors), kMaxError) : "no answer in time";
  return end;
}

ToolEnd run_tool(const std::vector<std::string>& words, const std::function<bool(std::string_view)>& keep,
                 Moment deadline) {
  return run_program(ToolRun{.words = words}, keep, deadline);
}

}  // namespace fix502
