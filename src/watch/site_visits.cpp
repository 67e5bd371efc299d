#include "watch/site_visits.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "experiment/clients.hpp"
#include "experiment/run.hpp"
#include "observation/observation.hpp"
#include "signature/signature.hpp"
#include "signature/works.hpp"
#include "watch/look.hpp"

namespace fix502 {
namespace {

constexpr int kMostRedirects = 10;
constexpr std::size_t kMostAddresses = 8;
constexpr std::size_t kEnoughBody = 64UL * 1024;  // bytes: enough to recognise an error page or a login page

bool contains(const std::vector<std::string>& all, const std::string& one) {
  return std::ranges::find(all, one) != all.end();
}

bool is_redirect(const HttpExchange& http) {
  return http.failure == Failure::none && http.status && *http.status >= 301 && *http.status <= 308 &&
         *http.status != 304 && !http.location.empty();
}

/// RFC 9110 15.5.6, 15.6.2: the method is what is refused. Other refusals may be meant for it as well.
bool speaks_of_the_method(const HttpExchange& http) {
  return http.status && ((*http.status >= 400 && *http.status < 500) || *http.status == 501);
}

std::string outcome_of(const HttpExchange& http) {
  Observation observation;
  observation.data = http;
  return outcome(observation);
}

}  // namespace

Task<void> Spacing::wait_for_slot(std::string host) {
  const auto now = now_();
  auto& next = next_[host];
  const auto slot = std::max(now, next);
  next = slot + kHostSpacing;
  if (slot > now) co_await net_.sleep(std::chrono::ceil<Milliseconds>(slot - now));
}

SiteVisits::SiteVisits(Net& net, const Host& host, Spacing& spacing, Target target, Settings settings)
    : net_(net),
      host_(host),
      spacing_(spacing),
      target_(std::move(target)),
      settings_(std::move(settings)),
      page_(target_) {
  if (settings_.no_proxy) return;
  proxy_ = settings_.proxy_url;
  if (proxy_.empty()) (void)host_.proxy_settings(target_, proxy_);
}

void SiteVisits::expect(std::optional<int> status, bool in_the_body) {
  expected_status_ = status;
  in_the_body_ = in_the_body;
}

bool SiteVisits::head_will_do() const {
  return settings_.method == "GET" && !in_the_body_ && !head_differs_;
}

Task<std::vector<std::string>> SiteVisits::addresses_of(std::string host, std::string* problem) {
  if (is_ipv4(host) || is_ipv6(host)) co_return std::vector<std::string>{host};
  const SystemLookup found = co_await net_.lookup(host, kLookup);
  std::vector<std::string> addresses = found.addresses;
  std::erase_if(addresses, [&](const std::string& address) {
    return settings_.family != 0 && is_ipv6(address) != (settings_.family == 6);
  });
  if (addresses.size() > kMostAddresses) addresses.resize(kMostAddresses);
  if (addresses.empty() && problem != nullptr)
    *problem = fmt::format("{} has no address: {}", host,
                           found.failure == Failure::none ? "none of that family" : sentence(found.failure));
  co_return addresses;
}

/// What has to be known before a request can be sent; false, with the reason in `round`, where it cannot.
Task<bool> SiteVisits::arrange(Round& round) {
  if (proxy_.empty()) {
    addresses_ = co_await addresses_of(target_.host, &round.what);
    co_return !addresses_.empty();
  }
  const auto proxy = parse_target(proxy_);
  if (!proxy) co_return false;
  proxy_addresses_ = co_await addresses_of(proxy->host, &round.what);
  co_return !proxy_addresses_.empty();
}

Task<HttpExchange> SiteVisits::send(const Target& page, HttpRequest request) {
  co_await spacing_.wait_for_slot(page.host);
  const std::string pinned = request.addresses.size() == 1 ? request.addresses.front() : std::string{};
  HttpExchange seen = co_await net_.http(std::move(request));
  if (seen.address.empty() && proxy_.empty()) seen.address = pinned;
  co_return seen;
}

Task<SiteVisits::Answer> SiteVisits::visit(Target page, std::string method, std::vector<std::string> addresses) {
  HttpRequest request;
  request.client = browser_client();
  request.headers = settings_.headers;
  request.cookie = settings_.cookie;
  request.interface = settings_.interface;
  request.proxy = proxy_;
  request.proxy_addresses = proxy_addresses_;
  request.method = std::move(method);
  request.timeout = settings_.timeout * 7 / 10;
  request.connect_timeout = std::min(request.connect_timeout, request.timeout);
  if (!in_the_body_) request.max_body = kEnoughBody;
  // Some sites set a cookie, redirect, and want it back.
  if (redirects_) request.cookie_jar = ++jars_;
  if (page.host != target_.host) leave_out_secrets(request);
  Answer answer;
  for (int stop = 0; stop <= kMostRedirects; ++stop) {
    request.url = page.url;
    request.addresses = addresses;
    answer.last = co_await send(page, request);
    ++answer.requests;
    if (!is_redirect(answer.last)) {
      answer.good = works(answer.last, settings_.expect_status);
      break;
    }
    redirects_ = true;
    const auto next = resolve_reference(page, answer.last.location);
    if (!next) break;
    if (next->host != page.host && proxy_.empty()) addresses = co_await addresses_of(next->host, nullptr);
    if (next->host != page.host || (page.scheme == "https" && next->scheme == "http")) leave_out_secrets(request);
    page = *next;
    if (addresses.empty() && proxy_.empty()) break;
  }
  answer.last.url = page.url;
  co_return answer;
}

void SiteVisits::remember(const Answer& answer) {
  page_ = target_;
  failing_address_.clear();
  if (answer.good) return;
  if (const auto page = parse_target(answer.last.url)) page_ = *page;
  // One that takes no connection may be the one that browsers pass over.
  if (page_.host == target_.host && !is_connect(answer.last.failure)) failing_address_ = answer.last.address;
}

void SiteVisits::describe(Round& round, const Answer& answer) {
  round.requests += answer.requests;
  round.what = outcome_of(answer.last);
  if (!answer.last.address.empty()) round.what += " from " + answer.last.address;
  if (const auto rest = retry_after(answer.last); rest && !answer.good) round.rest = std::chrono::seconds(*rest);
}

Task<Round> SiteVisits::glance() {
  Round round;
  seen_good_.clear();
  const bool arranged = co_await arrange(round);
  if (!arranged) co_return round;
  const Target page = page_;
  std::vector<std::string> addresses = addresses_;
  if (page.host != target_.host && proxy_.empty()) addresses = co_await addresses_of(page.host, &round.what);
  if (addresses.empty() && proxy_.empty()) co_return round;
  if (contains(addresses, failing_address_)) addresses = {failing_address_};
  const bool by_head = head_will_do();
  const std::string method = by_head ? "HEAD" : settings_.method;
  Answer answer = co_await visit(page, method, addresses);
  describe(round, answer);
  const bool unexpected = !answer.good && answer.last.status && answer.last.status != expected_status_;
  if (by_head && !round.rest && (unexpected || speaks_of_the_method(answer.last))) {
    const auto by_head_status = answer.last.status;
    answer = co_await visit(page, settings_.method, addresses);
    describe(round, answer);
    if (answer.last.status != by_head_status) head_differs_ = true;
    expected_status_ = answer.last.status;
  }
  remember(answer);
  round.good = answer.good;
  if (round.good && page.url == target_.url && !answer.last.address.empty()) seen_good_ = {answer.last.address};
  co_return round;
}

Task<Round> SiteVisits::at_every_address() {
  Round round;
  const std::vector<std::string> known_good = std::move(seen_good_);
  seen_good_.clear();
  if (addresses_.empty() && proxy_addresses_.empty()) {
    const bool arranged = co_await arrange(round);
    if (!arranged) co_return round;
  }
  if (!proxy_.empty()) {
    const Answer answer = co_await visit(target_, settings_.method, addresses_);
    describe(round, answer);
    remember(answer);
    round.good = answer.good;
    co_return round;
  }
  round.good = !known_good.empty();
  std::vector<std::string> silent;
  for (const std::string& address : std::vector<std::string>(addresses_)) {
    if (contains(known_good, address)) continue;
    std::vector<std::string> pinned{address};
    const Answer answer = co_await visit(target_, settings_.method, std::move(pinned));
    describe(round, answer);
    remember(answer);
    if (is_connect(answer.last.failure)) {
      silent.push_back(address);
      continue;
    }
    round.good = answer.good;
    if (!answer.good) co_return round;
  }
  if (round.good) round.passed_over = std::move(silent);
  co_return round;
}

}  // namespace fix502
