#include "experiment/run.hpp"

#include <fmt/chrono.h>
#include <fmt/format.h>

#include <algorithm>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/deferred.hpp>
#include <boost/asio/experimental/parallel_group.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>

#include "base/text.hpp"
#include "experiment/clients.hpp"
#include "net/reproduce.hpp"
#include "signature/signature.hpp"
#include "signature/works.hpp"

namespace fix502 {

namespace asio = boost::asio;
using std::chrono::duration_cast;

namespace {

/// A struggling site gets at most this many requests at once, and not all in the same instant.
constexpr int kAtOnce = 6;
constexpr Milliseconds kSpacing{12};

std::string now_text() {
  const auto now = std::chrono::system_clock::now();
  const auto ms = duration_cast<Milliseconds>(now.time_since_epoch()).count() % 1000;
  return fmt::format("{:%Y-%m-%dT%H:%M:%S}.{:03}Z", fmt::gmtime(std::chrono::system_clock::to_time_t(now)), ms);
}

}  // namespace

void Event::fire() {
  fired_ = true;
  timer_.cancel();
}

Task<void> Event::wait() {
  boost::system::error_code ignored;
  if (!fired_) co_await timer_.async_wait(asio::redirect_error(asio::use_awaitable, ignored));
}

Task<bool> Event::wait_for(Milliseconds time) {
  // A second timer polls nothing: whichever comes first ends the wait.
  asio::steady_timer limit(timer_.get_executor(), time);
  boost::system::error_code ignored;
  const auto deadline = Run::Clock::now() + time;
  while (!fired_ && Run::Clock::now() < deadline) {
    limit.expires_after(std::min<Run::Clock::duration>(deadline - Run::Clock::now(), Milliseconds(5)));
    co_await limit.async_wait(asio::redirect_error(asio::use_awaitable, ignored));
  }
  co_return fired_;
}

Task<void> all(std::vector<Task<void>> tasks) {
  if (tasks.empty()) co_return;
  const auto executor = co_await asio::this_coro::executor;
  using Operation = decltype(asio::co_spawn(executor, std::declval<Task<void>>(), asio::deferred));
  std::vector<Operation> operations;
  operations.reserve(tasks.size());
  for (auto& task : tasks) operations.push_back(asio::co_spawn(executor, std::move(task), asio::deferred));
  auto group = asio::experimental::make_parallel_group(std::move(operations));
  auto [order, errors] = co_await group.async_wait(asio::experimental::wait_for_all(), asio::use_awaitable);
  for (const auto& error : errors)
    if (error) std::rethrow_exception(error);
}

Run::Run(asio::io_context& io, Net& net_port, const Host& host_port, const Target& about, const Settings& wanted,
         Progress progress)
    : net(net_port),
      host(host_port),
      target(about),
      settings(wanted),
      site(about),
      addressed(io),
      others_named(io),
      visited(io),
      io_(io),
      progress_(std::move(progress)),
      start_(Clock::now()),
      started_at_(now_text()),
      next_slot_(start_),
      slot_free_(io, asio::steady_timer::time_point::max()) {}

Duration Run::elapsed() const {
  return duration_cast<Duration>(Clock::now() - start_);
}

Milliseconds Run::left() const {
  return settings.timeout - duration_cast<Milliseconds>(Clock::now() - start_);
}

Milliseconds Run::patience() const {
  // The first visit may take most of the budget; whatever starts later gets what is left, less a little for the rest.
  const Milliseconds most(std::max(settings.timeout.count() * 7 / 10, Milliseconds(200).count()));
  return std::clamp(left() - Milliseconds(500), Milliseconds(200), most);
}

bool Run::repeatable() const {
  return settings.method == "GET" || settings.method == "HEAD" || settings.method == "OPTIONS";
}

bool Run::works(const Observation* observation) const {
  const auto* http = observation == nullptr ? nullptr : observation->as<HttpExchange>();
  return http != nullptr && fix502::works(*http, settings.expect_status);
}

HttpRequest Run::page_at(std::vector<std::string> pinned) const {
  HttpRequest request;
  request.url = target.url;
  request.method = settings.method;
  request.data = settings.data;
  request.client = browser_client();
  request.headers = settings.headers;
  request.cookie = settings.cookie;
  request.addresses = std::move(pinned);
  request.interface = settings.interface;
  request.connect_timeout = std::min(Milliseconds(4'000), patience());
  request.timeout = patience();
  return request;
}

void leave_out_secrets(HttpRequest& request) {
  request.cookie.clear();
  std::erase_if(request.headers, [](const auto& field) {
    const std::string name = lower(field.first);
    return name == "cookie" || name == "authorization" || name == "proxy-authorization";
  });
}

HttpRequest Run::page() const {
  HttpRequest request = page_at(addresses);
  request.proxy = proxy_url;
  request.proxy_addresses = proxy_addresses;
  if (site.host != target.host) leave_out_secrets(request);
  return request;
}

Task<bool> Run::enter() {
  boost::system::error_code ignored;
  while (in_flight_ >= kAtOnce && !resting_)
    co_await slot_free_.async_wait(asio::redirect_error(asio::use_awaitable, ignored));
  if (resting_ || sent_ >= settings.max_requests || left() < Milliseconds(250)) co_return false;
  ++sent_;
  ++in_flight_;
  const auto now = Clock::now();
  const auto slot = std::max(now, next_slot_);
  next_slot_ = slot + kSpacing;
  if (slot > now) {
    asio::steady_timer pause(io_, slot);
    co_await pause.async_wait(asio::redirect_error(asio::use_awaitable, ignored));
  }
  if (!resting_) co_return true;
  // The wish came while this one waited for its turn.
  --sent_;
  leave();
  co_return false;
}

void Run::leave() {
  --in_flight_;
  slot_free_.cancel();
}

Task<const Observation*> Run::ask(Ask asked) {
  if (!co_await enter()) {
    not_tried(asked.experiment, resting_                         ? "the site asked for rest"
                                : sent_ >= settings.max_requests ? "the budget of requests is used up"
                                                                 : "the time is used up");
    co_return nullptr;
  }
  asked.request.timeout = std::min(asked.request.timeout, patience());
  const Observation* seen = co_await ask_elsewhere(std::move(asked));
  const auto* http = seen->as<HttpExchange>();
  // RFC 9110 10.2.3, RFC 6585 4: who asks for rest gets it.
  if (http->status == 429 || (http->status >= 500 && retry_after(*http).value_or(0) > 0)) resting_ = true;
  leave();
  co_return seen;
}

Task<void> Run::send(std::string experiment, Varied varied, HttpRequest request) {
  Ask question{std::move(experiment), std::move(varied), std::move(request)};
  co_await ask(std::move(question));
}

Task<const Observation*> Run::ask_elsewhere(Ask asked) {
  const Duration started = elapsed();
  std::string reproduce = curl_command(asked.request);
  const bool one_way = asked.request.addresses.size() == 1 && asked.request.proxy.empty();
  const std::string pinned = one_way ? asked.request.addresses.front() : std::string{};
  HttpExchange exchange = co_await net.http(std::move(asked.request));
  if (exchange.address.empty()) exchange.address = pinned;
  co_return add(std::move(asked.experiment), std::move(asked.varied), started, std::move(reproduce),
                std::move(exchange));
}

Task<const Observation*> Run::browse(Varied varied, BrowserJob job) {
  if (!co_await enter()) {
    not_tried("browsers", resting_ ? "the site asked for rest" : "the budget of requests or time is used up");
    co_return nullptr;
  }
  const Duration started = elapsed();
  job.timeout = std::min(job.timeout, left() - Milliseconds(200));
  std::string reproduce = browser_command(job);
  BrowserVisit visit = co_await headless->visit(std::move(job));
  sent_ += visit.requests - 1;
  if (visit.status == 429) resting_ = true;
  leave();
  co_return add("browsers", std::move(varied), started, std::move(reproduce), std::move(visit));
}

Task<const Observation*> Run::dns(std::string experiment, Varied varied, DnsQuery query) {
  const Duration started = elapsed();
  std::string reproduce = dig_command(query);
  DnsExchange exchange = co_await net.dns(std::move(query));
  if (exchange.failure == Failure::out_of_time) {
    // Given up because another server was quicker: that is no finding, and would only fill the report.
    Observation& dropped = abandoned_.emplace_back();
    dropped.data = std::move(exchange);
    co_return &dropped;
  }
  co_return add(std::move(experiment), std::move(varied), started, std::move(reproduce), std::move(exchange));
}

Task<const Observation*> Run::tcp(std::string experiment, Varied varied, std::string address, std::uint16_t port,
                                  std::string interface) {
  const Duration started = elapsed();
  std::string reproduce = fmt::format("nc -zvw3 {} {}", shell_quoted(address), port);
  TcpConnect seen =
      co_await net.tcp(std::move(address), port, std::move(interface), std::min(Milliseconds(3'000), patience()));
  co_return add(std::move(experiment), std::move(varied), started, std::move(reproduce), std::move(seen));
}

Task<const Observation*> Run::lookup(std::string experiment, std::string name, Milliseconds most) {
  const Duration started = elapsed();
  std::string reproduce = "getent ahosts " + shell_quoted(name);
  SystemLookup seen = co_await net.lookup(std::move(name), std::min(most, patience()));
  co_return add(std::move(experiment), {}, started, std::move(reproduce), std::move(seen));
}

const Observation* Run::add(std::string experiment, Varied varied, Duration started, std::string reproduce,
                            decltype(Observation::data) data) {
  Observation observation;
  observation.experiment = std::move(experiment);
  observation.varied = std::move(varied);
  observation.started = started;
  observation.duration = elapsed() - started;
  observation.reproduce = std::move(reproduce);
  observation.data = std::move(data);
  if (progress_) progress_(observation.experiment);
  const Observation* added = &log_.emplace_back(std::move(observation));
  if (looked) looked(*this);
  return added;
}

void Run::not_tried(std::string experiment, std::string why) {
  std::string line = std::move(experiment) + ": " + std::move(why);
  if (std::ranges::find(not_tried_, line) == not_tried_.end()) not_tried_.push_back(std::move(line));
}

Evidence Run::so_far() const {
  Evidence evidence;
  evidence.version = FIX502_VERSION;
  evidence.started_at = started_at_;
  evidence.target = target;
  evidence.settings = settings;
  evidence.duration = elapsed();
  evidence.requests_sent = sent_;
  evidence.not_tried = not_tried_;
  evidence.observations.assign(log_.begin(), log_.end());
  std::ranges::stable_sort(evidence.observations, {}, &Observation::started);
  for (std::size_t i = 0; i < evidence.observations.size(); ++i)
    evidence.observations[i].id = fmt::format("o{}", i + 1);
  return evidence;
}

Evidence Run::finish(bool interrupted) {
  Evidence evidence = so_far();
  evidence.interrupted = interrupted;
  return evidence;
}

}  // namespace fix502
