#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cstdio>
#include <optional>

#include "base/text.hpp"
#include "cli/commands.hpp"
#include "cli/fix.hpp"
#include "cli/session.hpp"
#include "remedy/facts.hpp"
#include "remedy/remedy.hpp"
#include "repair/carry_out.hpp"
#include "sys/held_signals.hpp"

namespace fix502 {
namespace {

std::string_view title_of(std::string_view remedy) {
  const auto& all = automatic_remedies();
  const auto found = std::ranges::find(all, remedy, &AutomaticRemedy::id);
  return found == all.end() ? remedy : found->title;
}

Prepared::Outcome outcome_of(const Report& report) {
  return {.helped = report.verdict.outcome == Outcome::healthy && !report.evidence.interrupted,
          .line = report.verdict.summary.substr(0, report.verdict.summary.find_last_not_of(". ") + 1)};
}

void show(const FixRequest& request, const Work& work) {
  fmt::print(request.out, "{}:\n", title_of(request.remedy));
  for (const auto& step : work.steps) fmt::print(request.out, "  - {}\n", printable(step.say, 600));
}

/// Takes back what was changed. The reason for it was said already.
int take_back(const FixRequest& request, ChangeSet& set, int status, FixResult& result) {
  if (const auto undone = set.take_back(); !undone) {
    result.outcome = "failed";
    result.change = set.id();
    return complain(fmt::format("and it could not be taken back: {}; `fix502 undo {}` tries again",
                                undone.error().message(), set.id()));
  }
  fmt::print(request.out, "What was changed has been taken back.\n");
  return status;
}

/// "2: an error": said on standard error, and kept for a program.
int failed(FixResult& result, const std::string& why) {
  result.outcome = "failed";
  result.said = why;
  return complain(why);
}

/// A signal came before anything was sure.
int stopped(const FixRequest& request, ChangeSet& set, FixResult& result) {
  result.outcome = "stopped";
  result.said = "interrupted";
  fmt::print(request.out, "Interrupted. ");
  return take_back(request, set, kInterrupted, result);
}

/// The same before anything was changed.
int stopped_early(const FixRequest& request, FixResult& result) {
  result.outcome = "stopped";
  result.said = "interrupted";
  fmt::print(request.out, "Interrupted: nothing was changed.\n");
  return kInterrupted;
}

int conclude(const FixRequest& request, const Prepared& ready, ChangeSet& set, FixResult& result) {
  const auto outcome = ready.check ? ready.check() : page_after(request, request.diagnosis.settings);
  if (HeldSignals::came()) return stopped(request, set, result);
  result.said = outcome.line;
  result.outcome = outcome.helped ? "done" : "no-help";
  if (!outcome.helped) {
    fmt::print(request.out, "It did not help: {}.\n", printable(outcome.line, 600));
    return take_back(request, set, 1, result);
  }
  if (const auto done = set.done(true); !done) return failed(result, done.error().message());
  result.tell = ready.work.tell;
  fmt::print(request.out, "Done: {}.\n", printable(outcome.line, 600));
  for (const auto& line : ready.work.tell) fmt::print(request.out, "{}\n", printable(line, 2000));
  const bool lasting = std::ranges::all_of(ready.work.steps, [](const WorkStep& step) {
    const auto* run = std::get_if<RunCommand>(&step.change);
    return run && run->undo.empty();
  });
  if (lasting) return 0;
  result.change = set.id();
  fmt::print(request.out, "`fix502 undo {}` takes it back.\n", set.id());
  return 0;
}

}  // namespace

bool agrees(std::FILE* out, std::string_view question) {
  fmt::print(out, "{} [Y/n] ", question);
  std::fflush(out);
  std::array<char, 64> line{};
  if (std::fgets(line.data(), line.size(), stdin) == nullptr) {
    fmt::print(out, "\n");
    return false;
  }
  const std::string answer = lower(trim(line.data()));
  return answer.empty() || answer == "y" || answer == "yes";
}

Result<Journal> own_journal() {
  auto folder = journal_folder();
  if (!folder) return std::unexpected(folder.error());
  JournalOptions options;
  options.root = std::move(*folder);
  options.run = run_shown;
  return Journal(std::move(options));
}

Prepared::Outcome page_works(const Target& target, const Settings& settings) {
  return outcome_of(diagnose_now(target, settings));
}

Prepared::Outcome page_after(const FixRequest& request, const Settings& settings) {
  const Report report = diagnose_now(request.diagnosis.target, settings);
  auto outcome = outcome_of(report);
  const auto& now = report.verdict.finding;
  if (outcome.helped || !now || report.evidence.interrupted || !request.before || !request.before->finding)
    return outcome;
  const Verdict& before = *request.before;
  outcome.helped = is_meant_for(request.remedy, before.finding->fault) && !is_meant_for(request.remedy, now->fault) &&
                   std::ranges::find(before.also, now->fault, &Finding::fault) != before.also.end();
  if (!outcome.helped) return outcome;
  const FaultInfo* over = find_fault(before.finding->fault);
  outcome.line = fmt::format("\"{}\" is over. The page still fails, for another reason: {}",
                             over == nullptr ? before.finding->fault : over->title, outcome.line);
  return outcome;
}

namespace {

/// Ready to be carried out; nullopt: the answer is in `status` and `result`.
std::optional<Prepared> prepared(const FixRequest& request, FixResult& result, int& status) {
  const Fixer* fixer = find_fixer(request.remedy);
  status = 2;
  if (fixer == nullptr) {
    (void)failed(result, fmt::format("`{}` cannot be carried out by this version", request.remedy));
    return std::nullopt;
  }
  auto ready = fixer->prepare(request);
  if (HeldSignals::came()) {
    status = stopped_early(request, result);
    return std::nullopt;
  }
  if (!ready) {
    (void)failed(result, ready.error().message());
    return std::nullopt;
  }
  for (const auto& step : ready->work.steps) result.steps.push_back(step.say);
  if (ready->work.nothing.empty()) return std::move(*ready);
  fmt::print(request.out, "Nothing to do: {}.\n", printable(ready->work.nothing, 600));
  result.outcome = "nothing";
  result.said = ready->work.nothing;
  status = 1;
  return std::nullopt;
}

}  // namespace

int plan_remedy(const FixRequest& request, FixResult& result) {
  int status = 0;
  const auto ready = prepared(request, result, status);
  if (!ready) return status;
  show(request, ready->work);
  result.outcome = "planned";
  return 0;
}

int apply_remedy(const FixRequest& asked, FixResult& result) {
  FixRequest request = asked;
  const Milliseconds look = request.diagnosis.settings.timeout;
  const auto tell = [&](std::string_view doing, Milliseconds left) {
    if (request.progress) request.progress(doing, left);
  };
  std::optional<HeldSignals> held(std::in_place);
  tell("finding out what has to change", 3 * look);
  int status = 0;
  const auto ready = prepared(request, result, status);
  if (!ready) return status;
  const Milliseconds check = ready->check_takes.value_or(look);
  show(request, ready->work);
  result.outcome = "nothing";
  if (request.ask && !request.diagnosis.yes && isatty(STDIN_FILENO) != 0) {
    held.reset();  // who is asked may go
    if (!agrees(request.out, "Go on?")) {
      result.said = "it was not agreed to";
      fmt::print(request.out, "Nothing was changed.\n");
      return 1;
    }
    held.emplace();
  }
  if (!request.before && request.has_url() && (ready->compares || !ready->check)) {
    tell("looking at the page as it is now", look + check);
    const Report before = diagnose_now(request.diagnosis.target, request.diagnosis.settings);
    if (HeldSignals::came()) return stopped_early(request, result);
    request.before = before.verdict;
  }
  const auto journal = own_journal();
  if (!journal) return failed(result, journal.error().message());
  tell("changing it", check);
  auto set = journal->begin(request.remedy, request.diagnosis.target.url);
  if (!set) return failed(result, set.error().message());
  auto changed = carry_out(ready->work, *set);
  if (changed && ready->act) changed = ready->act(*set);
  if (HeldSignals::came()) return stopped(request, *set, result);
  if (!changed) {
    (void)failed(result, changed.error().message());
    return take_back(request, *set, 2, result);
  }
  tell("asking for the page again", check);
  return conclude(request, *ready, *set, result);
}

int offer_remedy(const Report& report, const DiagnosisOptions& options, int status) {
  const auto helps = [](const Remedy& remedy) {
    return remedy.automatic && remedy.outlook == Outlook::fixes && find_fixer(remedy.id) != nullptr;
  };
  const auto best = std::ranges::find_if(report.remedies, helps);
  if (options.no_fix || best == report.remedies.end() || report.evidence.interrupted) return status;
  std::FILE* out = options.json ? stderr : stdout;
  const bool terminal = isatty(STDIN_FILENO) != 0 && isatty(STDOUT_FILENO) != 0 && !options.json;
  if (!options.fix) {
    if (!terminal) return status;
    const auto question = fmt::format("\nApply '{}' now?", best->title);
    if (!options.yes && !agrees(out, question)) return status;
  }
  FixRequest request;
  request.remedy = best->id;
  // What was seen to answer well needs no second measuring.
  const auto* finding = report.verdict.finding ? &*report.verdict.finding : nullptr;
  if (request.remedy == "custom-dns") request.resolver = gather_facts(report.evidence, finding).resolver;
  request.diagnosis = options;
  request.before = report.verdict;
  request.out = out;
  request.ask = false;
  FixResult result;
  const int fixed = apply_remedy(request, result);
  return fixed == 1 ? status : fixed;
}

}  // namespace fix502
