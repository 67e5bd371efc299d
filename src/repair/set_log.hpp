#pragma once

// One change set on the disk: its log, and what was kept of the machine.

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include "base/fields.hpp"
#include "repair/command.hpp"
#include "repair/descriptor.hpp"
#include "repair/disk.hpp"
#include "repair/file_state.hpp"
#include "repair/journal.hpp"

namespace fix502 {

/// One planned change. Its number is its place in the set.
struct Change {
  enum class Kind { write, move, folder, command, note };
  int kind = 0;            // Change::Kind; stored as a number: only ever append
  std::string path;        ///< write, move, folder
  FileState before;        ///< write, move
  std::uint32_t mode = 0;  ///< write: of the file afterwards
  bool replace = false;    ///< move: undo takes the place of what is new there
  Command run, undo;       ///< command
  std::string say;         ///< what a person reads

  // Not stored with the plan.
  bool made = false;
  bool undone = false;

  [[nodiscard]] bool is(Kind one) const { return kind == static_cast<int>(one); }
  bool operator==(const Change&) const = default;
  static constexpr void fields(auto&& field) {
    field("kind", &Change::kind);
    field("path", &Change::path);
    field("before", &Change::before);
    field("mode", &Change::mode);
    field("replace", &Change::replace);
    field("run", &Change::run);
    field("undo", &Change::undo);
    field("say", &Change::say);
  }
};

/// The first line of a log.
struct SetHead {
  std::uint64_t id = 0;
  std::string remedy, url;
  WallTime time{};

  bool operator==(const SetHead&) const = default;
  static constexpr void fields(auto&& field) {
    field("id", &SetHead::id);
    field("remedy", &SetHead::remedy);
    field("url", &SetHead::url);
    field("time", &SetHead::time);
  }
};

class SetLog {
 public:
  SetHead head;
  std::vector<Change> changes;
  bool done = false, verified = false, undoing = false, over = false;

  /// Makes the set's folder and writes its head.
  [[nodiscard]] static Result<std::unique_ptr<SetLog>> create(const JournalOptions& options, SetHead head,
                                                              Descriptor lock);
  /// Reads a set; nullptr where its head was never written. Without `writable` it is only looked at.
  [[nodiscard]] static Result<std::unique_ptr<SetLog>> open(const JournalOptions& options, std::uint64_t id,
                                                            Descriptor lock, bool writable);

  /// On the disk, then in `changes`. The new change's number is changes.size() - 1.
  [[nodiscard]] Result<void> plan(std::vector<Change> some);
  /// All that are planned are made.
  [[nodiscard]] Result<void> made();
  [[nodiscard]] Result<void> mark_done(bool seen_to_help);
  [[nodiscard]] Result<void> mark_undoing();
  [[nodiscard]] Result<void> mark_undone(std::size_t number);
  /// Undone altogether: what was kept is thrown away.
  [[nodiscard]] Result<void> mark_over();

  [[nodiscard]] std::filesystem::path kept(std::size_t number, std::string_view what) const;
  /// A name beside `path` that only this change uses.
  [[nodiscard]] std::filesystem::path beside(const std::filesystem::path& path, std::size_t number,
                                             std::string_view what) const;
  [[nodiscard]] const Disk& disk() const { return disk_; }
  [[nodiscard]] SetInfo info() const;

 private:
  [[nodiscard]] Result<void> append(const std::vector<Json>& lines);
  [[nodiscard]] Result<void> read(const std::string& text);
  void take(const Json& line);

  std::filesystem::path folder_;
  Descriptor log_, lock_;
  Disk disk_;
};

/// Looks for changes by others first, then undoes newest first.
[[nodiscard]] Result<void> undo_set(SetLog& set);

}  // namespace fix502
