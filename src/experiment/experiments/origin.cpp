// The origin behind the CDN, asked as the CDN should ask it (--origin): edge and origin side by side.

#include <fmt/format.h>

#include "experiment/run.hpp"

namespace fix502 {
namespace {

Task<void> ask_origin(Run& run, Varied varied, HttpRequest request) {
  Ask ask{"origin", std::move(varied), std::move(request)};
  co_await run.ask(std::move(ask));
}

Task<void> origins(Run& run) {
  if (!run.settings.origin || !run.repeatable()) co_return;
  std::vector<std::string> pinned{run.settings.origin->host};
  if (!is_ipv4(pinned[0]) && !is_ipv6(pinned[0])) {
    const Observation* found = co_await run.lookup("origin", run.settings.origin->host);
    pinned = found->as<SystemLookup>()->addresses;
    if (pinned.empty()) co_return;
  }
  const std::string name = to_text(*run.settings.origin);
  HttpRequest same = run.page_at(pinned);
  same.connect_port = run.settings.origin->port;
  // Origins behind a CDN often have a certificate for the CDN's eyes only; what is wrong with it is noted all the same.
  same.verify_certificate = false;
  HttpRequest other = same;
  std::vector<Task<void>> tasks;
  tasks.push_back(ask_origin(run, {{"origin", name}}, std::move(same)));
  if (run.target.scheme == "https") {
    // What a CDN in "flexible" mode or on a wrong port would meet.
    other.url = "http://" + run.target.url.substr(8);
    if (run.settings.origin->port == 0) other.connect_port = 80;
    tasks.push_back(ask_origin(run, {{"origin", name}, {"scheme", "http"}}, std::move(other)));
  }
  co_await all(std::move(tasks));
}

}  // namespace

extern const Experiment origin_experiment{"origin", Stage::addressed, "asking the origin", origins};

}  // namespace fix502
