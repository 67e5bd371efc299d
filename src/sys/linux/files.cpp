#include "sys/linux/files.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <array>

#include "sys/linux/fd.hpp"
#include "sys/linux/tool.hpp"

namespace fix502 {
namespace {

constexpr std::size_t kMaxOutput = 64 * 1024;

/// Appends what can be read at once; false at the end or at an error.
bool read_some(int descriptor, std::string& text, std::size_t limit) {
  std::array<char, 16 * 1024> buffer{};
  const auto wanted = std::min(buffer.size(), limit - text.size());
  const auto size = wanted == 0 ? 0 : read(descriptor, buffer.data(), wanted);
  if (size <= 0) return false;
  text.append(buffer.data(), static_cast<std::size_t>(size));
  return true;
}

}  // namespace

std::string read_text(const std::filesystem::path& path, std::size_t limit) {
  const Fd file(open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK));
  struct stat about{};
  if (file.get() < 0 || fstat(file.get(), &about) != 0 || !S_ISREG(about.st_mode)) return {};
  std::string text;
  while (read_some(file.get(), text, limit)) continue;
  return text;
}

std::string output_of(const std::vector<std::string>& command, std::chrono::milliseconds timeout) {
  const ToolEnd end = run_program(
      {.words = command, .most_output = kMaxOutput}, [](std::string_view) { return true; },
      std::chrono::steady_clock::now() + timeout);
  return end.status == 0 ? end.output : std::string();
}

}  // namespace fix502
