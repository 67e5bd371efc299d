#include "gateway/edit.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace fix502 {
namespace {

std::vector<std::string_view> lines_of(std::string_view text) {
  std::vector<std::string_view> lines;
  while (!text.empty()) {
    const auto end = std::min(text.find('\n'), text.size() - 1) + 1;
    lines.push_back(text.substr(0, end));
    text.remove_prefix(end);
  }
  return lines;
}

/// One stretch that differs: lines [a, a_end) become [b, b_end).
struct Hunk {
  std::size_t a = 0, a_end = 0, b = 0, b_end = 0;
};

/// Edits are few and local: what is equal at both ends is cut off, and the rest is matched line by line. A table of
/// n*m cells is only made where it is small; beyond that the middle counts as one stretch.
std::vector<Hunk> hunks_of(const std::vector<std::string_view>& a, const std::vector<std::string_view>& b) {
  std::size_t head = 0;
  while (head < a.size() && head < b.size() && a[head] == b[head]) ++head;
  std::size_t tail = 0;
  while (tail + head < a.size() && tail + head < b.size() && a[a.size() - 1 - tail] == b[b.size() - 1 - tail]) ++tail;
  const std::size_t n = a.size() - head - tail, m = b.size() - head - tail;
  if (n == 0 && m == 0) return {};
  if (n * m > 4'000'000 || n == 0 || m == 0) return {{head, head + n, head, head + m}};

  std::vector<std::uint32_t> common((n + 1) * (m + 1), 0);
  const auto at = [&](std::size_t i, std::size_t j) -> std::uint32_t& { return common[i * (m + 1) + j]; };
  for (std::size_t i = n; i-- > 0;)
    for (std::size_t j = m; j-- > 0;)
      at(i, j) = a[head + i] == b[head + j] ? at(i + 1, j + 1) + 1 : std::max(at(i + 1, j), at(i, j + 1));

  std::vector<Hunk> hunks;
  std::size_t i = 0, j = 0;
  while (i < n || j < m) {
    if (i < n && j < m && a[head + i] == b[head + j]) {
      ++i, ++j;
      continue;
    }
    Hunk hunk{head + i, head + i, head + j, head + j};
    while ((i < n || j < m) && !(i < n && j < m && a[head + i] == b[head + j])) {
      if (j >= m || (i < n && at(i + 1, j) >= at(i, j + 1)))
        ++i;
      else
        ++j;
    }
    hunk.a_end = head + i, hunk.b_end = head + j;
    hunks.push_back(hunk);
  }
  return hunks;
}

constexpr std::size_t kContext = 3;

void put_line(std::string& out, char mark, std::string_view line) {
  out += mark;
  out += line;
  if (!line.ends_with('\n')) out += "\n\\ No newline at end of file\n";
}

std::string range(std::size_t start, std::size_t count) {
  return count == 1 ? fmt::format("{}", start + 1) : fmt::format("{},{}", count == 0 ? start : start + 1, count);
}

std::string file_diff(const std::string& path, std::string_view before, std::string_view after) {
  const auto a = lines_of(before), b = lines_of(after);
  const auto hunks = hunks_of(a, b);
  if (hunks.empty()) return {};
  std::string out = fmt::format("--- {0}\n+++ {0}\n", path);
  for (std::size_t first = 0; first < hunks.size();) {
    std::size_t last = first;
    while (last + 1 < hunks.size() && hunks[last + 1].a - hunks[last].a_end <= 2 * kContext) ++last;
    const std::size_t lead = std::min(kContext, hunks[first].a);
    const std::size_t trail = std::min(kContext, a.size() - hunks[last].a_end);
    const std::size_t from_a = hunks[first].a - lead, from_b = hunks[first].b - lead;
    out += fmt::format("@@ -{} +{} @@\n", range(from_a, hunks[last].a_end + trail - from_a),
                       range(from_b, hunks[last].b_end + trail - from_b));
    std::size_t at = from_a;
    for (std::size_t k = first; k <= last; ++k) {
      for (; at < hunks[k].a; ++at) put_line(out, ' ', a[at]);
      for (; at < hunks[k].a_end; ++at) put_line(out, '-', a[at]);
      for (std::size_t j = hunks[k].b; j < hunks[k].b_end; ++j) put_line(out, '+', b[j]);
    }
    for (std::size_t k = 0; k < trail; ++k, ++at) put_line(out, ' ', a[at]);
    first = last + 1;
  }
  return out;
}

}  // namespace

Result<FileTexts> apply_edits(const FileTexts& files, const std::vector<Edit>& edits) {
  std::map<std::string, std::vector<Edit>> by_file;
  for (const auto& edit : edits) by_file[edit.file].push_back(edit);
  FileTexts changed;
  for (auto& [path, some] : by_file) {
    const auto file = files.find(path);
    if (file == files.end()) return fail("a change to a file that was not read", path);
    std::ranges::stable_sort(some, {}, &Edit::begin);
    std::string text;
    std::uint64_t at = 0;
    for (const auto& edit : some) {
      if (edit.begin > edit.end || edit.end > file->second.size()) return fail("a change outside its file", path);
      if (edit.begin < at) return fail("two changes of the same bytes", path);
      text.append(file->second, at, edit.begin - at);
      text += edit.text;
      at = edit.end;
    }
    text.append(file->second, at);
    changed[path] = std::move(text);
  }
  return changed;
}

std::string unified_diff(const FileTexts& before, const FileTexts& after) {
  std::string out;
  for (const auto& [path, text] : after) {
    const auto old = before.find(path);
    out += file_diff(path, old == before.end() ? std::string_view() : std::string_view(old->second), text);
  }
  return out;
}

Edit insert_line(const std::string& file, std::string_view text, std::uint64_t like, bool behind,
                 std::string_view line) {
  const auto offset = std::min<std::size_t>(like, text.size());
  const auto before = text.substr(0, offset).rfind('\n');
  const std::size_t start = before == std::string_view::npos ? 0 : before + 1;
  const std::size_t indent = std::min(text.find_first_not_of(" \t", start), text.size());
  auto end = text.find('\n', offset);
  const bool unended = end == std::string_view::npos;
  end = unended ? text.size() : end + 1;
  const std::string_view ending = !unended && end >= 2 && text[end - 2] == '\r' ? "\r\n" : "\n";
  const std::string indented = std::string(text.substr(start, indent - start)) + std::string(line);
  if (!behind) return {file, start, start, indented + std::string(ending)};
  return {file, end, end, unended ? std::string(ending) + indented : indented + std::string(ending)};
}

}  // namespace fix502
