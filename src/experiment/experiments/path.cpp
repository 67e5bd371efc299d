// The page against a static file and a name that cannot exist, on the same site.

#include "experiment/run.hpp"

namespace fix502 {
namespace {

constexpr std::string_view kPaths[] = {"/favicon.ico", "/fix502-no-such-page", "/"};

Task<void> at_path(Run& run, std::string path) {
  HttpRequest request = run.page();
  request.url = run.site.with_path(path).url;
  request.addresses = run.site_addresses;
  if (request.method != "HEAD") request.method = "GET";
  request.data.clear();
  Ask ask{"path", {{"path", std::move(path)}}, std::move(request)};
  co_await run.ask(std::move(ask));
}

Task<void> paths(Run& run) {
  if (run.site_addresses.empty() && run.proxy_url.empty()) co_return;
  const bool root_known = run.site.url == run.target.url && run.proxy_url.empty();
  std::vector<Task<void>> tasks;
  for (const std::string_view path : kPaths)
    if (run.site.path != path && !(path == "/" && root_known)) tasks.push_back(at_path(run, std::string(path)));
  co_await all(std::move(tasks));
}

}  // namespace

extern const Experiment path_experiment{"path", Stage::failing, "visiting other pages of the site", paths};

}  // namespace fix502
