#include "fault/impostor.hpp"

namespace fix502 {
namespace {

std::string host_of(const std::string& url) {
  const auto target = parse_target(url);
  return target ? target->host : std::string{};
}

/// The two answers to the same request are of two different sites.
bool is_another_page(const HttpExchange& mine, const HttpExchange& site) {
  if (mine.redirects() && host_of(mine.location) != host_of(mine.url))
    return !site.redirects() || host_of(site.location) != host_of(mine.location);
  return mine.body_digest != site.body_digest && speaks_of_block(mine) && !speaks_of_block(site);
}

}  // namespace

const Try* behind_impostor(const Picture& picture) {
  if (!picture.visits.all_work() || picture.proxy != nullptr || picture.hosts_entry != nullptr) return nullptr;
  const auto& mine = *picture.visits.all.front().chain.front()->as<HttpExchange>();
  // Of the page's host, not of the one that it may have been redirected to.
  const Names names = read_names(picture.seen, picture.seen.target.host);
  const auto truth = names.true_addresses();
  if (truth.empty() || !mine.tls_version.empty() || mine.address.empty() || lists(truth, mine.address)) return nullptr;
  for (const auto& view : picture.addresses)
    if (const Try* there = view.tries.first_working();
        there != nullptr && lists(truth, view.address) && is_another_page(mine, *there->http))
      return there;
  return nullptr;
}

}  // namespace fix502
