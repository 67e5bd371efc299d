#include "inspect/apply.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cctype>
#include <filesystem>
#include <set>

#include "base/text.hpp"
#include "cause/scene.hpp"
#include "sys/held_signals.hpp"
#include "sys/host.hpp"

namespace fix502 {
namespace {

constexpr int kMostChanges = 6;

/// Where the bytes really are: sites-enabled holds links, and a link is never written through.
std::string real_path(const FoundGateway& gateway, const std::string& path) {
  std::error_code error;
  const auto real = std::filesystem::canonical(gateway.root + path, error);
  return error ? gateway.root + path : real.string();
}

bool is_present(const std::vector<Judged>& judged, const CauseFinding& cause) {
  return std::ranges::any_of(judged, [&](const Judged& other) {
    const CauseFinding& one = other.finding.cause;
    return one.state == CauseState::present && one.fault == cause.fault &&
           (one.upstream == cause.upstream || cause.upstream.empty());
  });
}

/// The page's answer in one number: the less the better.
int badness(const Inspection& seen) {
  int worst = 0;
  for (const auto& way : seen.ways)
    for (const auto& answer : way.evidence.answers) {
      if (!answer.varied.empty()) continue;  // a handshake that no visitor makes is not the page
      const auto& http = answer.http;
      const int now = http.status == 101                              ? 0
                      : http.failure != Failure::none || !http.status ? 3
                      : *http.status >= 500                           ? 2
                      : *http.status >= 400                           ? 1
                                                                      : 0;
      worst = std::max(worst, now);
    }
  return worst;
}

/// As part of a sentence: "the page answers 200 now".
std::string answer_now(const Inspection& seen) {
  for (const auto& way : seen.ways)
    if (!way.evidence.answers.empty()) {
      const auto& http = way.evidence.answers.front().http;
      return http.status ? fmt::format("the page answers {} now", *http.status) : std::string(sentence(http.failure));
    }
  return "the configuration is in force";
}

Result<void> write_all(ChangeSet& set, const FoundGateway& gateway, const Judged& judged) {
  for (const auto& [path, text] : judged.after)
    if (auto written = set.write_file(real_path(gateway, path), text); !written) return written;
  if (!judged.remove.empty()) {
    std::vector<std::filesystem::path> gone(judged.remove.begin(), judged.remove.end());
    if (auto moved = set.move_away(gone, Regrown::replace); !moved) return moved;
  }
  return {};
}

/// Puts the files back and, where they had been loaded, loads them again.
std::string take_back(ChangeSet& set, const FoundGateway& gateway, bool loaded) {
  if (auto undone = set.take_back(); !undone)
    return fmt::format("and could not be taken back: {}", undone.error().message());
  if (!loaded) return {};
  if (auto again = reload(gateway); !again)
    return fmt::format("the old configuration is back, and {}", again.error().message());
  return {};
}

/// One fix from the first byte to the verdict.
Result<Applied::Change> apply_one(const GatewayQuestion& question, const Journal& journal, Inspection& seen,
                                  std::vector<Judged>& judged, const Judged& wanted) {
  const std::size_t index = seen.ways[wanted.way].gateway;
  const FoundGateway& gateway = seen.gateways[index];
  Applied::Change change{
      .fault = wanted.finding.cause.fault, .title = wanted.finding.fix->title, .kept = false, .said = {}, .undo = 0};
  auto set = journal.begin(fmt::format("gateway {}", gateway.kind->id),
                           question.target ? question.target->url : gateway.request.config);
  if (!set) return std::unexpected(set.error());
  change.undo = set->id();
  // Undone last, when every file is back: the gateway then loads what it had.
  Command nothing{.words = {"true"}};
  Command again{.words = reload_command(gateway), .as_root = true};
  if (auto noted = set->command(nothing, again, fmt::format("{} loads its configuration", gateway.kind->title)); !noted)
    return std::unexpected(noted.error());
  if (auto written = write_all(*set, gateway, wanted); !written) {
    change.said = written.error().message() + take_back(*set, gateway, false);
    return change;
  }
  if (const Checked checked = check(gateway); checked.ran && !checked.good) {
    change.said =
        fmt::format("the gateway's own check refused it: {}. {}", checked.said, take_back(*set, gateway, false));
    return change;
  }
  if (auto loaded = reload(gateway); !loaded) {
    change.said = fmt::format("{}. {}", loaded.error().message(), take_back(*set, gateway, true));
    return change;
  }
  const WallTime loaded_at = this_host()->now();
  GatewayQuestion again_asked = question;
  // Lines have whole seconds: those of this one may be from before.
  again_asked.since = loaded_at + std::chrono::seconds(1);
  again_asked.idle_probe = std::chrono::milliseconds(0);
  auto after = inspect(again_asked);
  std::vector<Judged> judged_after;
  if (after) judged_after = judge(*after);
  // Of half an inspection nothing follows.
  if (HeldSignals::came()) {
    change.said = fmt::format("Interrupted, and taken back. {}", take_back(*set, gateway, true));
    return change;
  }
  const bool ended = after && !is_present(judged_after, wanted.finding.cause) && badness(*after) <= badness(seen) &&
                     (!wanted.finding.cause.now || badness(*after) < badness(seen) || badness(seen) < 2);
  if (!ended) {
    const std::string why = !after ? after.error().message() : answer_now(*after);
    change.said = fmt::format("It did not end the fault: {}. {}", why, take_back(*set, gateway, true));
    return change;
  }
  if (auto done = set->done(true); !done) return std::unexpected(done.error());
  change.kept = true;
  change.said = answer_now(*after) + ".";
  change.said.front() = static_cast<char>(std::toupper(static_cast<unsigned char>(change.said.front())));
  seen = std::move(*after);
  judged = std::move(judged_after);
  return change;
}

}  // namespace

std::vector<std::string> reload_command(const FoundGateway& gateway) {
  std::error_code error;
  const auto self = std::filesystem::read_symlink("/proc/self/exe", error);
  return {error ? "fix502" : self.string(),
          "gateway",
          "--reload",
          "--kind",
          std::string(gateway.kind->id),
          "--config",
          gateway.request.config};
}

Result<Applied> apply_fixes(const GatewayQuestion& question, const Journal& journal, Inspection& seen,
                            std::vector<Judged>& judged) {
  Applied applied;
  std::set<std::string> tried;
  const HeldSignals held;
  for (int round = 0; round < kMostChanges && !HeldSignals::came(); ++round) {
    const auto next = std::ranges::find_if(judged, [&](const Judged& one) {
      return one.finding.fix && one.finding.fix->automatic &&
             !tried.contains(one.finding.cause.fault + one.finding.cause.upstream);
    });
    if (next == judged.end()) break;
    tried.insert(next->finding.cause.fault + next->finding.cause.upstream);
    // NOLINTNEXTLINE(performance-unnecessary-copy-initialization): what it stands in is replaced meanwhile
    const Judged wanted = *next;
    auto change = apply_one(question, journal, seen, judged, wanted);
    if (!change) return std::unexpected(change.error());
    applied.changes.push_back(std::move(*change));
  }
  if (HeldSignals::came()) seen.interrupted = true;
  return applied;
}

}  // namespace fix502
