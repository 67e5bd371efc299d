#pragma once

#include <map>
#include <string>
#include <vector>

#include "watch/watch.hpp"

namespace fix502 {

/// fix502.watch/1: one event as one object. `url`: how the page is to be called there.
[[nodiscard]] Json event_json(const WatchEvent& event, const std::string& url);
/// "https://shop.example/ works again after 6 min": one event for a person, without the time of day.
[[nodiscard]] std::string event_text(const WatchEvent& event, const std::string& url);

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
