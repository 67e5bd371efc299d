// A small request against a large one, where the request that failed was large.

#include <fmt/format.h>

#include "base/text.hpp"
#include "experiment/run.hpp"

namespace fix502 {
namespace {

/// Gateways' smallest header limits are 4 KiB (nginx large_client_header_buffers, uwsgi); below 1 KiB none refuses.
constexpr std::size_t kLarge = 1'000;

std::size_t given_fields_size(const Run& run) {
  std::size_t size = 0;
  for (const auto& [name, value] : run.settings.headers)
    if (lower(name) != "cookie") size += name.size() + value.size();
  return size;
}

Task<void> sizes(Run& run) {
  if (!run.repeatable() || (run.site_addresses.empty() && run.proxy_url.empty())) co_return;
  std::vector<Task<void>> tasks;
  const std::size_t address_line = run.site.path.size();
  if (address_line > kLarge) {
    HttpRequest small = run.page();
    small.addresses = run.site_addresses;
    small.url = run.site.with_path(run.site.path.substr(0, std::min<std::size_t>(run.site.path.find('?'), 200))).url;
    HttpRequest elsewhere = run.page();
    elsewhere.addresses = run.site_addresses;
    elsewhere.url = run.site.with_path("/?" + std::string(address_line, 'x')).url;
    tasks.push_back(run.send("size", {{"size", "short address"}}, std::move(small)));
    tasks.push_back(run.send("size", {{"size", "front page with as long a query"}}, std::move(elsewhere)));
  }
  if (given_fields_size(run) > kLarge) {
    HttpRequest small = run.page();
    small.addresses = run.site_addresses;
    std::erase_if(small.headers, [](const auto& field) { return lower(field.first) != "cookie"; });
    HttpRequest filled = small;
    filled.headers.emplace_back("X-Filler", std::string(given_fields_size(run), 'x'));
    tasks.push_back(run.send("size", {{"size", "without the given fields"}}, std::move(small)));
    tasks.push_back(run.send("size", {{"size", "other fields, as large"}}, std::move(filled)));
  }
  co_await all(std::move(tasks));
}

}  // namespace

extern const Experiment size_experiment{"size", Stage::failing, "comparing small and large requests", sizes};

}  // namespace fix502
