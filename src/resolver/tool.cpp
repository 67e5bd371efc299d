// A server's own tool (unbound-control, rec_control ...): started without a shell, read line by line, bounded.

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
#include "resolver/fd.hpp"
#include "resolver/talk.hpp"

namespace fix502 {
namespace {

constexpr std::size_t kMaxKept = 256 * 1024;
constexpr std::size_t kMaxLine = 64 * 1024;
constexpr std::size_t kMaxError = 1024;

pid_t start(const std::vector<std::string>& command, int out, int error) {
  posix_spawn_file_actions_t actions;
  posix_spawn_file_actions_init(&actions);
  posix_spawn_file_actions_addopen(&actions, STDIN_FILENO, "/dev/null", O_RDONLY, 0);
  posix_spawn_file_actions_adddup2(&actions, out, STDOUT_FILENO);
  posix_spawn_file_actions_adddup2(&actions, error, STDERR_FILENO);
  std::vector<char*> pointers;
  for (const auto& word : command) pointers.push_back(const_cast<char*>(word.c_str()));
  pointers.push_back(nullptr);
  pid_t child = -1;
  if (posix_spawnp(&child, pointers[0], &actions, nullptr, pointers.data(), environ) != 0) child = -1;
  posix_spawn_file_actions_destroy(&actions);
  return child;
}

/// Cuts what came into lines and keeps those that are wanted.
class Lines {
 public:
  Lines(const std::function<bool(std::string_view)>& keep, std::string& kept) : keep_(keep), kept_(kept) {}

  void take(std::string_view bytes) {
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
    if (!line_.empty() && kept_.size() + line_.size() < kMaxKept && keep_(line_)) kept_.append(line_).append("\n");
    line_.clear();
  }

 private:
  const std::function<bool(std::string_view)>& keep_;
  std::string& kept_;
  std::string line_;
};

/// Both outputs until their ends; false when the deadline came first.
bool read_both(Fd& out, Fd& error, Lines& lines, std::string& errors, Moment deadline) {
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
        errors.append(bytes.substr(0, kMaxError - std::min(kMaxError, errors.size())));
    }
  }
  return true;
}

}  // namespace

ToolEnd run_tool(const std::vector<std::string>& command, const std::function<bool(std::string_view)>& keep,
                 Moment deadline) {
  ToolEnd end;
  std::array<int, 2> out{}, error{};
  if (command.empty() || pipe2(out.data(), O_CLOEXEC) != 0) return end;
  Fd out_read(out[0]), out_write(out[1]);
  if (pipe2(error.data(), O_CLOEXEC) != 0) return end;
  Fd error_read(error[0]), error_write(error[1]);
  const pid_t child = start(command, out_write.get(), error_write.get());
  out_write.reset();
  error_write.reset();
  if (child < 0) {
    end.error = command.front() + " is not installed";
    return end;
  }
  Lines lines(keep, end.output);
  std::string errors;
  const bool whole = read_both(out_read, error_read, lines, errors, deadline);
  lines.finish();
  if (!whole) kill(child, SIGKILL);
  int status = 0;
  while (waitpid(child, &status, 0) < 0 && errno == EINTR) continue;
  if (whole && WIFEXITED(status)) end.status = WEXITSTATUS(status);
  end.error = whole ? printable(trim(errors), 300) : "no answer in time";
  return end;
}

}  // namespace fix502
