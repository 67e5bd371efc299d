#pragma once

// The page's own files, compiled in (cmake/page.cmake) or, for whoever works on them, from a folder.

#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"
#include "serve/http.hpp"

namespace fix502 {

/// As cmake/page.cmake lists them, and as they stand in the program.
struct EmbeddedFile {
  std::string_view path;  ///< "/app.js"
  std::string_view bytes;
};
[[nodiscard]] const std::vector<EmbeddedFile>& embedded_files();

class Assets {
 public:
  /// `folder` empty: those compiled in.
  explicit Assets(std::string folder);

  /// Null where there is no such file. `path` is decoded, and "/" is "/index.html".
  [[nodiscard]] std::optional<Reply> reply(const Request& request) const;

 private:
  struct File {
    std::string path, type, tag;
    std::string_view bytes;
    std::string packed;  ///< gzip; empty where that is no smaller
  };
  [[nodiscard]] std::optional<Reply> from_folder(std::string_view path) const;

  std::string folder_;
  std::vector<File> files_;
};

/// "text/html; charset=utf-8"; empty where the ending is not one that is served.
[[nodiscard]] std::string_view media_type(std::string_view path);

}  // namespace fix502
