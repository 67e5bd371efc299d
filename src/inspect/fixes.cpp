#include "inspect/fixes.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "base/text.hpp"
#include "cause/scene.hpp"

namespace fix502 {
namespace {

std::string_view phrase(MendingKind kind) {
  switch (kind) {
#define MENDING(id, title) \
  case MendingKind::id:    \
    return title;
#include "gateway/mendings.def"
#undef MENDING
  }
  return {};
}

std::string amount_text(LimitKind kind, std::int64_t amount) {
  if (unit(kind) == "ms") return time_text(amount);
  return unit(kind) == "bytes" ? size_text(static_cast<std::uint64_t>(std::max<std::int64_t>(amount, 0)))
                               : std::to_string(amount);
}

/// The reason of a change, with its values: "raise the time for the upstream to answer: 5 s instead of 2 s".
std::string title_of_change(const Mending& mending, const Route& route) {
  const std::string what(phrase(mending.kind));
  if (mending.kind == MendingKind::set_limit) {
    const Limit* now = route.limit(mending.limit);
    const bool known = now != nullptr && now->amount;
    return fmt::format("{} the {}: {}{}", known && *now->amount > mending.amount ? "lower" : "raise",
                       title(mending.limit), amount_text(mending.limit, mending.amount),
                       known ? " instead of " + amount_text(mending.limit, *now->amount) : std::string());
  }
  if (mending.kind == MendingKind::keep_shorter) return fmt::format("{}: {}", what, time_text(mending.amount));
  if (mending.kind == MendingKind::speak) return fmt::format("{}: {}", what, title(mending.protocol));
  const std::string& value = mending.name.empty() ? mending.text : mending.name;
  // What a broken line is like is no value.
  if (value.empty() || mending.kind == MendingKind::tolerate_header) return what;
  return fmt::format("{}: {}", what, printable(value, 200));
}

/// Whether `--apply` may do it: it runs, so that it can be seen to help, and nothing but a reload is needed.
bool is_automatic(const FoundGateway& gateway, const CauseFinding& cause, bool restart) {
  return cause.state == CauseState::present && cause.mends && gateway.master && !restart;
}

std::optional<Proposal> proposal_for(const FoundGateway& gateway, const GatewayEvidence& way, const Mending& mending) {
  if (mending.kind == MendingKind::reload_only) return Proposal{};
  return gateway.configuration->propose(way.route, mending);
}

void add_fix(Judged& judged, const FoundGateway& gateway, const GatewayEvidence& way) {
  for (const auto& mending : judged.finding.cause.mendings) {
    auto proposal = proposal_for(gateway, way, mending);
    if (!proposal) continue;
    auto after = apply_edits(gateway.configuration->files, proposal->edits);
    if (!after) continue;
    FileTexts before;
    for (const auto& [path, text] : *after) before[path] = gateway.configuration->files.at(path);
    GatewayFix fix;
    fix.title = proposal->title.empty() ? title_of_change(mending, way.route) : proposal->title;
    fix.diff = unified_diff(before, *after);
    if (fix.diff.empty() && mending.kind != MendingKind::reload_only) continue;
    fix.commands = commands_of(gateway);
    fix.automatic = is_automatic(gateway, judged.finding.cause, proposal->restart);
    judged.restart = proposal->restart;
    judged.before = std::move(before);
    judged.after = std::move(*after);
    if (mending.kind == MendingKind::cache_no_errors && way.stored) judged.remove.push_back(way.stored->file);
    judged.finding.fix = std::move(fix);
    return;
  }
  // What runs may have been set by hand, and would be lost: only the owner can know.
  if (gateway.configuration->outdated)
    judged.finding.fix = GatewayFix{.title = "load the file, if it is right: what runs is not what it says",
                                    .diff = {},
                                    .commands = commands_of(gateway),
                                    .automatic = false};
}

bool same_finding(const CauseFinding& a, const CauseFinding& b) {
  return a.fault == b.fault && a.upstream == b.upstream && a.place == b.place;
}

/// "1 file", "2 files".
std::string counted(std::size_t count, std::string_view what) {
  return fmt::format("{} {}{}", count, what, count == 1 ? "" : "s");
}

std::vector<std::string> checked_of(const Inspection& seen) {
  std::vector<std::string> checked;
  if (seen.gateways.empty()) return checked;
  for (const auto& gateway : seen.gateways)
    checked.push_back(fmt::format("{} {}: {} of configuration", gateway.kind->title, gateway.configuration->version,
                                  counted(gateway.configuration->files.size(), "file")));
  std::size_t replays = 0, logs = 0, servers = 0;
  for (const auto& way : seen.ways) {
    replays += way.evidence.replays.size();
    servers += way.evidence.route.servers.size();
    if (way.evidence.route.kind == RouteKind::proxied) logs += way.evidence.log.size();
    for (const auto& idle : way.evidence.idle)
      if (idle.kept)
        checked.push_back(
            idle.limit
                ? fmt::format("idle connections are kept for {}", time_text(idle.limit->count() / 1000))
                : fmt::format("idle connections were still open after {}", time_text(idle.watched.count() / 1000)));
  }
  checked.push_back(fmt::format("{} as the gateway sends them, to {}", counted(replays, "request"),
                                counted(servers, "upstream server")));
  checked.push_back(logs == 0 ? std::string("no error of these upstreams in the logs since then")
                              : fmt::format("{} of error in the logs", counted(logs, "kind")));
  checked.push_back("sockets, descriptors, ports and queues of this machine");
  return checked;
}

}  // namespace

std::vector<Judged> judge(const Inspection& seen) {
  std::vector<Judged> all;
  for (std::size_t i = 0; i < seen.ways.size(); ++i) {
    const auto& way = seen.ways[i];
    for (auto& cause : find_causes(way.evidence)) {
      if (std::ranges::any_of(all, [&](const Judged& other) { return same_finding(other.finding.cause, cause); }))
        continue;
      Judged judged;
      judged.finding.gateway = way.evidence.kind;
      judged.finding.cause = std::move(cause);
      judged.way = i;
      add_fix(judged, seen.gateways[way.gateway], way.evidence);
      all.push_back(std::move(judged));
    }
  }
  // What one gateway passes on is explained where the gateway behind it was found broken.
  const auto is_cause = [](const Judged& one) {
    return one.finding.cause.state == CauseState::present && !one.finding.cause.fault.starts_with("origin.");
  };
  if (std::ranges::any_of(all, is_cause))
    std::erase_if(all, [](const Judged& one) { return one.finding.cause.fault.starts_with("origin."); });
  // Within one way the order is find_causes'; across ways what is present and felt now comes first.
  std::ranges::stable_sort(all, [](const Judged& a, const Judged& b) {
    const auto rank = [](const Judged& one) {
      return one.finding.cause.state != CauseState::present ? 2 : one.finding.cause.now ? 0 : 1;
    };
    return rank(a) < rank(b);
  });
  return all;
}

GatewayReport report_of(const GatewayQuestion& question, const Inspection& seen, const std::vector<Judged>& judged) {
  GatewayReport report;
  report.version = FIX502_VERSION;
  report.target = question.target;
  report.requests_sent = seen.requests_sent;
  report.interrupted = seen.interrupted;
  for (const auto& gateway : seen.gateways)
    report.gateways.push_back({.kind = std::string(gateway.kind->id),
                               .version = gateway.configuration->version,
                               .main_file = gateway.request.config,
                               .running = gateway.master.has_value(),
                               .files = gateway.configuration->files.size(),
                               .problems = gateway.configuration->problems});
  std::vector<const GatewayEvidence*> ways;
  for (const auto& way : seen.ways) {
    report.ways.push_back(way.evidence);
    for (const auto& note : way.evidence.notes)
      if (!lists(report.notes, note)) report.notes.push_back(note);
  }
  for (const auto& note : seen.notes) report.notes.push_back(note);
  for (const auto& way : report.ways) ways.push_back(&way);
  std::vector<CauseFinding> causes;
  for (const auto& one : judged) {
    report.findings.push_back(one.finding);
    causes.push_back(one.finding.cause);
  }
  report.verdict = judge_gateway(causes, ways);
  for (std::size_t i = 0; i < judged.size(); ++i) {
    if (!report.verdict.finding || judged[i].finding.cause.fault != report.verdict.finding->fault) continue;
    for (std::size_t sign = 0; sign < judged[i].finding.cause.signs.size(); ++sign)
      report.verdict.evidence.push_back(fmt::format("f{}e{}", i + 1, sign + 1));
    if (std::ranges::any_of(seen.ways, [](const InspectedWay& way) { return !way.evidence.answers.empty(); }))
      report.verdict.answered_by = judged[i].finding.cause.now ? judged[i].finding.gateway : std::string();
    break;
  }
  if (seen.gateways.empty()) report.verdict.summary = "No gateway was found on this machine.";
  report.checked = checked_of(seen);
  return report;
}

}  // namespace fix502
