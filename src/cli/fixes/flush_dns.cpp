#include "remedy/flush_dns.hpp"

#include <fmt/format.h>

#include "cli/fix.hpp"
#include "cli/session.hpp"
#include "fault/caches.hpp"
#include "fault/names.hpp"
#include "resolver/restore.hpp"

namespace fix502 {
namespace {

std::string addresses_of(const Names& names) {
  std::string text;
  for (const auto& address : names.system_addresses()) text += (text.empty() ? "" : ", ") + address;
  return text.empty() ? "nothing" : text;
}

/// Where a program can be given back what it forgot, undo does that.
void add_undo(Work& work) {
  bool lasting = true;
  for (auto& step : work.steps) {
    auto* run = std::get_if<RunCommand>(&step.change);
    if (run == nullptr) continue;
    Restore restore = restore_of(run->words, std::chrono::steady_clock::now() + std::chrono::seconds(5));
    run->undo = std::move(restore.words);
    run->undo_input = std::move(restore.input);
    lasting = lasting && run->undo.empty();
  }
  if (lasting) work.tell.emplace_back("There is nothing to take back: a cache fills again by itself.");
}

/// The same questions once more: the wrong answer must be gone, and the page there.
Prepared::Outcome ask_again(const Target& target, const Settings& settings) {
  const Report report = diagnose_now(target, settings);
  const Names names = read_names(report.evidence, target.host);
  if (!names.caches.empty()) {
    const CacheWord word = where_it_is_stored(names);
    if (word.outlook != Outlook::no_effect || !bad_caches(names).empty())
      return {.helped = false, .line = "the old answer is still there: " + word.finding};
  }
  const std::string now = fmt::format("{} is now {}", target.host, addresses_of(names));
  if (report.verdict.outcome == Outcome::healthy) return {.helped = true, .line = now + ", and the page works"};
  return {.helped = false, .line = now + ", and the page still fails: " + report.verdict.summary};
}

}  // namespace

Result<Prepared> prepare_flush_dns(const FixRequest& request) {
  const Target target = request.diagnosis.target;
  const Settings settings = request.diagnosis.settings;
  Prepared ready;
  ready.work = flush_dns(diagnose_now(target, settings).evidence);
  add_undo(ready.work);
  ready.check = [target, settings] { return ask_again(target, settings); };
  return ready;
}

}  // namespace fix502
