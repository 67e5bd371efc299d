#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "resolver/talk.hpp"

namespace fix502 {

/// What gives back what a flush takes: a command, and what it reads.
struct Restore {
  std::vector<std::string> words;  ///< empty: this program gives nothing back, or it held nothing
  std::string input;
};

/// Of one of ResolverCache's `flush` commands, before it is carried out. Of the six, unbound alone can.
[[nodiscard]] Restore restore_of(const std::vector<std::string>& flush, Moment deadline);

/// Keeps what unbound-control(8) load_cache needs for a name out of the lines of dump_cache. Pure.
class RecordKeeper {
 public:
  explicit RecordKeeper(std::string_view name) : name_(name) {}
  void take(std::string_view line);
  /// Empty where there was none.
  [[nodiscard]] std::string text() const;

 private:
  std::string name_;
  std::string header_;  ///< ";rrset ...", not written yet
  std::string kept_;
};

}  // namespace fix502
