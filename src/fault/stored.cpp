#include "fault/stored.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "fault/rule.hpp"
#include "signature/heading.hpp"

namespace fix502 {
namespace {

constexpr int kMostStops = 20;

/// Caches keep no reason phrase worth showing: the registered one (RFC 9110 15).
std::string_view phrase_of(int status) {
  struct Row {
    int status;
    std::string_view phrase;
  };
  constexpr Row kRows[] = {
#define STATUS(number, phrase) {number, phrase},
#include "observation/statuses.def"
#undef STATUS
  };
  const auto found = std::ranges::find(kRows, status, &Row::status);
  return found == std::end(kRows) ? std::string_view{} : found->phrase;
}

HttpExchange as_exchange(const StoredAnswer& answer) {
  HttpExchange exchange;
  exchange.url = answer.url;
  exchange.status = answer.status;
  exchange.reason = phrase_of(answer.status);
  exchange.headers = answer.headers;
  exchange.body_sample = answer.body_sample;
  exchange.body_bytes = answer.body_bytes;
  exchange.location = answer.location;
  exchange.reached = Phase::done;
  return exchange;
}

/// An error page that was sent as a good one: a gateway's or CDN's own page, as its marks show. The exchange with the
/// status that its page names; nothing where it is none.
std::optional<HttpExchange> disguised_error(const HttpExchange& exchange) {
  if (!exchange.status || *exchange.status != 200) return std::nullopt;
  HttpExchange meant = exchange;
  meant.status = status_in_heading(exchange.body_sample);
  if (*meant.status == 0) return std::nullopt;
  meant.reason = phrase_of(*meant.status);
  const Signature signature = identify(meant);
  const bool made_there = signature.kind == ResponderKind::gateway || signature.kind == ResponderKind::cdn;
  return made_there && signature.self_made ? std::optional(std::move(meant)) : std::nullopt;
}

/// The network gives a good page at this very address now.
bool network_gives_a_page(const Picture& picture, const std::string& url) {
  return std::ranges::any_of(picture.visits.all, [&](const Try& one) {
    return one.works && one.http->url == url && one.http->status && *one.http->status < 300;
  });
}

/// The error that this stored answer is, as if it had just come; nothing where it is a good one.
std::optional<HttpExchange> error_in(const Picture& picture, const StoredAnswer& answer) {
  HttpExchange exchange = as_exchange(answer);
  const auto& expected = picture.seen.settings.expect_status;
  if (answer.status >= 400) {
    if (!expected.ranges.empty() && expected.contains(answer.status)) return std::nullopt;
    // A stored 404 is what the site meant, unless it gives a page in its place by now.
    if (picture.works(exchange) && !network_gives_a_page(picture, answer.url)) return std::nullopt;
    return exchange;
  }
  auto meant = disguised_error(exchange);
  const auto also_now = [](const Try& one) { return disguised_error(*one.http).has_value(); };
  if (meant && std::ranges::any_of(picture.visits.all, also_now)) return std::nullopt;
  return meant;
}

/// Where the network sends the browser on from here; empty where it does not.
std::string redirected_by_network(const Picture& picture, const std::string& url) {
  for (const auto& visit : picture.visits.all)
    for (const Observation* seen : visit.chain)
      if (const auto* http = seen->as<HttpExchange>(); http->url == url && !http->location.empty()) {
        const auto here = parse_target(url);
        const auto next = here ? resolve_reference(*here, http->location) : here;
        return next ? next->url : std::string{};
      }
  return {};
}

/// One way to open the page in one profile, followed until the network or the store has the last word.
std::optional<StoredError> walk(const Picture& picture, const Observation& profile, std::string_view reached_by) {
  std::string url = picture.seen.target.url;
  const auto& stored = profile.as<BrowserProfile>()->stored;
  const StoredAnswer* redirect = nullptr;
  for (int stop = 0; stop < kMostStops && !url.empty(); ++stop) {
    const auto here = std::ranges::find_if(stored, [&](const StoredAnswer& answer) {
      return answer.served && answer.url == url && answer.reached_by == reached_by;
    });
    if (here == stored.end()) {
      url = redirected_by_network(picture, url);
      if (!url.empty() || redirect == nullptr) continue;
      // A stored redirect led to where only the network can say more, and it has been asked.
      for (const Observation* end : picture.of("browser-cache"))
        if (end->as<HttpExchange>()->url == redirect->location && !picture.works(*end->as<HttpExchange>()))
          return StoredError{&profile, redirect, end, *end->as<HttpExchange>()};
      continue;
    }
    if (here->location.empty()) {
      auto error = error_in(picture, *here);
      return error ? std::optional(StoredError{&profile, &*here, nullptr, *std::move(error)}) : std::nullopt;
    }
    redirect = &*here;
    url = here->location;
  }
  return std::nullopt;
}

}  // namespace

std::vector<const Observation*> profiles_in(const Picture& picture) {
  std::vector<const Observation*> profiles;
  for (const auto& seen : picture.seen.observations)
    if (seen.as<BrowserProfile>() != nullptr) profiles.push_back(&seen);
  return profiles;
}

std::optional<StoredError> find_stored_error(const Picture& picture) {
  for (const Observation* profile : profiles_in(picture))
    for (const std::string_view reached_by : {"", "link"})
      if (auto error = walk(picture, *profile, reached_by)) return error;
  return std::nullopt;
}

StoredCookies stored_cookies(const Picture& picture) {
  StoredCookies found;
  for (const Observation* seen : picture.of("browser-cookies"))
    (seen->varied_in("cookies").empty() ? found.filled : found.large) = seen;
  for (const Observation* profile : profiles_in(picture)) {
    const auto& cookies = profile->as<BrowserProfile>()->cookies;
    if (cookies && (found.profile == nullptr || cookies->bytes > found.profile->as<BrowserProfile>()->cookies->bytes))
      found.profile = profile;
  }
  if (found.profile == nullptr) found.large = nullptr;
  return found;
}

std::string browsers_looked_into(const Picture& picture) {
  std::vector<std::string> names;
  for (const Observation* profile : profiles_in(picture)) {
    const auto& seen = *profile->as<BrowserProfile>();
    const bool unread =
        std::ranges::any_of(seen.unreadable, [](const std::string& line) { return line.starts_with("cache"); });
    if (!seen.cache.empty() && !unread && std::ranges::find(names, seen.browser) == names.end())
      names.push_back(seen.browser);
  }
  if (names.size() < 2) return names.empty() ? std::string{} : names.front();
  const std::string last = names.back();
  names.pop_back();
  return fmt::format("{} and {}", fmt::join(names, ", "), last);
}

const Observation* profile_with_worker(const Picture& picture) {
  for (const Observation* profile : profiles_in(picture))
    for (const auto& worker : profile->as<BrowserProfile>()->workers)
      if (picture.seen.target.url.starts_with(worker.scope)) return profile;
  return nullptr;
}

}  // namespace fix502
