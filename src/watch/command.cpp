#include "watch/command.hpp"

#include <fcntl.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <boost/asio/redirect_error.hpp>
#include <boost/asio/signal_set.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <cstring>

#include "sys/linux/default_signals.hpp"

extern char** environ;

namespace fix502 {
namespace {

namespace asio = boost::asio;

/// What posix_spawn wants, for as long as one call takes.
class Spawning {
 public:
  explicit Spawning(int output) {
    posix_spawn_file_actions_init(&files_);
    posix_spawn_file_actions_addopen(&files_, STDIN_FILENO, "/dev/null", O_RDONLY, 0);
    if (output != STDOUT_FILENO) posix_spawn_file_actions_adddup2(&files_, output, STDOUT_FILENO);
    posix_spawn_file_actions_addclosefrom_np(&files_, STDERR_FILENO + 1);
  }
  Spawning(const Spawning&) = delete;
  Spawning& operator=(const Spawning&) = delete;
  ~Spawning() { posix_spawn_file_actions_destroy(&files_); }
  /// 0, or why not.
  int start(pid_t& child, const std::string& command, std::vector<std::string>& environment) {
    std::string name = "sh", option = "-c", text = command;
    char* arguments[] = {name.data(), option.data(), text.data(), nullptr};
    std::vector<char*> variables;
    variables.reserve(environment.size() + 1);
    for (auto& variable : environment) variables.push_back(variable.data());
    variables.push_back(nullptr);
    return posix_spawn(&child, "/bin/sh", &files_, signals_.get(), arguments, variables.data());
  }

 private:
  posix_spawn_file_actions_t files_{};
  DefaultSignals signals_;
};

/// The process's number, to be seen for as long as there is such a process.
class Shown {
 public:
  Shown(pid_t* where, pid_t process) : where_(where) { set(process); }
  ~Shown() { set(0); }
  Shown(const Shown&) = delete;
  Shown& operator=(const Shown&) = delete;

 private:
  void set(pid_t process) {
    if (where_ != nullptr) *where_ = process;
  }
  pid_t* where_;
};

std::vector<std::string> environment_with(const std::vector<std::pair<std::string, std::string>>& variables) {
  std::vector<std::string> all;
  for (const auto& [name, value] : variables) all.push_back(name + "=" + value);
  for (char** one = environ; *one != nullptr; ++one)
    if (std::strncmp(*one, "FIX502_", 7) != 0) all.emplace_back(*one);
  return all;
}

}  // namespace

Task<Result<int>> run_command(asio::io_context& loop, std::string command,
                              std::vector<std::pair<std::string, std::string>> variables, int output, pid_t* process) {
  // Heard from before the child is there: its end cannot be missed.
  asio::signal_set ended(loop, SIGCHLD);
  std::vector<std::string> environment = environment_with(variables);
  pid_t child = -1;
  if (const int reason = Spawning(output).start(child, command, environment); reason != 0)
    co_return fail(std::string("cannot run it: ") + std::strerror(reason), "/bin/sh");
  const Shown shown(process, child);
  while (true) {
    int status = 0;
    const pid_t found = waitpid(child, &status, WNOHANG);
    if (found == child) co_return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
    if (found < 0) co_return fail(std::string("lost sight of it: ") + std::strerror(errno), "/bin/sh");
    boost::system::error_code ignored;
    co_await ended.async_wait(asio::redirect_error(asio::use_awaitable, ignored));
  }
}

}  // namespace fix502
