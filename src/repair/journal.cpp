#include "repair/journal.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/file.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <charconv>
#include <chrono>
#include <cstdlib>
#include <set>
#include <system_error>

#include "base/text.hpp"
#include "repair/set_log.hpp"

namespace fix502 {
namespace {

namespace fs = std::filesystem;

/// Sets that no longer stand are kept for the list; that many of them.
constexpr std::size_t kKeptSets = 100;

std::vector<std::uint64_t> ids_in(const fs::path& root) {
  std::vector<std::uint64_t> ids;
  std::error_code error;
  for (fs::directory_iterator each(root, error), end; !error && each != end; each.increment(error)) {
    const std::string name = each->path().filename().native();
    std::uint64_t id = 0;
    const auto read = std::from_chars(name.data(), name.data() + name.size(), id);
    if (read.ec == std::errc() && read.ptr == name.data() + name.size() && id > 0) ids.push_back(id);
  }
  std::ranges::sort(ids);
  return ids;
}

Result<void> make_root(const fs::path& root) {
  std::error_code error;
  if (fs::is_directory(root, error)) return {};
  fs::create_directories(root, error);
  if (!error) fs::permissions(root, fs::perms::owner_all, error);
  if (error) return fail("cannot make the journal's folder: " + error.message(), root.native());
  return sync_folder(root.parent_path());
}

Result<Descriptor> lock_journal(const fs::path& root) {
  if (auto made = make_root(root); !made) return std::unexpected(made.error());
  const auto path = root / "lock";
  Descriptor lock(open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600));
  if (!lock) return fail_with_errno("cannot open it", path);
  if (flock(lock.get(), LOCK_EX | LOCK_NB) == 0) return lock;
  if (errno == EWOULDBLOCK) return fail("another fix502 is changing this machine; try again when it is done");
  return fail_with_errno("cannot lock it", path);
}

/// Old sets that nobody can take back any more go.
void prune(const JournalOptions& options, const std::vector<std::uint64_t>& ids) {
  for (std::size_t i = 0; i + kKeptSets < ids.size(); ++i) {
    const auto set = SetLog::open(options, ids[i], Descriptor(), false);
    if (!set || !*set) continue;
    const auto state = (*set)->info().state;
    std::error_code ignored;
    if (state == SetState::undone || state == SetState::lasting)
      fs::remove_all(options.root / std::to_string(ids[i]), ignored);
  }
}

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

std::string_view to_word(SetState state) {
  constexpr std::string_view kWords[] = {"unfinished", "stands", "lasting", "undone"};
  return kWords[static_cast<int>(state)];
}

Result<fs::path> journal_folder() {
  if (const char* state = std::getenv("XDG_STATE_HOME"); state != nullptr && *state == '/')
    return fs::path(state) / "fix502" / "journal";
  if (const char* home = std::getenv("HOME"); home != nullptr && *home == '/')
    return fs::path(home) / ".local" / "state" / "fix502" / "journal";
  return fail("no place for the journal: neither XDG_STATE_HOME nor HOME names a folder");
}

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

Journal::Journal(JournalOptions options) : options_(std::move(options)) {}

Result<ChangeSet> Journal::begin(std::string remedy, std::string url) const {
  auto lock = lock_journal(options_.root);
  if (!lock) return std::unexpected(lock.error());
  const auto ids = ids_in(options_.root);
  prune(options_, ids);
  SetHead head{.id = ids.empty() ? 1 : ids.back() + 1, .remedy = std::move(remedy), .url = std::move(url)};
  head.time = std::chrono::floor<std::chrono::seconds>(std::chrono::system_clock::now());
  auto log = SetLog::create(options_, std::move(head), std::move(*lock));
  if (!log) return std::unexpected(log.error());
  return ChangeSet(std::move(*log));
}

Result<std::vector<SetInfo>> Journal::list() const {
  std::vector<SetInfo> sets;
  for (const auto id : ids_in(options_.root)) {
    const auto set = SetLog::open(options_, id, Descriptor(), false);
    if (!set) return std::unexpected(set.error());
    if (*set) sets.push_back((*set)->info());
  }
  return sets;
}

Result<std::optional<SetInfo>> Journal::undo(std::optional<std::uint64_t> id) const {
  std::error_code ignored;
  if (!fs::exists(options_.root, ignored)) return std::nullopt;
  auto lock = lock_journal(options_.root);
  if (!lock) return std::unexpected(lock.error());
  auto ids = ids_in(options_.root);
  if (id && std::ranges::find(ids, *id) == ids.end())
    return fail("there is no such change; `fix502 fixes` lists them", std::to_string(*id));
  for (std::size_t i = ids.size(); i-- > 0;) {
    if (id && ids[i] != *id) continue;
    auto looked = SetLog::open(options_, ids[i], Descriptor(), false);
    if (!looked) return std::unexpected(looked.error());
    if (!*looked) continue;
    const auto state = (*looked)->info().state;
    if (state != SetState::stands && state != SetState::unfinished) continue;
    auto set = SetLog::open(options_, ids[i], std::move(*lock), true);
    if (!set) return std::unexpected(set.error());
    if (auto undone = undo_set(**set); !undone) return std::unexpected(undone.error());
    return (*set)->info();
  }
  return std::nullopt;
}

}  // namespace fix502
