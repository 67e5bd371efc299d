#include <unistd.h>

#include "base/text.hpp"
#include "cli/logs/shapes.hpp"

namespace fix502 {
namespace {

Value value_or_null(std::string_view text, std::size_t limit = 2000) {
  return text.empty() ? Value() : Value(shown(text, limit));
}

}  // namespace

Result<FailureTable> FailureTable::create(const std::string& path) {
  if (access(path.c_str(), F_OK) == 0) return fail("that file is there already; --sqlite makes a new one", path);
  auto database = Database::open(path, std::chrono::seconds(1));
  if (!database) return std::unexpected(database.error());
  FailureTable table(std::move(*database));
  // Nothing of this cannot be made again, so no write waits for the disk.
  const auto made = table.database_.script(R"(
    PRAGMA journal_mode = OFF;
    PRAGMA synchronous = OFF;
    CREATE TABLE failures (at TEXT NOT NULL, epoch INTEGER NOT NULL, gateway TEXT, fault TEXT NOT NULL, cause TEXT, upstream TEXT,
      tried TEXT, host TEXT, url TEXT, client TEXT, status INTEGER, made_by TEXT, sureness TEXT, consequence INTEGER NOT NULL,
      retried INTEGER NOT NULL, unmatched INTEGER NOT NULL, file TEXT, sample TEXT);
    CREATE TABLE incidents (fault TEXT NOT NULL, cause TEXT, gateway TEXT, upstream TEXT, first_seen INTEGER, last_seen INTEGER,
      failed INTEGER, requests INTEGER, sample TEXT);
    BEGIN;)");
  if (!made) return std::unexpected(made.error());
  return table;
}

void FailureTable::add(const LoggedFailure& failure, const std::vector<std::string>& files) {
  if (!outcome_) return;
  std::string tried;
  for (const std::string& upstream : failure.tried) tried += (tried.empty() ? "" : ", ") + upstream;
  const std::int64_t epoch = failure.at.time_since_epoch().count();
  outcome_ = database_.run(
      "INSERT INTO failures VALUES (strftime('%Y-%m-%dT%H:%M:%SZ', ?1, 'unixepoch'), ?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, "
      "?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17)",
      {epoch, value_or_null(failure.gateway), failure.fault, value_or_null(failure.cause),
       value_or_null(failure.upstream), value_or_null(tried), value_or_null(failure.host), value_or_null(failure.url),
       value_or_null(failure.client), failure.status > 0 ? Value(std::int64_t{failure.status}) : Value(),
       value_or_null(failure.made_by), std::string(to_word(failure.sureness)), std::int64_t{failure.secondary},
       std::int64_t{failure.retried}, std::int64_t{failure.unmatched}, value_or_null(files.at(failure.file)),
       value_or_null(failure.sample, 4096)});
}

Result<void> FailureTable::finish(const LogReport& report) {
  for (const Incident& incident : report.incidents) {
    if (!outcome_) return outcome_;
    const auto first = incident.first_seen.time_since_epoch().count();
    const auto last = incident.last_seen.time_since_epoch().count();
    outcome_ = database_.run("INSERT INTO incidents VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
                             {incident.fault, value_or_null(incident.cause), value_or_null(incident.gateway),
                              value_or_null(incident.upstream), std::int64_t{first}, std::int64_t{last},
                              static_cast<std::int64_t>(incident.failed),
                              incident.requests ? Value(static_cast<std::int64_t>(*incident.requests)) : Value(),
                              value_or_null(incident.sample, 4096)});
    if (outcome_ && incident.saved)
      outcome_ = database_.run(
          "UPDATE failures SET retried = 1 WHERE unmatched = 1 AND gateway = ? AND fault = ? AND epoch BETWEEN ? AND ?",
          {incident.gateway, incident.fault, std::int64_t{first}, std::int64_t{last}});
  }
  if (outcome_) outcome_ = database_.script("DELETE FROM failures WHERE retried = 1; COMMIT;");
  return outcome_;
}

}  // namespace fix502
