#pragma once

// Picks the lines that may matter out of a block: one pass of a vectorised matcher over all patterns at once.

#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"
#include "logline/layout.hpp"

struct hs_database;
struct hs_scratch;

namespace fix502 {

class Scanner {
 public:
  /// Regular expressions of Hyperscan's dialect (PCRE without back references).
  [[nodiscard]] static Result<Scanner> compile(const std::vector<std::string>& patterns);

  /// What one thread needs beside the patterns.
  class Scratch {
   public:
    explicit Scratch(const Scanner& scanner);
    ~Scratch();
    Scratch(Scratch&& other) noexcept : scratch_(other.scratch_) { other.scratch_ = nullptr; }
    Scratch& operator=(Scratch&&) = delete;

   private:
    friend class Scanner;
    hs_scratch* scratch_ = nullptr;
  };

  /// Calls `found` with each line that holds a match, in order, each once.
  void scan(std::string_view block, Scratch& scratch, const std::function<void(std::string_view line)>& found) const;

 private:
  struct Free {
    void operator()(hs_database* database) const noexcept;
  };
  std::unique_ptr<hs_database, Free> database_;
};

/// A text as a pattern that matches it and nothing else.
[[nodiscard]] std::string literal_pattern(std::string_view text);

/// The patterns of every message and of every access log's failures, for files of any kind.
[[nodiscard]] std::vector<std::string> all_patterns();
/// Failures of common access logs, and what shows that a line is none of an access log.
[[nodiscard]] std::vector<std::string> access_patterns();
/// The same of one layout alone, which is quicker: a status of failure where the layout has the status.
[[nodiscard]] std::vector<std::string> layout_patterns(const Layout& layout);

}  // namespace fix502
