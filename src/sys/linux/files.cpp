#include "sys/linux/files.hpp"

#include <fcntl.h>
#include <poll.h>
#include <spawn.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <csignal>

namespace fix502 {
namespace {

constexpr std::size_t kMaxOutput = 64 * 1024;

/// A descriptor that is closed with its owner.
class Descriptor {
 public:
  explicit Descriptor(int number) : number_(number) {}
  Descriptor(const Descriptor&) = delete;
  Descriptor& operator=(const Descriptor&) = delete;
  ~Descriptor() {
    if (number_ >= 0) close(number_);
  }
  [[nodiscard]] int get() const { return number_; }

 private:
  int number_;
};

/// Appends what can be read at once; false at the end or at an error.
bool read_some(int descriptor, std::string& text, std::size_t limit) {
  std::array<char, 16 * 1024> buffer{};
  const auto wanted = std::min(buffer.size(), limit - text.size());
  const auto size = wanted == 0 ? 0 : read(descriptor, buffer.data(), wanted);
  if (size <= 0) return false;
  text.append(buffer.data(), static_cast<std::size_t>(size));
  return true;
}

/// The started command with its output on `out`; -1 where it cannot be started.
pid_t start(const std::vector<std::string>& command, int out) {
  posix_spawn_file_actions_t actions;
  posix_spawn_file_actions_init(&actions);
  posix_spawn_file_actions_addopen(&actions, STDIN_FILENO, "/dev/null", O_RDONLY, 0);
  posix_spawn_file_actions_addopen(&actions, STDERR_FILENO, "/dev/null", O_WRONLY, 0);
  posix_spawn_file_actions_adddup2(&actions, out, STDOUT_FILENO);
  std::vector<char*> words;
  for (const auto& word : command) words.push_back(const_cast<char*>(word.c_str()));
  words.push_back(nullptr);
  pid_t child = -1;
  if (posix_spawnp(&child, words[0], &actions, nullptr, words.data(), environ) != 0) child = -1;
  posix_spawn_file_actions_destroy(&actions);
  return child;
}

}  // namespace

std::string read_text(const std::filesystem::path& path, std::size_t limit) {
  const Descriptor file(open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK));
  struct stat about{};
  if (file.get() < 0 || fstat(file.get(), &about) != 0 || !S_ISREG(about.st_mode)) return {};
  std::string text;
  while (read_some(file.get(), text, limit)) continue;
  return text;
}

std::string output_of(const std::vector<std::string>& command, std::chrono::milliseconds timeout) {
  const auto deadline = std::chrono::steady_clock::now() + timeout;
  std::array<int, 2> ends{};
  if (command.empty() || pipe2(ends.data(), O_CLOEXEC) != 0) return {};
  const Descriptor read_end(ends[0]);
  pid_t child = -1;
  {
    const Descriptor write_end(ends[1]);
    child = start(command, write_end.get());
  }
  if (child < 0) return {};
  std::string text;
  bool ended = false;
  while (!ended) {
    const auto left = std::chrono::ceil<std::chrono::milliseconds>(deadline - std::chrono::steady_clock::now());
    pollfd waiting{read_end.get(), POLLIN, 0};
    if (left.count() <= 0 || poll(&waiting, 1, static_cast<int>(left.count())) <= 0) break;
    ended = !read_some(read_end.get(), text, kMaxOutput);
  }
  if (!ended) kill(child, SIGKILL);
  int status = 0;
  // A command that has closed its output is about to end; one that was killed has ended.
  waitpid(child, &status, 0);
  return ended && WIFEXITED(status) && WEXITSTATUS(status) == 0 ? text : std::string();
}

}  // namespace fix502
