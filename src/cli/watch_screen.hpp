#pragma once

#include <map>
#include <string>
#include <vector>

#include "watch/watch.hpp"

namespace fix502 {

/// What a watch shows: lines as things happen on standard output (NDJSON with `json`), and on a terminal one that
/// lives.
class WatchScreen {
 public:
  explicit WatchScreen(bool json);
  ~WatchScreen();
  WatchScreen(const WatchScreen&) = delete;
  WatchScreen& operator=(const WatchScreen&) = delete;

  void tell(const WatchEvent& event);
  /// A line on standard error that does not run into the live one.
  void complain(const std::string& line);
  /// Draws the live line anew.
  void draw(const std::vector<Watched>& pages, std::chrono::steady_clock::time_point now, WallTime today);
  [[nodiscard]] bool is_live() const { return live_; }

 private:
  void erase() const;

  bool json_;
  bool live_;
  bool unicode_;
  int width_;
  std::map<std::string, std::string> said_;  ///< per page: what the last printed failure was
};

}  // namespace fix502
