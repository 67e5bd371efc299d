#pragma once

// The write-ahead journal of everything that fix502 changes on this machine. What a change needs to be taken back is on
// the disk, and synchronised, before the change is made: so `fix502 undo` works after a crash at any moment.
//
//   $XDG_STATE_HOME/fix502/journal/     0700
//       lock                            flock(2): one change, or undo, at a time
//       7/log                           one JSON line per step; a torn last line was never acted on
//       7/3.before 3.after 3.moved      previous and new bytes of change 3, or what was moved away
//
//   auto set = journal.begin("unpin-hosts", url);
//   if (auto made = set->write_file("/etc/hosts", bytes); !made) { set->take_back(); return made.error(); }
//   set->done(verified);

#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/fields.hpp"
#include "base/result.hpp"
#include "repair/command.hpp"

namespace fix502 {

/// How write_file treats a symbolic link at its path. It never writes through one.
enum class Links { refuse, replace };
/// What undo does where something new stands at a path that was moved away: a browser stores a page again, say.
enum class Regrown { refuse, replace };

struct WriteOptions {
  unsigned mode = 0644;  ///< of a file that does not exist yet; one that does keeps its owner and mode
  Links links = Links::refuse;
};

enum class SetState {
  unfinished,  ///< begun, and neither done nor taken back: the process died, or is still at it
  stands,      ///< done; undo takes it back
  lasting,     ///< done, and there is nothing to take back (a cache was flushed)
  undone,
};
[[nodiscard]] std::string_view to_word(SetState state);

/// A change set as a person sees it.
struct SetInfo {
  std::uint64_t id = 0;
  std::string remedy, url;
  WallTime time;
  SetState state = SetState::unfinished;
  bool verified = false;
  std::vector<std::string> changes;  ///< a line each: "changed /etc/hosts"
};

struct JournalOptions {
  std::filesystem::path root;  ///< ".../fix502/journal"
  Runner run;                  ///< carries out the commands of changes, and what needs privileges
  /// Called between any two steps that reach the disk: a test ends the process there. Not for production.
  std::function<void(std::string_view step)> at_step;
};

/// The default `root`, from XDG_STATE_HOME or HOME; an error where neither is an absolute path.
[[nodiscard]] Result<std::filesystem::path> journal_folder();

class Journal;
class SetLog;

/// One remedy being carried out. Holds the journal's lock for as long as it lives.
class ChangeSet {
 public:
  ChangeSet(ChangeSet&&) noexcept;
  ChangeSet& operator=(ChangeSet&&) noexcept;
  ~ChangeSet();

  [[nodiscard]] std::uint64_t id() const;
  /// Makes the file hold `bytes`: replaced by rename, or in place where it is a mount point; through sudo or pkexec
  /// where this user may not. Folders that are missing are made. Times other than the bytes' own are kept by undo.
  [[nodiscard]] Result<void> write_file(const std::filesystem::path& path, std::string_view bytes,
                                        WriteOptions options = {});
  /// Moves files or whole folders into the journal; a link moves as itself. Nothing happens for what is not there.
  [[nodiscard]] Result<void> move_away(const std::vector<std::filesystem::path>& paths,
                                       Regrown regrown = Regrown::refuse);
  [[nodiscard]] Result<void> move_away(const std::filesystem::path& path, Regrown regrown = Regrown::refuse);
  [[nodiscard]] Result<void> remove(const std::filesystem::path& path) { return move_away(path); }
  /// Runs a command whose effect `undo` takes back; `undo` must be right after a crash in the middle and when repeated.
  [[nodiscard]] Result<void> command(const Command& run, const Command& undo, std::string say);
  /// Runs a command that has nothing to take back.
  [[nodiscard]] Result<void> once(const Command& run, std::string say);
  /// Writes down something that was done and has nothing to take back.
  [[nodiscard]] Result<void> note(std::string say);

  /// All changes are made. `verified`: seen to help.
  [[nodiscard]] Result<void> done(bool verified);
  /// Undoes what this set has changed so far, newest first.
  [[nodiscard]] Result<void> take_back();

 private:
  friend class Journal;
  explicit ChangeSet(std::unique_ptr<SetLog> log);
  std::unique_ptr<SetLog> log_;
};

class Journal {
 public:
  explicit Journal(JournalOptions options);

  /// Fails where another fix502 is changing this machine.
  [[nodiscard]] Result<ChangeSet> begin(std::string remedy, std::string url) const;
  /// Every set, oldest first.
  [[nodiscard]] Result<std::vector<SetInfo>> list() const;
  /// Takes back set `id`, or the newest that stands or is unfinished. nullopt: there is nothing to take back. An error
  /// where somebody else has changed something since: then nothing of the set is touched.
  [[nodiscard]] Result<std::optional<SetInfo>> undo(std::optional<std::uint64_t> id = std::nullopt) const;

 private:
  JournalOptions options_;
};

}  // namespace fix502
