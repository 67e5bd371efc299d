#include "remedy/unpin_hosts.hpp"

#include <fmt/format.h>

#include "base/text.hpp"
#include "target/target.hpp"

namespace fix502 {
namespace {

/// What glibc reads of a line: hosts(5), `#` anywhere starts a comment.
std::vector<std::string_view> columns(std::string_view line) {
  return words(line.substr(0, line.find('#')));
}

bool names(const std::vector<std::string_view>& column, std::string_view name) {
  if (column.size() < 2 || (!is_ipv4(column[0]) && !is_ipv6(column[0]))) return false;
  for (std::size_t i = 1; i < column.size(); ++i)
    if (equals_ignoring_case(column[i], name)) return true;
  return false;
}

/// The line as a comment, and what is left of it for its other names.
std::string unpinned(std::string_view line, const std::vector<std::string_view>& column, std::string_view name,
                     std::string_view ending) {
  std::string rest;
  for (std::size_t i = 1; i < column.size(); ++i)
    if (!equals_ignoring_case(column[i], name)) rest += " " + std::string(column[i]);
  std::string text = fmt::format("# fix502: {}{}", line, ending);
  if (!rest.empty()) text += fmt::format("{}{}{}", column[0], rest, ending.empty() ? "" : "\n");
  if (!rest.empty() && ending.empty()) text.insert(text.size() - column[0].size() - rest.size(), "\n");
  return text;
}

}  // namespace

Work unpin_hosts(const std::string& path, std::string_view text, std::string_view name) {
  Work work;
  std::string bytes, lines;
  int number = 0;
  while (!text.empty()) {
    const auto end = text.find('\n');
    const auto line = text.substr(0, end);
    const auto ending = text.substr(line.size(), end == text.npos ? 0 : 1);
    text.remove_prefix(line.size() + ending.size());
    ++number;
    const auto column = columns(line);
    if (names(column, name)) {
      lines += fmt::format("{}{}", lines.empty() ? "" : ", ", number);
      bytes += unpinned(line, column, name, ending);
    } else {
      bytes += fmt::format("{}{}", line, ending);
    }
  }
  const std::string shown = printable(name, 253);
  if (equals_ignoring_case(name, "localhost")) {
    work.nothing = "localhost belongs into the hosts file";
  } else if (lines.empty()) {
    work.nothing = fmt::format("{} does not name {}", path, shown);
  } else {
    const bool one = lines.find(',') == lines.npos;
    work.steps.push_back(
        {fmt::format("comment out line{} {} of {}, which pin{} {}", one ? "" : "s", lines, path, one ? "s" : "", shown),
         Risk::this_machine, WriteFile{.path = path, .bytes = std::move(bytes)}});
  }
  return work;
}

}  // namespace fix502
