#pragma once

// Which lines of a series may matter: the quickest way to find them that its shape allows. One for all threads.

#include <functional>
#include <memory>
#include <optional>
#include <string_view>

#include "logs/plan.hpp"
#include "logs/quick_scan.hpp"
#include "logs/scanner.hpp"

namespace fix502 {

class LineFinder {
 public:
  explicit LineFinder(const LogSeries& series);

  /// What one thread needs beside it.
  class Scratch {
   public:
    explicit Scratch(const LineFinder& finder);

   private:
    friend class LineFinder;
    std::optional<Scanner::Scratch> scratch_;
  };
  /// Calls `found` with each line that may matter, in order, each once.
  void find(std::string_view block, Scratch& scratch, const std::function<void(std::string_view line)>& found) const;

 private:
  std::optional<QuickScan> quick_;
  std::unique_ptr<const Scanner> own_;  // of a layout that is not among the known ones
  const Scanner* scanner_ = nullptr;    // `own_` or one that all share; null where `quick_` does
};

}  // namespace fix502
