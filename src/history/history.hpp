#pragma once

// The memory of this program between its runs: one SQLite file. Whatever happens to the file costs at most the run in
// progress, and is said in one line: a damaged file is moved aside and a fresh one begun.

#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "history/database.hpp"
#include "history/past.hpp"

namespace fix502 {

/// What is older, or more, is forgotten.
struct Retention {
  std::chrono::days age{400};
  std::int64_t rows = 100'000;  ///< of each table
};

/// A failure after a longer silence than this is another outage: nobody knows what was between.
constexpr std::chrono::hours kOneOutage{24};

/// $XDG_DATA_HOME/fix502/history.db; empty where there is no home.
[[nodiscard]] std::string default_history_path();

class History {
 public:
  using Say = std::function<void(const std::string&)>;  ///< told what happened to the file, in one line

  /// Makes the file and its folder where they are missing.
  [[nodiscard]] static Result<History> open(std::string path, Say say, Retention retention = {});

  /// A diagnosis: begins, goes on with, or ends an outage of that page.
  [[nodiscard]] Result<void> keep(const PastRun& run);
  /// A single try that failed; the outage it belongs to. A `cause` that is empty changes nothing.
  [[nodiscard]] Result<Outage> failed(const std::string& url, WallTime when, const Cause& cause);
  /// A single try that worked; `over`: and the outage with it.
  [[nodiscard]] Result<void> worked(const std::string& url, WallTime when, bool over);

  /// The one that is not over, if it was seen within kOneOutage.
  [[nodiscard]] Result<std::optional<Outage>> open_outage(const std::string& url, WallTime now);
  [[nodiscard]] Result<std::optional<PastRun>> last_run(const std::string& url);
  [[nodiscard]] Result<Typical> typical(const std::string& fault);

  /// Every page that something is known of, the one seen last first.
  [[nodiscard]] Result<std::vector<std::string>> urls(WallTime since);
  /// Newest first.
  [[nodiscard]] Result<std::vector<PastRun>> runs(const std::string& url, WallTime since, int most);
  [[nodiscard]] Result<std::vector<Outage>> outages(const std::string& url, WallTime since);
  /// Oldest first.
  [[nodiscard]] Result<std::vector<Slot>> slots(const std::string& url, WallTime since);

 private:
  History(std::string path, Say say, Retention retention)
      : path_(std::move(path)), say_(std::move(say)), retention_(retention) {}
  [[nodiscard]] Result<void> attach();
  [[nodiscard]] Result<void> prepare();
  [[nodiscard]] Result<void> move_aside();
  /// Does it; where the file turns out to be damaged, once more with a fresh one.
  [[nodiscard]] Result<void> attempt(const std::function<Result<void>()>& what);
  [[nodiscard]] Result<void> change(WallTime now, const std::function<Result<void>()>& what);
  template <typename T>
  [[nodiscard]] Result<std::vector<T>> list(const std::string& statement, const std::vector<Value>& values,
                                            T (*one)(const Row& row));
  [[nodiscard]] Result<void> count(const std::string& url, WallTime when, bool worked);
  [[nodiscard]] Result<void> note_failure(const std::string& url, WallTime when, const Cause& cause);
  [[nodiscard]] Result<void> note_end(const std::string& url, WallTime when);
  [[nodiscard]] Result<void> forget(WallTime now);

  std::string path_;
  Say say_;
  Retention retention_;
  std::optional<Database> database_;
};

}  // namespace fix502
