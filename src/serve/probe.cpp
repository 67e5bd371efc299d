#include "serve/probe.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <boost/asio/experimental/awaitable_operators.hpp>

#include "base/text.hpp"
#include "serve/answer_check.hpp"

namespace fix502 {
namespace {

using namespace boost::asio::experimental::awaitable_operators;
using Clock = std::chrono::steady_clock;

constexpr int kMostRedirects = 10;          // as Go's net/http has it
constexpr std::size_t kMostBody = 8 << 20;  // bytes of what regular expressions look at

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
    client.names_form = false;
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

/// A request on its way through redirects.
struct Way {
  const ProbeModule& module;
  Target first, page;
  std::string host;  ///< the Host field; empty: the page's
  std::string authorization;
  std::vector<std::string> addresses;
  std::string method = module.method;
  bool at_target = true;  ///< a redirect has not led to another place
  bool with_body = true;
};

/// Whom the certificate is asked for: a name in place of the one that led to the addresses, empty where it is the same.
std::string tls_name(const Way& way) {
  if (way.page.scheme != "https" || !way.at_target) return {};
  std::string name = way.module.server_name;
  if (const auto page = parse_target("https://" + way.host + "/"); name.empty() && page) name = page->host;
  return name.empty() || is_ipv4(name) || is_ipv6(name) || name == way.page.host ? std::string{} : name;
}

std::string authority(const Target& page) {
  return page.origin().substr(page.scheme.size() + 3);
}

/// The answer names its next page: who asks is told to the same site and those below it only, and never in the clear.
bool may_learn_secrets(const Target& first, const Target& page) {
  const bool below = !first.host_is_address && page.host.ends_with("." + first.host);
  return (page.host == first.host || below) && (page.scheme == "https" || first.scheme == "http");
}

bool is_secret(std::string_view field) {
  return equals_ignoring_case(field, "authorization") || equals_ignoring_case(field, "cookie") ||
         equals_ignoring_case(field, "www-authenticate");
}

HttpRequest request_for(const Way& way, Clock::time_point deadline) {
  HttpRequest request;
  const std::string name = tls_name(way);
  request.url = way.page.url;
  if (!name.empty()) request.url = fmt::format("https://{}:{}{}", name, way.page.port, way.page.path);
  request.method = way.method;
  if (way.with_body) request.data = way.module.body;
  request.client = probe_client();
  if (!way.module.http2) request.client.http = ClientProfile::Http::http1_1;
  const bool secrets = may_learn_secrets(way.first, way.page);
  for (const auto& field : way.module.headers)
    if (secrets || !is_secret(field.first)) request.headers.push_back(field);
  if (secrets && !way.authorization.empty()) request.headers.emplace_back("Authorization", way.authorization);
  if (!way.host.empty() || !name.empty())
    request.headers.emplace_back("Host", way.host.empty() ? authority(way.page) : way.host);
  // RFC 9110 8.6: who could send a body says that there is none.
  const bool could = way.method == "POST" || way.method == "PUT" || way.method == "PATCH";
  if (could && request.data.empty()) request.headers.emplace_back("Content-Length", "0");
  request.addresses = way.addresses;
  request.verify_certificate = way.module.verify_certificate;
  if (way.module.reads_body()) request.max_body = kMostBody;
  request.timeout = left_of(deadline);
  request.connect_timeout = request.timeout;
  return request;
}

/// One step on, at an answer that leads elsewhere.
Task<Failure> follow(Net& net, Way& way, const HttpExchange& seen, ProbePhases& phases, Clock::time_point deadline) {
  // What the exchange makes of the Location field starts from the name that was asked for; this, from the page.
  const std::string* field = seen.header("location");
  const std::string reference = field != nullptr && !tls_name(way).empty() ? *field : seen.location;
  auto next = resolve_reference(way.page, reference);
  if (!next) co_return Failure::bad_redirect;
  const bool stays = field != nullptr && field->substr(0, field->find_first_of("/?#")).find(':') == field->npos &&
                     next->origin() == way.page.origin();
  // RFC 9110 15.4.4: only 307 and 308 keep method and body.
  if (seen.status != 307 && seen.status != 308) {
    if (way.method != "HEAD") way.method = "GET";
    way.with_body = false;
  }
  way.page = std::move(*next);
  if (stays) co_return Failure::none;
  way.host.clear();
  way.at_target = false;
  const auto began = Clock::now();
  way.addresses = co_await addresses_of(net, way.page, deadline);
  phases.resolve += seconds_since(began);
  co_return way.addresses.empty() ? Failure::name_not_resolved : Failure::none;
}

/// The page at these addresses, and where it leads to.
Task<Probed> probe_http(Net& net, ProbeTarget target, const ProbeModule& module, std::vector<std::string> addresses,
                        Clock::time_point deadline) {
  Probed probed;
  probed.verified = module.verify_certificate;
  probed.address = addresses.front();
  Way way{module, target.page, target.page, target.host, {}, std::move(addresses)};
  auto authorization = module.authorization.value();
  if (!authorization) {
    probed.failure = Failure::other;
    probed.unmet = "password_file, credentials_file";
    co_return probed;
  }
  way.authorization = std::move(*authorization);
  AnswerCheck check;
  bool has_body = true;
  while (true) {
    check = {};
    HttpRequest request = request_for(way, deadline);
    request.see = [&check, &module](const std::vector<HeaderField>& fields, std::string_view body) {
      check = check_answer(module, fields, body);
    };
    HttpExchange seen = co_await net.http(std::move(request));
    add_phases(probed.phases, seen);
    probed.failure = seen.failure;
    probed.failing_url = way.page.url;
    probed.last = std::move(seen);
    probed.last->url = way.page.url;
    if (!probed.last->redirects()) break;
    // Counted before it is followed, as there.
    ++probed.redirects;
    if (!module.follow_redirects) {
      has_body = false;
      break;
    }
    if (probed.redirects > kMostRedirects) {
      has_body = false;
      probed.failure = Failure::too_many_redirects;
      break;
    }
    probed.failure = co_await follow(net, way, *probed.last, probed.phases, deadline);
    if (probed.failure == Failure::none) continue;
    // Of an answer that leads nowhere there are no figures there: nobody answered the last request.
    probed.last = HttpExchange{};
    check = {};
    break;
  }
  const AnswerJudgement judged = judge_answer(module, *probed.last, check, has_body);
  probed.success = judged.success && probed.failure == Failure::none;
  probed.by_pattern = judged.by_pattern;
  if (probed.failure == Failure::none) probed.unmet = judged.unmet;
  if (module.reads_body()) probed.last->body_bytes = check.body_bytes;
  if (!has_body) probed.last->body_bytes = 0;
  co_return probed;
}

Task<Probed> probe_tcp(Net& net, ProbeTarget target, const ProbeModule&, std::vector<std::string> addresses,
                       Clock::time_point deadline) {
  Probed probed;
  probed.http = false;
  probed.address = addresses.front();
  TcpConnect seen = co_await net.tcp(std::move(addresses.front()), target.page.port, {}, left_of(deadline));
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

Result<ProbeTarget> parse_probe_target(std::string_view text, const ProbeModule& module, std::string_view host) {
  ProbeTarget target;
  target.http = module.http;
  if (module.http && !host.empty()) {
    if (!is_host_field(host)) return fail("that is no host name", printable(host, 80));
    if (!module.host.empty() && module.host != host)
      return fail("the module and the parameter hostname name two hosts", printable(host, 80));
    target.host = host;
  } else if (module.http) {
    target.host = module.host;
  }
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
  const bool compares = module.protocol == ProbeModule::Protocol::any && !v6.empty() && !v4.empty();
  const bool prefers4 = module.protocol == ProbeModule::Protocol::ip4;
  std::vector<std::string> wanted = prefers4 ? v4 : v6;
  if (wanted.empty() && module.fallback) wanted = prefers4 ? v6 : v4;
  if (wanted.empty()) {
    answer.main.http = target.http;
    answer.main.failure = Failure::name_not_resolved;
    answer.main.failing_url = target.page.url;
  } else if (!compares) {
    answer.main = co_await start(net, target, module, wanted, deadline);
  } else {
    Task<Probed> six = timed(start(net, target, module, v6, deadline));
    Task<Probed> four = timed(start(net, target, module, v4, deadline));
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
