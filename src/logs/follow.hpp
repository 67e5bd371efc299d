#pragma once

// What is appended to logs while they are rotated and truncated under us: each line once.

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "logs/plan.hpp"

namespace fix502 {

/// Follows one log through its rotations.
class Follower {
 public:
  /// `path` is the name that the log is written under; reading starts at `offset` of the file that has it now.
  Follower(std::string path, std::uint64_t offset);

  /// Hands on what has been written since, as whole lines; false where there was nothing.
  bool poll(const std::function<void(std::string_view lines)>& take);
  /// The same once more, and what was not whole yet: nobody asks again.
  void finish(const std::function<void(std::string_view lines)>& take);
  [[nodiscard]] const std::string& path() const { return path_; }

 private:
  /// A file by what stays with it when it is renamed, and is not given to another one later.
  struct Identity {
    std::uint64_t inode = 0;
    std::int64_t born_s = 0;
    std::uint32_t born_ns = 0;
    bool operator==(const Identity&) const = default;
  };
  struct Found {
    std::string path;
    Identity identity;
    std::int64_t written_s = 0;
    std::uint32_t written_ns = 0;
  };

  /// A file that is read.
  class Open {
   public:
    Open() = default;
    Open(const std::string& path, const Identity& identity, std::uint64_t offset);
    ~Open();
    Open(Open&& other) noexcept { swap(other); }
    Open& operator=(Open&& other) noexcept {
      swap(other);
      return *this;
    }
    [[nodiscard]] bool is(const Identity& identity) const { return descriptor_ >= 0 && at_ == identity; }
    /// Everything up to the end of the file; `last`: nothing will be added to it, so that its last line is whole.
    bool drain(const std::function<void(std::string_view)>& take, bool last);

   private:
    void swap(Open& other) noexcept;
    int descriptor_ = -1;
    Identity at_;
    std::uint64_t offset_ = 0;
    std::string carry_;  // a line whose end has not been written yet
  };

  static bool identify(const std::string& path, Found& found);
  std::vector<Found> siblings() const;
  void go_on_to(const Found& next, const std::function<void(std::string_view)>& take);
  bool is_known(const Identity& identity) const;

  std::string path_;
  Open current_;
  Open previous_;                // the gateway writes to it until it is told of the rotation
  std::vector<Identity> known_;  // read already, or older than where we began
};

}  // namespace fix502
