// What is written: each change is one transaction, with the retention inside it, so that a process that is killed, or a
// disk that is full, leaves what was there before.

#include "history/history.hpp"

#include <fmt/format.h>

namespace fix502 {
namespace {

std::int64_t slot_of(WallTime when) {
  return unix_seconds(when) / kSlot.count();
}

}  // namespace

Result<void> History::change(WallTime now, const std::function<Result<void>()>& what) {
  auto changed = attempt([&]() -> Result<void> {
    auto transaction = Transaction::begin(*database_);
    if (!transaction) return std::unexpected(transaction.error());
    if (auto done = what(); !done) return done;
    if (auto done = forget(now); !done) return done;
    return transaction->commit();
  });
  if (!changed) return fail(changed.error().what, path_);
  return changed;
}

Result<void> History::keep(const PastRun& run) {
  return change(run.started, [&]() -> Result<void> {
    const Cause& cause = run.cause;
    auto kept = database_->run(
        "INSERT INTO run(url, started, duration_ms, outcome, fault, hop, side, summary, confidence)"
        " VALUES(?, ?, ?, ?, ?, ?, ?, ?, ?)",
        {run.url, unix_seconds(run.started), std::int64_t{run.duration.count()}, run.outcome, cause.fault, cause.hop,
         cause.side, cause.summary, run.confidence});
    const bool healthy = run.outcome == "healthy";
    if (!kept || (!healthy && run.outcome != "fault")) return kept;
    if (auto counted = count(run.url, run.started, healthy); !counted) return counted;
    return healthy ? note_end(run.url, run.started) : note_failure(run.url, run.started, cause);
  });
}

Result<Outage> History::failed(const std::string& url, WallTime when, const Cause& cause) {
  auto changed = change(when, [&]() -> Result<void> {
    if (auto counted = count(url, when, false); !counted) return counted;
    return note_failure(url, when, cause);
  });
  if (!changed) return std::unexpected(changed.error());
  auto outage = open_outage(url, when);
  if (!outage) return std::unexpected(outage.error());
  if (!*outage) return fail("the outage is no longer there", path_);
  return **outage;
}

Result<void> History::worked(const std::string& url, WallTime when, bool over) {
  return change(when, [&]() -> Result<void> {
    auto counted = count(url, when, true);
    return counted && over ? note_end(url, when) : counted;
  });
}

Result<void> History::count(const std::string& url, WallTime when, bool worked) {
  return database_->run(
      "INSERT INTO slot(url, slot, tries, worked) VALUES(?1, ?2, 1, ?3)"
      " ON CONFLICT(url, slot) DO UPDATE SET tries = tries + 1, worked = worked + ?3",
      {url, slot_of(when), std::int64_t{worked ? 1 : 0}});
}

Result<void> History::note_failure(const std::string& url, WallTime when, const Cause& cause) {
  // Whatever has been silent for too long ended when it was last seen.
  auto closed =
      database_->run("UPDATE outage SET ended = last_failed WHERE url = ? AND ended IS NULL AND last_failed < ?",
                     {url, unix_seconds(when - kOneOutage)});
  if (!closed) return closed;
  const auto open = database_->number("SELECT id FROM outage WHERE url = ? AND ended IS NULL ORDER BY id DESC", {url});
  if (!open) return std::unexpected(open.error());
  if (*open == 0)
    return database_->run(
        "INSERT INTO outage(url, began, last_failed, end_seen, tries, fault, hop, side, summary)"
        " VALUES(?1, ?2, ?2, 0, 1, ?3, ?4, ?5, ?6)",
        {url, unix_seconds(when), cause.fault, cause.hop, cause.side, cause.summary});
  auto noted = database_->run("UPDATE outage SET last_failed = max(last_failed, ?), tries = tries + 1 WHERE id = ?",
                              {unix_seconds(when), *open});
  if (!noted || cause.fault.empty()) return noted;
  return database_->run("UPDATE outage SET fault = ?, hop = ?, side = ?, summary = ? WHERE id = ?",
                        {cause.fault, cause.hop, cause.side, cause.summary, *open});
}

Result<void> History::note_end(const std::string& url, WallTime when) {
  return database_->run(
      "UPDATE outage SET ended = CASE WHEN last_failed >= ?2 THEN max(?1, began) ELSE last_failed END,"
      " end_seen = last_failed >= ?2 WHERE url = ?3 AND ended IS NULL",
      {unix_seconds(when), unix_seconds(when - kOneOutage), url});
}

Result<void> History::forget(WallTime now) {
  const std::int64_t oldest = unix_seconds(now - retention_.age);
  const struct {
    const char* by_age;
    const char* by_count;
    std::int64_t limit;
  } kRules[] = {
      {"DELETE FROM run WHERE started < ?", "DELETE FROM run WHERE id <= (SELECT max(id) FROM run) - ?", oldest},
      {"DELETE FROM outage WHERE last_failed < ?", "DELETE FROM outage WHERE id <= (SELECT max(id) FROM outage) - ?",
       oldest},
      {"DELETE FROM slot WHERE slot < ?", "DELETE FROM slot WHERE id <= (SELECT max(id) FROM slot) - ?",
       oldest / kSlot.count()},
  };
  for (const auto& rule : kRules) {
    if (auto done = database_->run(rule.by_age, {rule.limit}); !done) return done;
    if (auto done = database_->run(rule.by_count, {retention_.rows}); !done) return done;
  }
  return {};
}

}  // namespace fix502
