#include "headless/keeper.hpp"

#include <dirent.h>
#include <fcntl.h>
#include <poll.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <charconv>
#include <chrono>
#include <csignal>
#include <cstring>
#include <filesystem>
#include <utility>

namespace fix502 {
namespace {

using Clock = std::chrono::steady_clock;
using std::chrono::milliseconds;

/// For the keeper to end everything, before we go on without it. It goes on all the same.
constexpr int kWaitForKeeper = 6'000;

struct Pipe {
  int read = -1, write = -1;
  Pipe() {
    std::array<int, 2> ends{-1, -1};
    if (pipe2(ends.data(), O_CLOEXEC) == 0) read = ends[0], write = ends[1];
  }
  Pipe(const Pipe&) = delete;
  Pipe& operator=(const Pipe&) = delete;
  ~Pipe() {
    if (read >= 0) close(read);
    if (write >= 0) close(write);
  }
  [[nodiscard]] int take_read() { return std::exchange(read, -1); }
  [[nodiscard]] int take_write() { return std::exchange(write, -1); }
};

std::vector<char*> c_strings(const std::vector<std::string>& texts) {
  std::vector<char*> list;
  for (const auto& text : texts) list.push_back(const_cast<char*>(text.c_str()));
  list.push_back(nullptr);
  return list;
}

/// Closes every descriptor but the standard ones and these: another keeper's line, held open here, would never end it.
void keep_only(std::vector<int> kept) {
  std::ranges::sort(kept);
  unsigned first = STDERR_FILENO + 1;
  for (const int one : kept) {
    const auto number = static_cast<unsigned>(one);
    if (number > first) close_range(first, number - 1, 0);
    first = std::max(first, number + 1);
  }
  close_range(first, ~0U, 0);
}

/// Standard input and output lead nowhere, and errors as well unless somebody hears them.
void quiet(int errors, bool heard) {
  const int nowhere = open("/dev/null", O_RDWR);
  dup2(nowhere, STDIN_FILENO);
  dup2(nowhere, STDOUT_FILENO);
  dup2(heard ? errors : nowhere, STDERR_FILENO);
  if (nowhere > STDERR_FILENO) close(nowhere);
}

/// From the fork to the browser's own code. Descriptors 3 and 4 are its commands and answers.
[[noreturn]] void be_the_browser(char* const* command, char* const* environment, int commands, int answers) {
  setpgid(0, 0);
  prctl(PR_SET_PDEATHSIG, SIGKILL);
  // Out of the way first: either may be where the other has to go.
  const int low = fcntl(commands, F_DUPFD, 10);
  const int high = fcntl(answers, F_DUPFD, 10);
  dup2(low, 3);
  dup2(high, 4);
  close_range(5, ~0U, 0);
  execve(command[0], command, environment);
  _exit(127);
}

/// Every process whose parent is this one: what the browser left behind is handed to its reaper.
std::vector<pid_t> own_children() {
  std::vector<pid_t> children;
  DIR* processes = opendir("/proc");
  if (processes == nullptr) return children;
  while (const dirent* entry = readdir(processes)) {
    pid_t pid = 0;
    const char* end = entry->d_name + std::strlen(entry->d_name);
    if (std::from_chars(entry->d_name, end, pid).ptr != end || pid <= 0) continue;
    std::array<char, 512> text{};
    const int file = open(("/proc/" + std::string(entry->d_name) + "/stat").c_str(), O_RDONLY | O_CLOEXEC);
    if (file < 0) continue;
    const auto size = read(file, text.data(), text.size() - 1);
    close(file);
    // "pid (name) state parent ...": the name may hold anything, so the last bracket ends it.
    const char* at = size > 0 ? std::strrchr(text.data(), ')') : nullptr;
    pid_t parent = 0;
    if (at != nullptr && std::strlen(at) > 4) std::from_chars(at + 4, text.data() + size, parent);
    if (parent == getpid()) children.push_back(pid);
  }
  closedir(processes);
  return children;
}

/// True when the browser has ended within the time. Others that end meanwhile are collected as well.
bool wait_for(pid_t browser, milliseconds time, int line = -1) {
  const auto until = Clock::now() + time;
  for (;;) {
    for (pid_t ended = 0; (ended = waitpid(-1, nullptr, WNOHANG)) > 0;)
      if (ended == browser) return true;
    if (Clock::now() >= until) return false;
    pollfd watched{line, POLLIN, 0};
    poll(&watched, line >= 0 ? 1 : 0, 10);
    if (line >= 0 && watched.revents != 0) return false;
  }
}

void end_everything(pid_t browser, bool runs, milliseconds after_term) {
  if (runs && !wait_for(browser, milliseconds(0))) {
    kill(-browser, SIGTERM);
    wait_for(browser, after_term);
  }
  kill(-browser, SIGKILL);
  // What has left the browser's process group, until there is no child any more.
  for (int round = 0; round < 200; ++round) {
    for (const pid_t child : own_children()) kill(child, SIGKILL);
    while (waitpid(-1, nullptr, WNOHANG) > 0) {
    }
    if (waitpid(-1, nullptr, WNOHANG) < 0 && errno == ECHILD) return;
    poll(nullptr, 0, 5);
  }
}

/// The keeper's ends of the five pipes.
struct Ends {
  int line, commands, answers, errors, gone;
};

/// The keeper's whole life. It has a session of its own, so that a Ctrl-C for us is none for it.
[[noreturn]] void be_the_keeper(const Launch& launch, char* const* command, char* const* environment,
                                const std::string& folder, const Ends& ends) {
  setsid();
  prctl(PR_SET_CHILD_SUBREAPER, 1);
  for (const int signal : {SIGINT, SIGTERM, SIGHUP, SIGPIPE}) std::signal(signal, SIG_IGN);
  std::signal(SIGCHLD, SIG_DFL);
  keep_only({ends.line, ends.commands, ends.answers, ends.errors, ends.gone});
  quiet(ends.errors, launch.hear_errors);
  const pid_t browser = fork();
  if (browser == 0) {
    for (const int signal : {SIGINT, SIGTERM, SIGHUP, SIGPIPE}) std::signal(signal, SIG_DFL);
    be_the_browser(command, environment, ends.commands, ends.answers);
  }
  // Only the browser holds its ends now, so that we see when it is gone.
  for (const int mine : {ends.commands, ends.answers, ends.errors}) close(mine);
  quiet(ends.errors, false);
  bool ended = browser < 0;
  pollfd line{ends.line, POLLIN, 0};
  while (!ended && poll(&line, 1, 0) == 0) ended = wait_for(browser, milliseconds(1'000), ends.line);
  if (browser > 0) end_everything(browser, !ended, launch.after_term);
  std::error_code ignored;
  std::filesystem::remove_all(folder, ignored);
  close(ends.gone);
  _exit(0);
}

}  // namespace

Result<Keeper> Keeper::start(const Launch& launch, OwnFolder folder) {
  Pipe line, gone, commands, answers, errors;
  for (const Pipe* pipe : {&line, &gone, &commands, &answers, &errors})
    if (pipe->read < 0) return fail("no pipe could be made");
  // Made before the fork: between fork and exec nothing is allocated that need not be.
  const auto command = c_strings(launch.command);
  const auto environment = c_strings(launch.environment);
  const pid_t pid = fork();
  if (pid < 0) return fail("no process could be started");
  if (pid == 0) {
    be_the_keeper(launch, command.data(), environment.data(), folder.path(),
                  {line.read, commands.read, answers.write, errors.write, gone.write});
  }
  static_cast<void>(folder.hand_over());
  Keeper keeper;
  keeper.pid_ = pid;
  keeper.line_ = line.take_write();
  keeper.gone_ = gone.take_read();
  keeper.commands_ = commands.take_write();
  keeper.answers_ = answers.take_read();
  keeper.errors_ = errors.take_read();
  return keeper;
}

Keeper::Keeper(Keeper&& other) noexcept
    : pid_(std::exchange(other.pid_, -1)),
      line_(std::exchange(other.line_, -1)),
      gone_(std::exchange(other.gone_, -1)),
      commands_(std::exchange(other.commands_, -1)),
      answers_(std::exchange(other.answers_, -1)),
      errors_(std::exchange(other.errors_, -1)) {}

Keeper::~Keeper() {
  for (const int mine : {commands_, answers_, errors_})
    if (mine >= 0) close(mine);
  if (line_ >= 0) close(line_);
  if (pid_ > 0) {
    pollfd watched{gone_, POLLIN, 0};
    int waited = 0;
    do waited = poll(&watched, 1, kWaitForKeeper);
    while (waited < 0 && errno == EINTR);
    if (waited > 0) waitpid(pid_, nullptr, 0);
  }
  if (gone_ >= 0) close(gone_);
}

}  // namespace fix502
