#include "owner/proc_texts.hpp"

#include <algorithm>
#include <charconv>

#include "base/text.hpp"

namespace fix502 {
namespace {

constexpr std::size_t kMostWords = 10'000;

template <typename T>
std::optional<T> number(std::string_view text) {
  T value{};
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc{} || end != text.data() + text.size()) return std::nullopt;
  return value;
}

}  // namespace

std::vector<std::string> nul_separated(std::string_view bytes) {
  std::vector<std::string> parts;
  while (!bytes.empty() && parts.size() < kMostWords) {
    const auto end = std::min(bytes.find('\0'), bytes.size());
    parts.emplace_back(bytes.substr(0, end));
    bytes.remove_prefix(std::min(end + 1, bytes.size()));
  }
  return parts;
}

bool read_proc_stat(std::string_view text, RunningProgram& program) {
  const auto open = text.find('('), close = text.rfind(')');
  if (open == text.npos || close == text.npos || close < open) return false;
  program.name = text.substr(open + 1, close - open - 1);
  // Behind the name: state, parent ... and as the 22nd field of the whole the start.
  const auto fields = words(text.substr(close + 1));
  constexpr std::size_t kParent = 1, kStart = 19;
  if (fields.size() <= kStart) return false;
  program.parent = number<int>(fields[kParent]).value_or(0);
  program.started = number<std::uint64_t>(fields[kStart]).value_or(0);
  return true;
}

void read_proc_status(std::string_view text, RunningProgram& program) {
  for (const auto line : split(text, '\n')) {
    const auto fields = words(line);
    // "Uid: real effective saved file"
    if (fields.size() >= 3 && fields[0] == "Uid:") program.user = number<unsigned>(fields[2]).value_or(0);
    if (fields.size() >= 3 && fields[0] == "Gid:") program.group = number<unsigned>(fields[2]).value_or(0);
    if (fields.empty() || fields[0] != "Groups:") continue;
    program.groups.clear();
    for (std::size_t i = 1; i < fields.size(); ++i)
      if (const auto group = number<unsigned>(fields[i])) program.groups.push_back(*group);
  }
}

std::optional<std::uint64_t> open_file_limit(std::string_view text) {
  constexpr std::string_view kRow = "Max open files";
  for (const auto line : split(text, '\n')) {
    if (!line.starts_with(kRow)) continue;
    const auto fields = words(line.substr(kRow.size()));
    return fields.empty() ? std::nullopt : number<std::uint64_t>(fields[0]);
  }
  return std::nullopt;
}

std::string unit_in_cgroup(std::string_view text) {
  std::string unit;
  for (const auto line : split(text, '\n')) {
    const auto first = line.find(':');
    const auto second = first == line.npos ? first : line.find(':', first + 1);
    if (second == line.npos) continue;
    const auto controller = line.substr(first + 1, second - first - 1);
    if (!controller.empty() && controller != "name=systemd") continue;
    for (const auto part : split(line.substr(second + 1), '/'))
      if (part.ends_with(".service") || part.ends_with(".scope")) unit = part;
  }
  return printable(unit, 200);
}

std::pair<std::string, std::string> memory_cgroup(std::string_view text) {
  std::pair<std::string, std::string> found;
  for (const auto line : split(text, '\n')) {
    const auto first = line.find(':');
    const auto second = first == line.npos ? first : line.find(':', first + 1);
    if (second == line.npos) continue;
    const auto controllers = split(line.substr(first + 1, second - first - 1), ',');
    const std::string path(line.substr(second + 1));
    if (path.contains("..")) continue;
    if (std::ranges::find(controllers, "memory") != controllers.end()) return {"memory", path};
    if (line.starts_with("0::")) found = {"", path};
  }
  return found;
}

std::optional<std::uint64_t> counter_in(std::string_view text, std::string_view group, std::string_view name) {
  const auto lines = split(text, '\n');
  for (std::size_t i = 0; i + 1 < lines.size(); ++i) {
    if (!lines[i].starts_with(group) || !lines[i + 1].starts_with(group)) continue;
    const auto names = words(lines[i]), numbers = words(lines[i + 1]);
    const auto found = std::ranges::find(names, name);
    const auto at = static_cast<std::size_t>(found - names.begin());
    if (found == names.end() || at >= numbers.size()) return std::nullopt;
    return number<std::uint64_t>(numbers[at]);
  }
  return std::nullopt;
}

std::optional<std::uint64_t> keyed_number(std::string_view text, std::string_view key) {
  for (const auto line : split(text, '\n')) {
    const auto fields = words(line);
    if (fields.size() == 2 && fields[0] == key) return number<std::uint64_t>(fields[1]);
  }
  return std::nullopt;
}

std::optional<std::uint64_t> ports_in_range(std::string_view text) {
  const auto fields = words(text);
  if (fields.size() != 2) return std::nullopt;
  const auto first = number<std::uint64_t>(fields[0]), last = number<std::uint64_t>(fields[1]);
  if (!first || !last || *first > *last || *last > 65'535) return std::nullopt;
  return *last - *first + 1;
}

}  // namespace fix502
