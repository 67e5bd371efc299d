// "Refresh": the same page again, on new connections and on a kept one.

#include <fmt/format.h>

#include "experiment/visit.hpp"

namespace fix502 {
namespace {

constexpr int kNewConnections = 2;
constexpr int kOnKeptConnection = 3;

Task<void> again(Run& run, Varied varied, HttpRequest request) {
  co_await visit_as_browser(run, "refresh", std::move(varied), std::move(request));
}

Task<void> on_kept_connection(Run& run) {
  const int session = run.new_session();
  for (int i = 1; i <= kOnKeptConnection; ++i) {
    HttpRequest request = run.page();
    request.session = session;
    Varied varied{{"connection", "kept"}, {"request", fmt::format("{}", i)}};
    const Visit visit = co_await visit_as_browser(run, "refresh", std::move(varied), std::move(request));
    // What does not connect has no connection to keep.
    if (visit.last == nullptr || is_connect(visit.last->as<HttpExchange>()->failure)) break;
    // A slow page is not asked three times in a row: it would eat the budget of everything else.
    if (run.elapsed() > run.settings.timeout / 4) break;
  }
}

Task<void> refresh(Run& run) {
  if (!run.repeatable()) {
    run.not_tried("refresh", "a " + run.settings.method + " request is not repeated");
    co_return;
  }
  if (run.addresses.empty() && run.proxy_url.empty()) co_return;
  if (!run.proxy_url.empty()) co_await run.visited.wait();
  std::vector<Task<void>> tasks;
  for (int i = 1; i <= kNewConnections; ++i) {
    Varied varied{{"time", fmt::format("+{}", i)}};
    tasks.push_back(again(run, std::move(varied), run.page()));
  }
  tasks.push_back(on_kept_connection(run));
  co_await all(std::move(tasks));
}

}  // namespace

extern const Experiment refresh_experiment{"refresh", Stage::addressed, "reloading the page", refresh};

}  // namespace fix502
