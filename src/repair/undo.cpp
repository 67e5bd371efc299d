// Taking a change set back. What the journal knows for certain is what was planned; whether it was made is seen by
// looking, because the process may have died between the two.

#include <cerrno>
#include <set>
#include <string_view>
#include <system_error>

#include "base/text.hpp"
#include "repair/set_log.hpp"

namespace fix502 {
namespace {

namespace fs = std::filesystem;
using Kind = FileState::Kind;

enum class Standing {
  as_before,  ///< nothing to do, but for times
  as_made,    ///< ours to take back
  foreign,    ///< somebody else's
};

struct Seen {
  Standing standing = Standing::foreign;
  FileState now;
};

Result<Seen> standing_of_write(const SetLog& set, std::size_t number) {
  const Change& change = set.changes[number];
  const auto now = look_at(change.path);
  if (!now) return std::unexpected(now.error());
  Seen seen{.now = *now};
  const bool had_file = change.before.is(Kind::file);
  if (!now->is(Kind::file)) {
    if (now->same_but_times(change.before)) seen.standing = Standing::as_before;
    return seen;
  }
  const auto bytes = read_whole(change.path);
  const auto ours = read_whole(set.kept(number, "after"));
  const auto previous = had_file ? read_whole(set.kept(number, "before")) : Result<std::string>();
  for (const auto* read : {&bytes, &ours, &previous})
    if (!*read) return std::unexpected(read->error());
  // What was being written in place when the process died is a beginning of what it should have become.
  const bool torn = !change.made || set.undoing;
  const bool is_ours = *bytes == *ours || (torn && (ours->starts_with(*bytes) || previous->starts_with(*bytes)));
  const bool dressed = had_file ? now->same_but_times(change.before) : torn || now->mode == change.mode;
  if (had_file && *bytes == *previous && dressed)
    seen.standing = Standing::as_before;
  else if (is_ours && dressed)
    seen.standing = Standing::as_made;
  return seen;
}

Result<void> undo_write(SetLog& set, std::size_t number) {
  const Change& change = set.changes[number];
  const auto seen = standing_of_write(set, number);
  if (!seen) return std::unexpected(seen.error());
  std::error_code ignored;
  fs::remove(set.beside(change.path, number, "new"), ignored);
  if (seen->standing == Standing::foreign) return fail("was changed by somebody else meanwhile", change.path);
  if (seen->standing == Standing::as_before)
    return change.before.is(Kind::file) ? restore_times(set.disk(), change.path, change.before) : Result<void>();
  if (change.before.is(Kind::absent)) return delete_file(set.disk(), change.path);
  Wanted wanted{.path = change.path,
                .staged = set.kept(number, "before"),
                .scratch = set.beside(change.path, number, "new"),
                .now = seen->now,
                .state = change.before,
                .restore = true};
  return change.before.is(Kind::link) ? put_link(set.disk(), wanted) : put_file(set.disk(), wanted);
}

/// A move that died after its copy was complete has left the original where it was.
bool is_same(const fs::path& a, const fs::path& b) {
  const auto first = look_at(a), second = look_at(b);
  if (!first || !second || !first->same_but_times(*second)) return false;
  if (!first->is(Kind::link) && (first->modified_s != second->modified_s || first->modified_ns != second->modified_ns))
    return false;
  if (!first->is(Kind::file)) return true;
  const auto one = read_whole(a), other = read_whole(b);
  return one && other && *one == *other;
}

Result<Standing> standing_of_move(const SetLog& set, std::size_t number) {
  const Change& change = set.changes[number];
  const auto now = look_at(change.path);
  const auto moved = look_at(set.kept(number, "moved"));
  if (!now || !moved) return std::unexpected(now ? moved.error() : now.error());
  if (moved->is(Kind::absent)) return Standing::as_before;
  if (now->is(Kind::absent)) return Standing::as_made;
  if (is_same(change.path, set.kept(number, "moved"))) return Standing::as_before;
  return change.replace ? Standing::as_made : Standing::foreign;
}

Result<void> undo_move(SetLog& set, std::size_t number) {
  const Change& change = set.changes[number];
  const auto standing = standing_of_move(set, number);
  if (!standing) return std::unexpected(standing.error());
  if (*standing == Standing::foreign) return fail("something new stands there meanwhile", change.path);
  const auto moved = set.kept(number, "moved"), aside = set.beside(change.path, number, "old");
  const auto scratch = set.beside(change.path, number, "new");
  std::error_code ignored;
  if (*standing == Standing::as_made) {
    const auto now = look_at(change.path);
    // A folder cannot be replaced by a rename.
    if (now && now->is(Kind::folder)) fs::rename(change.path, aside, ignored);
    if (auto back = move_path(set.disk(), moved, change.path, scratch, set.kept(number, "gone")); !back) return back;
    if (auto synced = sync_folder(fs::path(change.path).parent_path()); !synced) return synced;
  }
  for (const auto& rest : {moved, aside, scratch, set.kept(number, "moving"), set.kept(number, "gone")})
    fs::remove_all(rest, ignored);
  return {};
}

Result<void> undo_command(SetLog& set, std::size_t number) {
  if (!set.disk().run) return fail("there is nobody to run it", set.changes[number].undo.words.front());
  auto run = set.disk().run(set.changes[number].undo);
  set.disk().step("command undone");
  return run;
}

Result<void> undo_change(SetLog& set, std::size_t number) {
  const Change& change = set.changes[number];
  switch (static_cast<Change::Kind>(change.kind)) {
    case Change::Kind::write:
      return undo_write(set, number);
    case Change::Kind::move:
      return undo_move(set, number);
    case Change::Kind::folder:
      return delete_empty_folder(set.disk(), change.path);
    case Change::Kind::command:
      return undo_command(set, number);
    case Change::Kind::note:
      return {};
  }
  return fail("the journal has a kind of change that this version does not know");
}

/// Whether somebody else has been there. Only the newest change of a path is compared with what stands there.
Result<void> look_for_others(const SetLog& set) {
  std::set<std::string_view> seen;
  for (std::size_t number = set.changes.size(); number-- > 0;) {
    const Change& change = set.changes[number];
    if (change.undone || !seen.insert(change.path).second) continue;
    if (change.is(Change::Kind::write)) {
      const auto found = standing_of_write(set, number);
      if (!found) return std::unexpected(found.error());
      if (found->standing == Standing::foreign)
        return fail("cannot take it back: somebody else has changed this file since, and nothing was touched",
                    change.path);
    } else if (change.is(Change::Kind::move)) {
      const auto found = standing_of_move(set, number);
      if (!found) return std::unexpected(found.error());
      if (*found == Standing::foreign)
        return fail("cannot take it back: something new stands there since, and nothing was touched", change.path);
    }
  }
  return {};
}

}  // namespace

Result<void> undo_set(SetLog& set) {
  if (auto free = look_for_others(set); !free) return free;
  if (!set.undoing)
    if (auto marked = set.mark_undoing(); !marked) return marked;
  for (std::size_t number = set.changes.size(); number-- > 0;) {
    if (set.changes[number].undone) continue;
    if (auto undone = undo_change(set, number); !undone) return undone;
    if (auto marked = set.mark_undone(number); !marked) return marked;
  }
  return set.mark_over();
}

}  // namespace fix502
