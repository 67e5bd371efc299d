// Opening the history: its place, its tables, and what is done about a file that cannot be used.

#include <fmt/format.h>

#include <cstdlib>

#include "history/file.hpp"
#include "history/history.hpp"

namespace fix502 {
namespace {

/// No run waits longer than this for another one.
constexpr std::chrono::milliseconds kPatience{2'000};
constexpr std::int64_t kVersion = 1;
/// "f502": tells our file from another program's database.
constexpr std::int64_t kApplication = 0x66353032;

// Times are seconds since 1970. Ids only grow, so that "more than so many rows" needs no counting.
constexpr const char* kTables = R"(
CREATE TABLE run(id INTEGER PRIMARY KEY AUTOINCREMENT, url TEXT NOT NULL, started INTEGER NOT NULL,
  duration_ms INTEGER NOT NULL, outcome TEXT NOT NULL, fault TEXT NOT NULL, hop TEXT NOT NULL, side TEXT NOT NULL,
  summary TEXT NOT NULL, confidence REAL NOT NULL);
CREATE INDEX run_url ON run(url, started);
CREATE INDEX run_started ON run(started);
CREATE TABLE outage(id INTEGER PRIMARY KEY AUTOINCREMENT, url TEXT NOT NULL, began INTEGER NOT NULL,
  last_failed INTEGER NOT NULL, ended INTEGER, end_seen INTEGER NOT NULL, tries INTEGER NOT NULL,
  fault TEXT NOT NULL, hop TEXT NOT NULL, side TEXT NOT NULL, summary TEXT NOT NULL);
CREATE INDEX outage_url ON outage(url, began);
CREATE INDEX outage_fault ON outage(fault, id);
CREATE INDEX outage_seen ON outage(last_failed);
CREATE TABLE slot(id INTEGER PRIMARY KEY AUTOINCREMENT, url TEXT NOT NULL, slot INTEGER NOT NULL,
  tries INTEGER NOT NULL, worked INTEGER NOT NULL, UNIQUE(url, slot));
CREATE INDEX slot_time ON slot(slot);
PRAGMA application_id = 1714761778;
PRAGMA user_version = 1;
)";
static_assert(kApplication == 1'714'761'778);

}  // namespace

std::string default_history_path() {
  if (const char* base = std::getenv("XDG_DATA_HOME"); base != nullptr && *base == '/')
    return std::string(base) + "/fix502/history.db";
  const char* home = std::getenv("HOME");
  return home == nullptr || *home == '\0' ? std::string{} : std::string(home) + "/.local/share/fix502/history.db";
}

Result<History> History::open(std::string path, Say say, Retention retention) {
  if (path.empty()) return fail("there is no place for it: neither XDG_DATA_HOME nor HOME is set");
  History history(std::move(path), std::move(say), retention);
  if (auto attached = history.attach(); !attached) {
    const Error& error = attached.error();
    return fail(error.what, error.where.empty() ? history.path_ : error.where);
  }
  return history;
}

Result<void> History::attach() {
  if (auto made = make_private_file(path_); !made) return made;
  const auto lock = OpeningLock::take(path_ + ".lock", kPatience);
  if (!lock) return std::unexpected(lock.error());
  auto prepared = prepare();
  if (prepared || !database_ || !database_->is_damaged()) return prepared;
  if (auto moved = move_aside(); !moved) return moved;
  return prepare();
}

Result<void> History::prepare() {
  auto opened = Database::open(path_, kPatience);
  if (!opened) return std::unexpected(opened.error());
  database_.emplace(std::move(*opened));
  const auto version = database_->number("PRAGMA user_version");
  if (!version) return std::unexpected(version.error());
  if (*version > kVersion) return fail("it was made by a newer fix502", path_);
  // WAL: a reader never waits, and a process that is killed leaves nothing half done. NORMAL: a commit waits for no
  // disk; a power cut may take the last ones back, and damages nothing. https://www.sqlite.org/wal.html
  if (auto set = database_->script("PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL;"
                                   "PRAGMA journal_size_limit = 1048576;");
      !set)
    return set;
  if (*version == kVersion) {
    const auto application = database_->number("PRAGMA application_id");
    if (!application) return std::unexpected(application.error());
    if (*application != kApplication) return fail("it is another program's database", path_);
    return {};
  }
  const auto tables = database_->number("SELECT count(*) FROM sqlite_schema");
  if (!tables) return std::unexpected(tables.error());
  if (*tables != 0) return fail("it is another program's database", path_);
  auto transaction = Transaction::begin(*database_);
  if (!transaction) return std::unexpected(transaction.error());
  if (auto made = database_->script(kTables); !made) return made;
  return transaction->commit();
}

Result<void> History::move_aside() {
  database_.reset();
  const auto aside = set_aside(path_);
  if (!aside) return std::unexpected(aside.error());
  if (say_) say_(fmt::format("the history was damaged; it is now {}, and a fresh one is begun", *aside));
  return make_private_file(path_);
}

Result<void> History::attempt(const std::function<Result<void>()>& what) {
  if (!database_)
    if (auto attached = attach(); !attached) return attached;
  auto done = what();
  if (done || !database_->is_damaged()) return done;
  {
    const auto lock = OpeningLock::take(path_ + ".lock", kPatience);
    if (!lock) return std::unexpected(lock.error());
    // Another process may have been here first: what stands there now is looked at anew.
    database_.reset();
    auto again = prepare();
    if (again) {
      const auto wrong = database_->number("SELECT count(*) FROM pragma_quick_check(1) WHERE quick_check <> 'ok'");
      if (!wrong || *wrong != 0) again = fail("it is damaged");
    }
    if (!again) {
      if (auto moved = move_aside(); !moved) return moved;
      if (auto fresh = prepare(); !fresh) return fresh;
    }
  }
  return what();
}

}  // namespace fix502
