#include "serve/probe.hpp"

#include <algorithm>
#include <boost/asio/experimental/awaitable_operators.hpp>

#include "base/text.hpp"

namespace fix502 {
namespace {

using namespace boost::asio::experimental::awaitable_operators;
using Clock = std::chrono::steady_clock;

constexpr ProbeModule kModules[] = {
    {"http_2xx", true, "GET"},
    {"http_post_2xx", true, "POST"},
    {"tcp_connect", false, ""},
};

constexpr int kMostRedirects = 10;  // as Go's net/http has it

double seconds_since(Clock::time_point start) {
  return std::chrono::duration<double>(Clock::now() - start).count();
}

double seconds(const std::optional<Duration>& time) {
  return time ? std::chrono::duration<double>(*time).count() : 0;
}

Milliseconds left_of(Clock::time_point deadline) {
  return std::max(std::chrono::duration_cast<Milliseconds>(deadline - Clock::now()), Milliseconds(1));
}

/// A client that says what it is; HTTP/2 where the site has it and no compression, as blackbox_exporter.
const ClientProfile& probe_client() {
  static const ClientProfile kClient = [] {
    ClientProfile client;
    client.id = "probe";
    client.user_agent = "fix502/" FIX502_VERSION " probe";
    return client;
  }();
  return kClient;
}

Task<std::vector<std::string>> addresses_of(Net& net, const Target& page, Clock::time_point deadline) {
  if (page.host_is_address) co_return std::vector<std::string>{page.host};
  SystemLookup found = co_await net.lookup(page.host, left_of(deadline));
  co_return std::move(found.addresses);
}

void add_phases(ProbePhases& sum, const HttpExchange& seen) {
  sum.connect += seconds(seen.times.connect);
  sum.tls += seconds(seen.times.tls);
  sum.processing += seconds(seen.times.first_byte);
  sum.transfer += seconds(seen.times.body);
}

HttpRequest request_for(const Target& page, std::string_view method, std::vector<std::string> addresses,
                        Clock::time_point deadline) {
  HttpRequest request;
  request.url = page.url;
  request.method = std::string(method);
  request.client = probe_client();
  request.addresses = std::move(addresses);
  request.timeout = left_of(deadline);
  request.connect_timeout = request.timeout;
  return request;
}

/// The page at these addresses, and where it leads to.
Task<Probed> probe_http(Net& net, Target page, std::string_view method, std::vector<std::string> addresses,
                        Clock::time_point deadline) {
  Probed probed;
  probed.address = addresses.empty() ? std::string{} : addresses.front();
  while (true) {
    HttpRequest request = request_for(page, method, std::move(addresses), deadline);
    HttpExchange seen = co_await net.http(std::move(request));
    add_phases(probed.phases, seen);
    const bool redirects = seen.redirects();
    probed.failure = seen.failure;
    probed.failing_url = seen.url;
    const std::string location = seen.location;
    probed.last = std::move(seen);
    if (!redirects) break;
    if (probed.redirects == kMostRedirects) {
      probed.failure = Failure::too_many_redirects;
      break;
    }
    auto next = resolve_reference(page, location);
    if (!next) {
      probed.failure = Failure::bad_redirect;
      break;
    }
    ++probed.redirects;
    // RFC 9110 15.4.4: only 307 and 308 keep the method.
    if (probed.last->status != 307 && probed.last->status != 308) method = "GET";
    page = std::move(*next);
    const auto began = Clock::now();
    addresses = co_await addresses_of(net, page, deadline);
    probed.phases.resolve += seconds_since(began);
    if (addresses.empty()) {
      probed.failure = Failure::name_not_resolved;
      break;
    }
  }
  const int status = probed.last->status.value_or(0);
  probed.success = probed.failure == Failure::none && status >= 200 && status < 300;
  co_return probed;
}

Task<Probed> probe_tcp(Net& net, Target page, std::string_view, std::vector<std::string> addresses,
                       Clock::time_point deadline) {
  Probed probed;
  probed.http = false;
  probed.address = addresses.front();
  TcpConnect seen = co_await net.tcp(std::move(addresses.front()), page.port, {}, left_of(deadline));
  probed.failure = seen.failure;
  probed.success = seen.failure == Failure::none;
  co_return probed;
}

Task<Probed> timed(Task<Probed> task) {
  const auto began = Clock::now();
  Probed probed = co_await std::move(task);
  probed.seconds = seconds_since(began);
  co_return probed;
}

FamilyProbed of_family(const Probed& probed) {
  return {is_ipv6(probed.address) ? 6 : 4, probed.success, probed.seconds};
}

}  // namespace

const ProbeModule* find_module(std::string_view name) {
  if (name.empty()) return kModules;
  const auto found = std::ranges::find(kModules, name, &ProbeModule::name);
  return found == std::end(kModules) ? nullptr : found;
}

Result<ProbeTarget> parse_probe_target(std::string_view text, const ProbeModule& module) {
  ProbeTarget target;
  target.http = module.http;
  std::string whole(text);
  // As blackbox_exporter reads it: without a scheme it is plain HTTP, and a TCP module takes host:port.
  if (!module.http && !whole.starts_with("tcp://")) whole.insert(0, "tcp://");
  if (!module.http) {
    const auto endpoint = parse_endpoint(std::string_view(whole).substr(6));
    if (!endpoint || endpoint->port == 0) return fail("a TCP module takes host:port, not", printable(text, 80));
    whole = "http://" + to_text(*endpoint) + "/";
  } else if (!lower(text.substr(0, 8)).starts_with("http://") && !lower(text.substr(0, 8)).starts_with("https://")) {
    whole.insert(0, "http://");
  }
  auto page = parse_target(whole);
  if (!page) return std::unexpected(page.error());
  target.page = std::move(*page);
  return target;
}

Task<ProbeAnswer> probe(Net& net, ProbeTarget target, const ProbeModule& module, Milliseconds timeout) {
  ProbeAnswer answer;
  const auto began = Clock::now();
  const auto deadline = began + timeout;
  const std::vector<std::string> addresses = co_await addresses_of(net, target.page, deadline);
  const double lookup = seconds_since(began);
  std::vector<std::string> v6, v4;
  for (const auto& address : addresses) (is_ipv6(address) ? v6 : v4).push_back(address);
  const auto start = target.http ? probe_http : probe_tcp;
  if (addresses.empty()) {
    answer.main.http = target.http;
    answer.main.failure = Failure::name_not_resolved;
    answer.main.failing_url = target.page.url;
  } else if (v6.empty() || v4.empty()) {
    answer.main = co_await start(net, target.page, module.method, v6.empty() ? v4 : v6, deadline);
  } else {
    Task<Probed> six = timed(start(net, target.page, module.method, v6, deadline));
    Task<Probed> four = timed(start(net, target.page, module.method, v4, deadline));
    auto both = co_await (std::move(six) && std::move(four));
    answer.families = {of_family(std::get<0>(both)), of_family(std::get<1>(both))};
    answer.main = std::move(std::get<0>(both));
  }
  answer.main.lookup_seconds = lookup;
  answer.main.phases.resolve += lookup;
  // The other family's time is not the probe's.
  answer.main.seconds = answer.families.empty() ? seconds_since(began) : lookup + answer.main.seconds;
  co_return answer;
}

}  // namespace fix502
