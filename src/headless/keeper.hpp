#pragma once

// A browser and everything that it starts, under a keeper: a small process of ours that is the reaper of all of them
// (PR_SET_CHILD_SUBREAPER, prctl(2)). When its line to us closes, be it that we are done, were interrupted or were
// killed, it ends the browser, then whatever is left of it, removes the browser's folder and is gone itself.

#include <chrono>
#include <string>
#include <utility>
#include <vector>

#include "base/result.hpp"

namespace fix502 {

/// A folder of our own under $TMPDIR, readable by us alone. Removed again with all that is in it, unless handed over.
class OwnFolder {
 public:
  static Result<OwnFolder> make();
  OwnFolder(OwnFolder&& other) noexcept;
  OwnFolder& operator=(OwnFolder&&) = delete;
  ~OwnFolder();

  [[nodiscard]] const std::string& path() const { return path_; }
  [[nodiscard]] std::string hand_over() { return std::exchange(path_, {}); }

 private:
  explicit OwnFolder(std::string path) : path_(std::move(path)) {}
  std::string path_;
};

struct Launch {
  std::vector<std::string> command;      ///< the program's path and its arguments
  std::vector<std::string> environment;  ///< "NAME=value", the whole of it
  bool hear_errors = false;              ///< else its standard error leads nowhere
  /// From SIGTERM to SIGKILL, where it did not close by itself before; a throw-away profile has nothing to lose.
  std::chrono::milliseconds after_term{300};
};

class Keeper {
 public:
  /// Starts the browser; the folder is the keeper's from here on.
  static Result<Keeper> start(const Launch& launch, OwnFolder folder);
  Keeper(Keeper&& other) noexcept;
  Keeper& operator=(Keeper&&) = delete;
  /// Ends it, SIGTERM first, and waits until nothing is left.
  ~Keeper();

  /// Descriptors for the caller to take over and to close: the browser's 3 and 4, and what it says on standard error.
  [[nodiscard]] int take_commands() { return std::exchange(commands_, -1); }
  [[nodiscard]] int take_answers() { return std::exchange(answers_, -1); }
  [[nodiscard]] int take_errors() { return std::exchange(errors_, -1); }
  [[nodiscard]] int pid() const { return pid_; }  ///< of the keeper

 private:
  Keeper() = default;
  int pid_ = -1;
  int line_ = -1;  ///< the keeper ends everything when it closes
  int gone_ = -1;  ///< closes when the keeper is gone
  int commands_ = -1, answers_ = -1, errors_ = -1;
};

}  // namespace fix502
