// `fix502 demo`: a small site on loopback, broken on purpose, diagnosed like any other; then what was really broken.

#include <fmt/format.h>

#include <algorithm>
#include <boost/asio/io_context.hpp>
#include <boost/asio/signal_set.hpp>
#include <csignal>
#include <cstdio>

#include "base/text.hpp"
#include "cli/commands.hpp"
#include "cli/session.hpp"
#include "demo/demo.hpp"
#include "demo/demo_net.hpp"
#include "demo/stage.hpp"
#include "net/real_net.hpp"
#include "pipeline/observe.hpp"
#include "report/columns.hpp"

namespace fix502 {
namespace {

constexpr std::string_view kDefault = "origin.bad-gateway";
constexpr std::string_view kServe = "--serve";

int list(const std::vector<std::string>& options) {
  if (!options.empty() && (options.size() > 1 || options[0] != "--json"))
    return complain("`fix502 demo list` takes --json and nothing else");
  if (options.empty()) {
    for (const Demo* demo : demos()) fmt::print("{:<24} {}\n", demo->fault, demo->about);
    return 0;
  }
  Json names = Json::array();
  for (const Demo* demo : demos()) names.push_back(demo->fault);
  fmt::print("{}\n", names.dump(2));
  return 0;
}

void print_wrapped(std::FILE* out, std::string_view text) {
  for (const auto& line : wrapped(text, 76, 8, "...")) fmt::print(out, "  {}\n", line);
}

std::string judgement(const Demo& demo, const Report& report) {
  if (report.verdict.finding && report.verdict.finding->fault == demo.fault)
    return fmt::format("The catalogue calls that {}, and so does the verdict.", demo.fault);
  return fmt::format("The catalogue calls that {}; the verdict says {}.", demo.fault,
                     report.verdict.finding ? report.verdict.finding->fault : to_word(report.verdict.outcome));
}

/// With --json, standard output is the report's alone.
void tell(const Demo& demo, const DemoStage& stage, const Report& report, bool json) {
  std::FILE* out = json ? stderr : stdout;
  fmt::print(out, "\nWhat was really broken\n");
  print_wrapped(out, stage.broken());
  print_wrapped(out, judgement(demo, report));
  print_wrapped(out, fmt::format("What the servers counted meanwhile: {}.", stage.asked()));
  fmt::print(out, "See for yourself: fix502 demo {} {}\n", demo.fault, kServe);
}

/// Holds the site open, so that anybody can try it.
int serve(boost::asio::io_context& loop, const DemoStage& stage) {
  boost::asio::signal_set signals(loop, SIGINT, SIGTERM);
  signals.async_wait([&](const boost::system::error_code&, int) { loop.stop(); });
  fmt::print("What is broken\n");
  print_wrapped(stdout, stage.broken());
  fmt::print("See for yourself, from another terminal\n");
  for (const auto& command : stage.checks()) fmt::print("  {}\n", command);
  fmt::print("Ctrl-C ends it.\n");
  std::fflush(stdout);
  loop.run();
  return 0;
}

/// The demo's settings are its own: a configuration file that is meant for real diagnoses would break it in other ways.
void leave_out_config(std::vector<std::string>& arguments) {
  const bool named =
      std::ranges::any_of(arguments, [](const std::string& argument) { return argument.starts_with("--config"); });
  if (!named) arguments.emplace_back("--config=/dev/null");
}

Report diagnose_stage(boost::asio::io_context& loop, const DemoStage& stage, const DiagnosisOptions& options) {
  const auto real = real_net(loop);
  const DemoHost visitor = stage.visitor();
  DemoNet net(*real, visitor);
  LiveLine line(options.settings.timeout);
  Assignment assignment{options.target, options.settings, [&](std::string_view experiment) { line.show(experiment); }};
  Evidence evidence = observe(loop, net, visitor, std::move(assignment));
  stage.correct(evidence);
  return make_report(std::move(evidence));
}

int run_demo(const Demo& demo, std::vector<std::string> arguments) {
  boost::asio::io_context loop;
  const auto stage = DemoStage::open(loop, demo);
  if (!stage) return complain(stage.error().message());
  if (arguments.size() == 1 && arguments[0] == kServe) return serve(loop, *stage);
  leave_out_config(arguments);
  Parsed parsed = parse_diagnosis(std::move(arguments), stage->url());
  if (!parsed.stop.empty()) {
    if (parsed.exit_status != 0) return complain(parsed.stop);
    fmt::print("{}\nOf the demo: `fix502 demo FAULT {}` holds the broken site open.\n", parsed.stop, kServe);
    return 0;
  }
  DiagnosisOptions& options = parsed.options;
  if (const auto writable = can_write(options); !writable) return complain(writable.error().message());
  stage->furnish(options.settings);
  const Report report = diagnose_stage(loop, *stage, options);
  const int status = deliver(report, options);
  tell(demo, *stage, report, options.json);
  return status;
}

}  // namespace

int demo_command(std::vector<std::string> arguments) {
  std::string name(kDefault);
  if (!arguments.empty() && !arguments[0].starts_with('-')) {
    name = arguments[0];
    arguments.erase(arguments.begin());
  }
  if (name == "list") return list(arguments);
  const Demo* demo = find_demo(name);
  if (demo == nullptr)
    return complain(fmt::format("there is no demo of {}; `fix502 demo list` names those that there are",
                                shell_quoted(printable(name, 60))));
  return run_demo(*demo, std::move(arguments));
}

}  // namespace fix502
