#pragma once

// Carrying a remedy out: prepare, ask, change through the journal, ask the site again, and take it back where that did
// not help.

#include <cstdio>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"
#include "cli/options.hpp"
#include "fault/fault.hpp"
#include "net/net.hpp"
#include "remedy/work.hpp"
#include "repair/journal.hpp"
#include "report/report.hpp"

namespace fix502 {

/// What the command line of `fix502 fix`, or an accepted offer, asks for.
struct FixRequest {
  std::string remedy;
  DiagnosisOptions diagnosis;        ///< the target's host is empty where no URL was given
  std::string scope;                 ///< --for: "system", "chrome", ...; empty: not said
  std::string resolver;              ///< --resolver
  std::vector<std::string> command;  ///< after `--`
  std::FILE* out = stdout;           ///< where a person is told; standard output may be the report's alone
  bool ask = true;                   ///< a terminal is asked first
  std::optional<Verdict> before;     ///< of the page, before anything was changed
  /// Told what is being done, and how long that and what is left may take at most.
  std::function<void(std::string_view doing, Milliseconds left)> progress = {};

  [[nodiscard]] bool has_url() const { return !diagnosis.target.host.empty(); }
};

/// A remedy made ready for this machine. Nothing is changed yet.
struct Prepared {
  Work work;
  /// What cannot be said as steps of `work`; runs after them, and journals what it changes.
  std::function<Result<void>(ChangeSet&)> act;
  /// Whether it helped, in a line for a person; default: the page is asked again and works.
  struct Outcome {
    bool helped = false;
    std::string line;
  };
  std::function<Outcome()> check;
  std::optional<Milliseconds> check_takes{};  ///< at most; default: the diagnosis's own budget
  /// The check compares with `FixRequest::before`.
  bool compares = false;
};

/// One of the remedies that this version can carry out.
struct Fixer {
  std::string_view remedy;
  bool needs_url = true;
  Result<Prepared> (*prepare)(const FixRequest& request) = nullptr;
};
[[nodiscard]] const std::vector<Fixer>& fixers();
[[nodiscard]] const Fixer* find_fixer(std::string_view remedy);

/// Asks on this terminal. One line of a person's; only yes, or nothing at all, is yes. The end of the input is no.
[[nodiscard]] bool agrees(std::FILE* out, std::string_view question);

/// The journal of this user, with commands run on this terminal.
[[nodiscard]] Result<Journal> own_journal();

/// What came of it, for a program.
struct FixResult {
  /// "done", "no-help" (and taken back), "stopped" (the same), "nothing" (to do, or agreed to), "failed"
  std::string outcome = "failed";
  std::string said;                ///< one sentence part
  std::vector<std::string> steps;  ///< what it does, or did
  std::vector<std::string> tell;   ///< for the person, afterwards
  std::uint64_t change = 0;        ///< what undo takes; 0: there is nothing to take back
};

/// What it would do; nothing is changed. 0: there is something to do; 1: nothing; 2: an error.
int plan_remedy(const FixRequest& request, FixResult& result);
/// All of it. 0: done and verified; 1: nothing done, or it did not help and was taken back; 2: an error; 130: a signal
/// came, and what was changed until then has been taken back.
int apply_remedy(const FixRequest& request, FixResult& result);

/// Asks the page again.
[[nodiscard]] Prepared::Outcome page_works(const Target& target, const Settings& settings);
/// The same after a remedy: it helped as well where the fault that it ends is over, and what remains is a further fault
/// that `request.before` named beside it and that this remedy is not for.
[[nodiscard]] Prepared::Outcome page_after(const FixRequest& request, const Settings& settings);

/// At the end of a diagnosis: asks a terminal whether to apply the best remedy, or applies it with --fix. Returns the
/// exit status of the whole: `status` where nothing was done.
int offer_remedy(const Report& report, const DiagnosisOptions& options, int status);

Result<Prepared> prepare_clear_cache(const FixRequest& request);
Result<Prepared> prepare_clear_cookies(const FixRequest& request);
Result<Prepared> prepare_unregister_worker(const FixRequest& request);
Result<Prepared> prepare_unpin_hosts(const FixRequest& request);
Result<Prepared> prepare_bypass_proxy(const FixRequest& request);
Result<Prepared> prepare_prefer_ipv4(const FixRequest& request);
Result<Prepared> prepare_custom_dns(const FixRequest& request);
Result<Prepared> prepare_login_portal(const FixRequest& request);
Result<Prepared> prepare_flush_dns(const FixRequest& request);

}  // namespace fix502
