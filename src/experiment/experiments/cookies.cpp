// With and without what this visitor sends along: cookies, and header fields given by hand.

#include "base/text.hpp"
#include "experiment/run.hpp"

namespace fix502 {
namespace {

bool is_cookie(const std::pair<std::string, std::string>& field) {
  return lower(field.first) == "cookie";
}

Task<void> cookies(Run& run) {
  if (!run.settings.cookies_given || !run.repeatable() || (run.addresses.empty() && run.proxy_url.empty())) co_return;
  std::size_t size = run.settings.cookie.size();
  HttpRequest without = run.page();
  without.cookie.clear();
  for (const auto& field : run.settings.headers)
    if (is_cookie(field)) size += field.second.size();
  std::erase_if(without.headers, is_cookie);
  HttpRequest filled = without;
  // As large, but nobody's session: tells a poisoned cookie from a header that is too large.
  filled.headers.emplace_back("X-Filler", std::string(size, 'x'));
  HttpRequest neutral = without;
  neutral.cookie = "filler=" + std::string(size > 7 ? size - 7 : 1, 'x');
  std::vector<Task<void>> tasks;
  tasks.push_back(run.send("cookies", {{"cookies", "none"}}, std::move(without)));
  tasks.push_back(
      run.send("cookies", {{"cookies", "none"}, {"size", "header as large as the cookies"}}, std::move(filled)));
  tasks.push_back(run.send("cookies", {{"cookies", "as large, other content"}}, std::move(neutral)));
  co_await all(std::move(tasks));
}

}  // namespace

extern const Experiment cookies_experiment{"cookies", Stage::addressed, "visiting without cookies", cookies};

}  // namespace fix502
