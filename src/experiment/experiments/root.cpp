// The site's front page beside the page that was asked for, early: the cheapest sign that a path alone is broken.

#include "experiment/run.hpp"

namespace fix502 {
namespace {

Task<void> front_page(Run& run) {
  if (run.target.path == "/" || run.addresses.empty() || !run.proxy_url.empty()) co_return;
  HttpRequest request = run.page();
  request.url = run.target.with_path("/").url;
  request.method = "GET";
  request.data.clear();
  Ask ask{"path", {{"path", "/"}}, std::move(request)};
  co_await run.ask(std::move(ask));
}

}  // namespace

extern const Experiment root_experiment{"root", Stage::addressed, "visiting the front page", front_page};

}  // namespace fix502
