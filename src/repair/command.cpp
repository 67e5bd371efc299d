#include "repair/command.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <spawn.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <cstring>

#include "base/text.hpp"
#include "repair/descriptor.hpp"
#include "sys/linux/default_signals.hpp"

namespace fix502 {
namespace {

std::string shown(const std::vector<std::string>& words) {
  std::string line;
  for (const auto& word : words) line += (line.empty() ? "" : " ") + shell_quoted(word);
  return line;
}

bool on_path(std::string_view program) {
  const char* path = std::getenv("PATH");
  for (const auto folder : split(path == nullptr ? "/usr/bin:/bin" : path, ':'))
    if (access(fmt::format("{}/{}", folder, program).c_str(), X_OK) == 0) return true;
  return false;
}

/// The bytes as a file in memory, to be read from its begin; none for none.
Result<Descriptor> file_of(std::string_view bytes) {
  if (bytes.empty()) return Descriptor();
  Descriptor file(memfd_create("input", MFD_CLOEXEC));
  while (file && !bytes.empty()) {
    const auto written = write(file.get(), bytes.data(), bytes.size());
    if (written <= 0) return fail(std::strerror(errno), "what a command reads");
    bytes.remove_prefix(static_cast<std::size_t>(written));
  }
  if (!file || lseek(file.get(), 0, SEEK_SET) != 0) return fail(std::strerror(errno), "what a command reads");
  return file;
}

}  // namespace

Result<std::vector<std::string>> with_rights(const Command& command) {
  std::vector<std::string> words = command.words;
  if (!command.as_root || geteuid() == 0) return words;
  // sudo asks on the terminal; pkexec by a window of the desktop.
  if (isatty(STDIN_FILENO) != 0 && on_path("sudo"))
    words.insert(words.begin(), {"sudo", "--"});
  else if (on_path("pkexec") && std::getenv("DBUS_SESSION_BUS_ADDRESS") != nullptr)
    words.insert(words.begin(), "pkexec");
  else if (on_path("sudo"))
    words.insert(words.begin(), {"sudo", "-n", "--"});
  else
    return fail("needs root, and neither sudo nor pkexec is here; run it as root", shown(words));
  return words;
}

bool may_become_root() {
  Command any;
  any.words = {"true"};
  any.as_root = true;
  return with_rights(any).has_value();
}

Result<void> run_shown(const Command& command) {
  const auto words = with_rights(command);
  if (!words) return std::unexpected(words.error());
  if (words->empty()) return fail("there is no command to run");
  const std::string line = shown(*words);
  std::fflush(nullptr);
  if (*words != command.words) fmt::print(stderr, "$ {}\n", printable(line, 2000));
  posix_spawn_file_actions_t actions;
  posix_spawn_file_actions_init(&actions);
  // Standard output is the report's alone.
  posix_spawn_file_actions_adddup2(&actions, STDERR_FILENO, STDOUT_FILENO);
  const auto input = file_of(command.input);
  if (!input) return std::unexpected(input.error());
  if (*input) posix_spawn_file_actions_adddup2(&actions, input->get(), STDIN_FILENO);
  std::vector<char*> pointers;
  for (const auto& word : *words) pointers.push_back(const_cast<char*>(word.c_str()));
  pointers.push_back(nullptr);
  const DefaultSignals signals;
  pid_t child = -1;
  const int error = posix_spawnp(&child, pointers[0], &actions, signals.get(), pointers.data(), environ);
  posix_spawn_file_actions_destroy(&actions);
  if (error != 0) return fail(fmt::format("cannot run it ({})", std::strerror(error)), line);
  int status = 0;
  while (waitpid(child, &status, 0) < 0)
    if (errno != EINTR) return fail(std::strerror(errno), line);
  if (WIFEXITED(status) && WEXITSTATUS(status) == 0) return {};
  return fail(WIFEXITED(status) ? fmt::format("it failed with status {}", WEXITSTATUS(status))
                                : fmt::format("it was ended by signal {}", WTERMSIG(status)),
              line);
}

}  // namespace fix502
