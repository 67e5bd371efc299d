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
