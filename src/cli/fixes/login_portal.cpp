#include "remedy/login_portal.hpp"

#include <fmt/format.h>

#include <chrono>

#include "base/text.hpp"
#include "cli/fix.hpp"
#include "cli/session.hpp"
#include "sys/held_signals.hpp"

namespace fix502 {
namespace {

constexpr std::chrono::minutes kPatience{5};
constexpr std::chrono::seconds kPause{3};
/// What Firefox asks for the same purpose, where no page is named.
constexpr std::string_view kCheck = "http://detectportal.firefox.com/success.txt";

/// The connectivity checks alone: the page that is diagnosed is such a check itself, asked once.
Evidence ask_checks(const FixRequest& request) {
  Settings settings = request.diagnosis.settings;
  settings.compare_resolvers = {"none"};
  settings.authoritative = false;
  settings.max_requests = 1;
  settings.timeout = std::chrono::seconds(8);
  const bool named = !settings.connectivity_checks.empty() && settings.connectivity_checks[0] != "none";
  const auto target = parse_target(named ? std::string_view(settings.connectivity_checks[0]) : kCheck);
  return target ? diagnose_now(*target, settings).evidence : Evidence();
}

bool let_through(const Evidence& evidence) {
  bool answered = false;
  for (const auto& observation : evidence.observations)
    if (const auto* seen = observation.as<HttpExchange>(); seen && observation.experiment == "connectivity")
      answered = answered || seen->status.has_value();
  return answered && portal_page(evidence).empty();
}

Prepared::Outcome wait_for_login(const FixRequest& request) {
  fmt::print(request.out, "Waiting until you have logged in (Ctrl-C ends that) ...\n");
  std::fflush(request.out);
  const auto until = std::chrono::steady_clock::now() + kPatience;
  while (std::chrono::steady_clock::now() < until) {
    const Evidence evidence = ask_checks(request);
    if (let_through(evidence)) {
      if (!request.has_url()) return {.helped = true, .line = "the network lets you through"};
      return page_works(request.diagnosis.target, request.diagnosis.settings);
    }
    if (HeldSignals::came(kPause)) return {.helped = false, .line = "interrupted"};
  }
  return {.helped = false, .line = "the login page is still in the way after five minutes"};
}

}  // namespace

Result<Prepared> prepare_login_portal(const FixRequest& request) {
  Prepared ready;
  const std::string page = portal_page(ask_checks(request));
  ready.work = login_portal(page);
  if (!ready.work.nothing.empty()) return ready;
  // A machine without a desktop has nothing to open it with, and a person may still log in by another way.
  const WorkStep open = ready.work.steps.front();
  ready.act = [open, page, out = request.out](ChangeSet& set) -> Result<void> {
    const auto opened = set.once(Command{std::get<RunCommand>(open.change).words, false}, open.say);
    if (!opened) fmt::print(out, "It could not be opened here; open it yourself: {}\n", printable(page, 2000));
    return {};
  };
  ready.work.steps.clear();
  ready.work.tell = {};
  ready.check = [&request] { return wait_for_login(request); };
  ready.check_takes = kPatience;
  fmt::print(request.out, "The login page of this network: {}\n", printable(page, 2000));
  return ready;
}

}  // namespace fix502
