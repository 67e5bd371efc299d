#include <fcntl.h>
#include <signal.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>

#include "logs/bytes.hpp"

namespace fix502 {
namespace {

/// A file was truncated while it was mapped: what was read of it is gone, and so is the report.
void on_truncated(int) {
  constexpr char kText[] = "fix502: a log was cut short while it was read; try again\n";
  [[maybe_unused]] const auto written = write(STDERR_FILENO, kText, sizeof kText - 1);
  _exit(2);
}

void explain_truncation() {
  static const bool kOnce = [] {
    struct sigaction action{};
    action.sa_handler = on_truncated;
    return sigaction(SIGBUS, &action, nullptr) == 0;
  }();
  (void)kOnce;
}

}  // namespace

void Window::release() {
  if (base_ != nullptr) munmap(base_, length_);
  base_ = nullptr;
}

std::unique_ptr<MappedLines> MappedLines::open(const std::string& path, std::uint64_t offset) {
  const int descriptor = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
  if (descriptor < 0) return nullptr;
  struct stat status{};
  if (fstat(descriptor, &status) != 0 || !S_ISREG(status.st_mode) ||
      offset > static_cast<std::uint64_t>(status.st_size)) {
    close(descriptor);
    return nullptr;
  }
  explain_truncation();
  return std::unique_ptr<MappedLines>(new MappedLines(descriptor, offset, static_cast<std::uint64_t>(status.st_size)));
}

MappedLines::~MappedLines() {
  close(descriptor_);
}

bool MappedLines::next(std::string_view& lines, Window& window, std::size_t size) {
  const auto page = static_cast<std::uint64_t>(sysconf(_SC_PAGESIZE));
  while (at_ < end_) {
    const std::uint64_t from = at_ / page * page;
    const std::size_t length = static_cast<std::size_t>(std::min<std::uint64_t>(end_ - from, size + page));
    void* base = mmap(nullptr, length, PROT_READ, MAP_SHARED | MAP_POPULATE, descriptor_, static_cast<off_t>(from));
    if (base == MAP_FAILED) return false;
    window = Window(base, length);
    std::string_view text(static_cast<const char*>(base), length);
    text.remove_prefix(static_cast<std::size_t>(at_ - from));
    const bool last = from + length == end_;
    if (skipping_) {
      const auto newline = text.find('\n');
      at_ += newline == text.npos ? text.size() : newline + 1;
      skipping_ = newline == text.npos;
      continue;
    }
    const auto newline = text.rfind('\n');
    if (newline == text.npos && !last) {  // no line is that long: its head is kept
      ++huge_;
      skipping_ = true;
      at_ += text.size();
      lines = text;
      return true;
    }
    if (!last) text = text.substr(0, newline + 1);
    at_ += text.size();
    lines = text;
    return true;
  }
  return false;
}

}  // namespace fix502
