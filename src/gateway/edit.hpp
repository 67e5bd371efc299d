#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "base/fields.hpp"
#include "base/result.hpp"

namespace fix502 {

/// Bytes of one file that others take the place of. begin == end: an insertion.
struct Edit {
  std::string file;
  std::uint64_t begin = 0, end = 0;
  std::string text;

  bool operator==(const Edit&) const = default;
  static constexpr void fields(auto&& field) {
    field("file", &Edit::file);
    field("begin", &Edit::begin);
    field("end", &Edit::end);
    field("text", &Edit::text);
  }
};

using FileTexts = std::map<std::string, std::string>;  ///< path -> bytes

/// The files that the edits change, as they are afterwards. An error where two overlap, or one lies outside its file.
[[nodiscard]] Result<FileTexts> apply_edits(const FileTexts& files, const std::vector<Edit>& edits);

/// A unified diff (three lines of context, `--- path`, `+++ path`), the files in order of their paths; empty where
/// nothing differs.
[[nodiscard]] std::string unified_diff(const FileTexts& before, const FileTexts& after);

/// An insertion of a line of its own, indented like the line at `like` (an offset in the file), before or behind that
/// line, with that line's ending.
[[nodiscard]] Edit insert_line(const std::string& file, std::string_view text, std::uint64_t like, bool behind,
                               std::string_view line);

}  // namespace fix502
