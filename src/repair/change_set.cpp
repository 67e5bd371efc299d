// Making changes, each on the disk before it is made.

#include <algorithm>
#include <set>
#include <system_error>

#include "repair/journal.hpp"
#include "repair/set_log.hpp"

namespace fix502 {
namespace {

namespace fs = std::filesystem;

/// The folders that have to be made for `path`, outermost first.
std::vector<fs::path> missing_folders(const fs::path& path) {
  std::vector<fs::path> missing;
  std::error_code ignored;
  for (fs::path folder = path.parent_path(); !folder.empty() && !fs::exists(folder, ignored);
       folder = folder.parent_path())
    missing.push_back(folder);
  std::ranges::reverse(missing);
  return missing;
}

Change planned(Change::Kind kind, const fs::path& path, std::string say) {
  Change change;
  change.kind = static_cast<int>(kind);
  change.path = path.native();
  change.say = std::move(say);
  return change;
}

}  // namespace

ChangeSet::ChangeSet(std::unique_ptr<SetLog> log) : log_(std::move(log)) {}
ChangeSet::ChangeSet(ChangeSet&&) noexcept = default;
ChangeSet& ChangeSet::operator=(ChangeSet&&) noexcept = default;
ChangeSet::~ChangeSet() = default;

std::uint64_t ChangeSet::id() const {
  return log_->head.id;
}

Result<void> ChangeSet::write_file(const fs::path& path, std::string_view bytes, WriteOptions options) {
  if (!path.is_absolute() || path.lexically_normal() != path) return fail("is no absolute, plain path", path.native());
  auto before = look_at(path);
  if (!before) return std::unexpected(before.error());
  using Kind = FileState::Kind;
  if (before->is(Kind::link) && options.links == Links::refuse)
    return fail("is a symbolic link, which is not written through", path.native());
  if (before->is(Kind::folder) || before->is(Kind::other)) return fail("is no regular file", path.native());
  const auto previous = before->is(Kind::file) ? read_whole(path) : Result<std::string>();
  if (!previous) return std::unexpected(previous.error());

  for (const auto& folder : missing_folders(path)) {
    std::vector<Change> some{planned(Change::Kind::folder, folder, "")};
    if (auto written = log_->plan(std::move(some)); !written) return written;
    if (auto made = make_folder(log_->disk(), folder); !made) return made;
  }
  const std::size_t number = log_->changes.size();
  const bool had_file = before->is(Kind::file);
  if (had_file)
    if (auto kept = store(log_->kept(number, "before"), *previous); !kept) return kept;
  if (auto kept = store(log_->kept(number, "after"), bytes); !kept) return kept;
  Change change =
      planned(Change::Kind::write, path, (before->is(Kind::absent) ? "wrote " : "changed ") + path.native());
  change.before = *before;
  change.mode = had_file ? before->mode : options.mode;
  FileState after;
  after.mode = change.mode;
  const Wanted wanted{.path = path,
                      .staged = log_->kept(number, "after"),
                      .scratch = log_->beside(path, number, "new"),
                      .now = *before,
                      .state = after};
  std::vector<Change> some{std::move(change)};
  if (auto written = log_->plan(std::move(some)); !written) return written;
  if (auto put = put_file(log_->disk(), wanted); !put) return put;
  return log_->made();
}

Result<void> ChangeSet::move_away(const std::vector<fs::path>& paths, Regrown regrown) {
  std::vector<Change> some;
  for (const auto& path : paths) {
    if (!path.is_absolute() || path.lexically_normal() != path)
      return fail("is no absolute, plain path", path.native());
    auto before = look_at(path);
    if (!before) return std::unexpected(before.error());
    if (before->is(FileState::Kind::absent)) continue;
    Change change = planned(Change::Kind::move, path, "moved " + path.native() + " away");
    change.before = *before;
    change.replace = regrown == Regrown::replace;
    some.push_back(std::move(change));
  }
  if (some.empty()) return {};
  const std::size_t first = log_->changes.size();
  if (auto written = log_->plan(std::move(some)); !written) return written;
  std::set<fs::path> folders;
  for (std::size_t number = first; number < log_->changes.size(); ++number) {
    const fs::path path = log_->changes[number].path;
    folders.insert(path.parent_path());
    if (auto moved = move_path(log_->disk(), path, log_->kept(number, "moved"), log_->kept(number, "moving"),
                               log_->beside(path, number, "old"));
        !moved)
      return moved;
  }
  folders.insert(log_->kept(first, "moved").parent_path());
  for (const auto& folder : folders)
    if (auto synced = sync_folder(folder); !synced) return synced;
  return log_->made();
}

Result<void> ChangeSet::move_away(const fs::path& path, Regrown regrown) {
  const std::vector<fs::path> paths{path};
  return move_away(paths, regrown);
}

Result<void> ChangeSet::command(const Command& run, const Command& undo, std::string say) {
  Change change = planned(Change::Kind::command, {}, std::move(say));
  change.run = run;
  change.undo = undo;
  std::vector<Change> some{std::move(change)};
  if (auto written = log_->plan(std::move(some)); !written) return written;
  if (!log_->disk().run) return fail("there is nobody to run it", run.words.empty() ? "" : run.words.front());
  if (auto ran = log_->disk().run(run); !ran) return ran;
  log_->disk().step("command run");
  return log_->made();
}

Result<void> ChangeSet::once(const Command& run, std::string say) {
  if (auto noted = note(std::move(say)); !noted) return noted;
  if (!log_->disk().run) return fail("there is nobody to run it", run.words.empty() ? "" : run.words.front());
  return log_->disk().run(run);
}

Result<void> ChangeSet::note(std::string say) {
  std::vector<Change> some{planned(Change::Kind::note, {}, std::move(say))};
  return log_->plan(std::move(some));
}

Result<void> ChangeSet::done(bool verified) {
  return log_->mark_done(verified);
}
Result<void> ChangeSet::take_back() {
  return undo_set(*log_);
}

}  // namespace fix502
