// `fix502 gateway [URL]`: the owner's side, on the gateway's own machine.

#include <fmt/format.h>
#include <unistd.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <chrono>
#include <cmath>

#include "base/text.hpp"
#include "cli/commands.hpp"
#include "cli/fix.hpp"
#include "cli/gateway_edge.hpp"
#include "cli/session.hpp"
#include "history/times.hpp"
#include "inspect/apply.hpp"
#include "inspect/fixes.hpp"
#include "inspect/inspect.hpp"
#include "sys/host.hpp"

namespace fix502 {
namespace {

struct GatewayRaw {
  std::string url, kind, config, since, cookie, markdown, origin;
  std::vector<std::string> access_logs, error_logs, upstream_logs, headers;
  double timeout = 30, replay_timeout = 10, idle_probe = -1;
  bool json = false, apply = false, yes = false, reload = false, verbose = false;
};

void declare_gateway(CLI::App& app, GatewayRaw& raw) {
  app.add_option("url", raw.url, "the page; without it every way through the gateway is judged")->type_name("URL");
  app.add_option("--kind", raw.kind, "nginx, haproxy, apache or caddy (default: those that run)")->type_name("KIND");
  app.add_option("--config", raw.config, "its main configuration file")->type_name("FILE");
  app.add_option("--access-log", raw.access_logs, "an access log; repeatable")
      ->type_name("FILE")
      ->allow_extra_args(false);
  app.add_option("--error-log", raw.error_logs, "an error log; repeatable")->type_name("FILE")->allow_extra_args(false);
  app.add_option("--upstream-log", raw.upstream_logs, "the application's own log; repeatable")
      ->type_name("FILE")
      ->allow_extra_args(false);
  app.add_option("--since", raw.since, "log lines from then on: 90m, 7d, 2026-11-01 (1h)")->type_name("TIME");
  app.add_option("--timeout", raw.timeout, "seconds for the whole (30)")->type_name("SECONDS");
  app.add_option("--replay-timeout", raw.replay_timeout, "seconds for the replay of the gateway's request (10)")
      ->type_name("SECONDS");
  app.add_option("--idle-probe", raw.idle_probe, "seconds to watch idle connections at most (20), 0: not at all")
      ->type_name("SECONDS");
  app.add_option("--origin", raw.origin,
                 "this machine's address, where a CDN is in front: edge and origin are compared")
      ->type_name("HOST[:PORT]");
  app.add_option("-H,--header", raw.headers, "a header of the visitor's request, 'Name: value'")
      ->type_name("HEADER")
      ->allow_extra_args(false);
  app.add_option("--cookie", raw.cookie, "the Cookie header of the visitor's request")->type_name("STRING");
  app.add_flag("--apply", raw.apply,
               "make the change that ends the fault, check it, reload, ask again; roll back if it does not help");
  app.add_flag("--yes", raw.yes, "do not ask before --apply");
  app.add_flag("--reload", raw.reload, "only check the configuration and have the gateway load it");
  app.add_flag("--json", raw.json, "one JSON report (fix502.gateway/1) on standard output, nothing else there");
  app.add_option("--markdown", raw.markdown, "write the report for a ticket to FILE")->type_name("FILE");
  app.add_flag("-v,--verbose", raw.verbose, "show every way with its limits, and what was checked");
}

Result<std::chrono::milliseconds> seconds_of(double seconds, std::string_view option, double least) {
  if (!std::isfinite(seconds) || seconds < least || seconds > 86'400)
    return fail(fmt::format("{} takes seconds from {} to 86400", option, least));
  return std::chrono::milliseconds(static_cast<std::int64_t>(seconds * 1000));
}

Result<NameValue> header_of(const std::string& text) {
  const auto colon = text.find(':');
  if (colon == std::string::npos || colon == 0 || text.find_first_of("\r\n") != std::string::npos)
    return fail("a header is written 'Name: value'", printable(text, 80));
  return NameValue{text.substr(0, colon), std::string(trim(std::string_view(text).substr(colon + 1)))};
}

Result<GatewayQuestion> question_of(const GatewayRaw& raw) {
  GatewayQuestion question;
  const WallTime now = this_host()->now();
  question.since = now - std::chrono::hours(1);
  if (!raw.url.empty()) {
    auto target = parse_target(raw.url);
    if (!target) return std::unexpected(target.error());
    question.target = std::move(*target);
  }
  if (!raw.kind.empty() && find_gateway_kind(raw.kind) == nullptr)
    return fail("--kind takes nginx, haproxy, apache or caddy, not", printable(raw.kind, 40));
  question.wish = {.kind = raw.kind, .config = raw.config};
  if (!raw.since.empty()) {
    const auto since = parse_since(raw.since, now);
    if (!since) return std::unexpected(since.error());
    question.since = *since;
  }
  for (const auto* logs : {&raw.access_logs, &raw.error_logs, &raw.upstream_logs})
    for (const auto& path : *logs)
      if (access(path.c_str(), R_OK) != 0) return fail("this log cannot be read", printable(path, 200));
  question.access_logs = raw.access_logs;
  question.error_logs = raw.error_logs;
  question.upstream_logs = raw.upstream_logs;
  for (const auto& text : raw.headers) {
    auto header = header_of(text);
    if (!header) return std::unexpected(header.error());
    question.headers.push_back(std::move(*header));
  }
  if (!raw.cookie.empty()) question.headers.push_back({"Cookie", raw.cookie});
  const auto timeout = seconds_of(raw.timeout, "--timeout", 0.1);
  const auto replay = seconds_of(raw.replay_timeout, "--replay-timeout", 0.1);
  if (!timeout) return std::unexpected(timeout.error());
  if (!replay) return std::unexpected(replay.error());
  question.timeout = *timeout;
  question.replay_timeout = *replay;
  if (raw.idle_probe >= 0) {
    const auto idle = seconds_of(raw.idle_probe, "--idle-probe", 0);
    if (!idle) return std::unexpected(idle.error());
    question.idle_probe = *idle;
  }
  return question;
}

int reload_only(const GatewayQuestion& question) {
  std::vector<std::string> notes;
  const auto gateways = find_gateways(question.wish, notes);
  if (!gateways) return complain(gateways.error().message());
  int status = 0;
  for (const auto& gateway : *gateways) {
    if (!gateway.master) {
      fmt::print(stderr, "fix502: {} does not run, so there is nothing to reload\n", gateway.kind->title);
      continue;
    }
    if (const Checked checked = check(gateway); checked.ran && !checked.good) {
      status = complain(fmt::format("{} refuses its configuration and goes on with the one it has: {}",
                                    gateway.kind->title, checked.said));
      continue;
    }
    if (const auto loaded = reload(gateway); !loaded) status = complain(loaded.error().message());
  }
  return status;
}

int exit_status(const GatewayReport& report) {
  if (report.interrupted) return 130;
  switch (report.verdict.outcome) {
    case Outcome::healthy:
      return 0;
    case Outcome::fault:
      return 1;
    default:
      return 3;
  }
}

/// The line that lives on a terminal's standard error while the work goes on.
class Progress {
 public:
  Progress() : on_(isatty(STDERR_FILENO) != 0) {}
  ~Progress() { show({}); }
  Progress(const Progress&) = delete;
  Progress& operator=(const Progress&) = delete;
  void show(std::string_view what) const {
    if (!on_) return;
    fmt::print(stderr, "\r\x1b[K{}{}", what, what.empty() ? "" : " ...");
    std::fflush(stderr);
  }

 private:
  bool on_;
};

Result<Applied> apply_all(const GatewayQuestion& question, Inspection& seen, std::vector<Judged>& judged) {
  const auto journal = own_journal();
  if (!journal) return std::unexpected(journal.error());
  return apply_fixes(question, *journal, seen, judged);
}

}  // namespace

int gateway_command(std::vector<std::string> arguments) {
  GatewayRaw raw;
  CLI::App app("Finds the exact cause behind a gateway's error on its own machine, and makes the change that ends it.",
               "fix502 gateway");
  declare_gateway(app, raw);
  std::ranges::reverse(arguments);  // CLI11 takes them from the back
  try {
    app.parse(std::move(arguments));
  } catch (const CLI::CallForHelp&) {
    fmt::print("{}", app.help());
    return 0;
  } catch (const CLI::ParseError& error) {
    return complain(fmt::format("{} (fix502 gateway --help lists what each option takes)", error.what()));
  }
  auto question = question_of(raw);
  if (!question) return complain(question.error().message());
  const auto origin = origin_option(raw.origin, *question);
  if (!origin) return complain(origin.error().message());
  if (raw.reload) return reload_only(*question);
  if (!raw.markdown.empty())
    if (const auto written = write_file(raw.markdown, ""); !written) return complain(written.error().message());

  const auto began = std::chrono::steady_clock::now();
  const WallTime started = this_host()->now();
  const Progress progress;
  question->progress = [&](std::string_view what) { progress.show(what); };
  auto seen = inspect(*question);
  progress.show({});
  if (!seen) return complain(seen.error().message());
  std::vector<Judged> judged = judge(*seen);
  GatewayReport report = report_of(*question, *seen, judged);
  const auto edge = ask_edge_and_origin(*question, *origin);
  if (edge) add_edge(report, *edge);
  progress.show({});
  const auto finish = [&] {
    report.started_at = utc_time(started);
    report.duration = std::chrono::duration_cast<Duration>(std::chrono::steady_clock::now() - began);
  };
  finish();
  const bool ask = raw.apply && !raw.yes && !raw.json && isatty(STDIN_FILENO) != 0;
  if (ask) fmt::print("{}", gateway_terminal(report, style_of_stdout(raw.verbose)));
  if (raw.apply && !seen->interrupted && (!ask || agrees(stdout, "Make the changes that `--apply` names?"))) {
    const auto applied = apply_all(*question, *seen, judged);
    progress.show({});
    if (!applied) return complain(applied.error().message());
    const auto findings = report.findings;
    report = report_of(*question, *seen, judged);
    // What was found stays in the report, also when it is ended.
    if (report.findings.empty()) report.findings = findings;
    report.applied = *applied;
    if (edge) add_edge(report, *edge);
    finish();
  }
  if (raw.json)
    fmt::print("{}", gateway_json(report));
  else
    fmt::print("{}", gateway_terminal(report, style_of_stdout(raw.verbose)));
  if (!raw.markdown.empty())
    if (const auto written = write_file(raw.markdown, gateway_markdown(report)); !written)
      return complain(written.error().message());
  return exit_status(report);
}

}  // namespace fix502
