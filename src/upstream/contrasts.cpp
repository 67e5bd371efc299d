#include "upstream/contrasts.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cerrno>

#include "base/text.hpp"
#include "target/target.hpp"
#include "upstream/side_by_side.hpp"
#include "upstream/translate.hpp"

namespace fix502 {
namespace {

constexpr Milliseconds kLongestGuess{1'000};
constexpr Milliseconds kLongestElsewhere{2'000};  // another program may not speak this protocol, and say nothing
constexpr Milliseconds kForever{24L * 3600 * 1000};
constexpr int kBadRequest = 400, kMisdirected = 421, kUpgradeRequired = 426, kNoSuchVersion = 505;
constexpr std::size_t kMostEach = 3;  // addresses, names, files that are tried

/// What is known, and the variations in the making.
struct Maker {
  const ReplayRequest& own;
  const Replay& seen;
  const Contrasting& with;
  std::vector<ReplayRequest> made = {};

  ReplayRequest& add(const std::string& key, const std::string& value) {
    ReplayRequest& one = made.emplace_back(own);
    one.varied[key] = value;
    return one;
  }
  [[nodiscard]] bool failed(std::initializer_list<Failure> failures) const {
    return std::ranges::find(failures, seen.failure) != failures.end();
  }
};

bool is_cgi_like(Protocol protocol) {
  return protocol == Protocol::fastcgi || protocol == Protocol::uwsgi || protocol == Protocol::scgi ||
         protocol == Protocol::ajp;
}
bool is_http1(Protocol protocol) {
  return protocol == Protocol::http1_0 || protocol == Protocol::http1_1;
}
bool is_a_name(const std::string& text) {
  return !text.empty() && !is_ipv4(text) && !is_ipv6(text);
}

void add_family(Maker& maker) {
  const std::string& address = maker.own.address.empty() ? maker.own.server.host : maker.own.address;
  if (address != "127.0.0.1" && address != "::1") return;
  const bool to_ipv6 = address == "127.0.0.1";
  // Both are tried already where the name has both.
  if (std::ranges::find(maker.own.addresses, to_ipv6 ? "::1" : "127.0.0.1") != maker.own.addresses.end() &&
      maker.own.server.is_name())
    return;
  ReplayRequest& one = maker.add("family", to_ipv6 ? "ipv6" : "ipv4");
  one.address = to_ipv6 ? "::1" : "127.0.0.1";
}

void add_addresses(Maker& maker) {
  std::size_t count = 0;
  for (const auto& endpoint : maker.with.endpoints) {
    if (endpoint == maker.own.endpoint() || ++count > kMostEach) continue;
    constexpr std::string_view kUnix = "unix:";
    ReplayRequest there = maker.own;
    there.address.clear();
    there.addresses.clear();
    if (endpoint.starts_with(kUnix)) {
      there.server.socket = endpoint.substr(kUnix.size());
      there.server.host.clear();
    } else if (const auto place = parse_endpoint(endpoint); place && place->port > 0) {
      there.server.host = place->host;
      there.server.port = place->port;
      there.server.socket.clear();
    } else {
      continue;
    }
    ReplayRequest& one = maker.add("address", endpoint);
    one.server = there.server;
    one.limits.whole = std::min(one.limits.whole, kLongestElsewhere);
    one.address.clear();
    one.addresses.clear();
  }
}

void add_connect(Maker& maker) {
  if (!is_connect(maker.seen.failure) && maker.seen.reached != Phase::connect) return;
  add_family(maker);
  add_addresses(maker);
}

void add_time(Maker& maker) {
  const bool late =
      maker.failed({Failure::response_timeout, Failure::stalled, Failure::connect_timeout, Failure::tls_timeout});
  const ReplayLimits& limits = maker.own.limits;
  if (!late || std::min({limits.connect, limits.send, limits.read}) >= limits.whole) return;
  ReplayRequest& one = maker.add("time", fmt::format("{}", limits.whole.count()));
  one.limits.connect = one.limits.send = one.limits.read = kForever;
}

/// Names that the upstream may go by, the likeliest first.
std::vector<std::string> likely_names(const Maker& maker) {
  std::vector<std::string> names;
  const auto add = [&](const std::string& name) {
    if (is_a_name(name) && !name.contains('*') && std::ranges::find(names, name) == names.end()) names.push_back(name);
  };
  add(maker.own.tls.name);
  // The certificate's own names, where the chain was seen.
  const auto& chain = maker.seen.chain;
  const auto covers = [&](const std::string& name) { return !chain.empty() && lists(chain.front().names, name); };
  if (covers(maker.own.server.host)) add(maker.own.server.host);
  if (covers(maker.with.visitor_host)) add(maker.with.visitor_host);
  if (!chain.empty())
    for (const auto& name : chain.front().names) add(name);
  add(maker.own.server.host);
  add(maker.with.visitor_host);
  if (names.size() > kMostEach) names.resize(kMostEach);
  return names;
}

void add_sni(Maker& maker) {
  for (const auto& name : likely_names(maker))
    if (name != maker.own.tls.sni) maker.add("sni", name).tls.sni = name;
}

void add_versions(Maker& maker) {
  const auto add = [&](const char* word, const char* lowest, const char* highest) {
    ReplayRequest& one = maker.add("tls_version", word);
    one.tls.min_version = lowest;
    one.tls.max_version = highest;
    one.tls.ciphers.clear();
  };
  if (maker.own.tls.max_version.empty() && maker.own.tls.min_version.empty() && maker.own.tls.ciphers.empty())
    return add("any", "TLSv1", "");  // the library's own choice has 1.2 and 1.3
  add("TLSv1.3", "TLSv1.3", "");
  add("TLSv1.2", "TLSv1.2", "TLSv1.2");
  add("any", "TLSv1", "");
}

void turn_tls(Maker& maker, bool on) {
  ReplayRequest& one = maker.add("tls", on ? "on" : "off");
  one.tls.on = on;
  if (!on) return;
  // Who greets does it soon; a server of plain HTTP may wait for the end of what it takes for a request.
  if (maker.seen.looks_like != "TLS") one.limits.greet = kLongestGuess;
  one.tls.verify = one.tls.verify_name = one.tls.verify_dates = false;
  const auto names = likely_names(maker);
  if (one.tls.sni.empty() && !names.empty()) one.tls.sni = names.front();
  const Protocol protocol = one.request.protocol;
  if (protocol == Protocol::http2 || protocol == Protocol::grpc) one.tls.alpn = {"h2"};
}

void add_plain_tls(Maker& maker) {
  if (maker.own.tls.on || !is_http(maker.own.request.protocol)) return;
  const bool looks = maker.seen.looks_like == "TLS";
  const bool ended = maker.failed({Failure::closed_early, Failure::reset});
  if (looks || ended || maker.seen.status == kBadRequest) turn_tls(maker, true);
}

void add_tls(Maker& maker) {
  if (!maker.own.tls.on) return;
  // A server may ask for a client's certificate, or take no name, after the greeting is over.
  const bool greeting = is_tls(maker.seen.failure) || maker.failed({Failure::closed_early, Failure::reset});
  if (greeting && !is_certificate(maker.seen.failure)) {
    if (maker.seen.alert < 0) turn_tls(maker, false);
    if (maker.seen.failure != Failure::tls_not_tls) {
      add_sni(maker);
      add_versions(maker);
    }
  } else if (maker.seen.status == kMisdirected || maker.seen.status == kBadRequest) {
    add_sni(maker);
  }
}

void add_certificate(Maker& maker) {
  if (!is_certificate(maker.seen.failure)) return;
  // Without a name, or with another one, a server shows the certificate of its default site.
  if (maker.seen.failure == Failure::cert_name || maker.own.tls.sni.empty()) add_sni(maker);
  if (maker.seen.failure == Failure::cert_name)
    for (const auto& name : likely_names(maker))
      if (name != maker.own.tls.name) maker.add("name", name).tls.name = name;
  if (maker.seen.failure == Failure::cert_issuer) {
    std::size_t count = 0;
    for (const auto& file : maker.with.trust_files)
      if (file != maker.own.tls.trusted_file && ++count <= kMostEach) maker.add("trust", file).tls.trusted_file = file;
    if (!maker.own.tls.trusted_file.empty()) maker.add("trust", "system").tls.trusted_file.clear();
  }
  UpstreamTls& lax = maker.add("verify", "off").tls;
  lax.verify = lax.verify_name = lax.verify_dates = false;
}

void speak(Maker& maker, Protocol protocol) {
  const std::string script = maker.with.scripts.empty() ? std::string() : maker.with.scripts.front();
  ReplayRequest& one = maker.add("protocol", std::string(to_word(protocol)));
  one.request = translated(maker.own.request, protocol, maker.with.visitor_host, script);
  // Who speaks it says so soon; who does not may be silent for as long as one waits.
  one.limits.whole = std::min(one.limits.whole, kLongestGuess);
}

struct LooksRow {
  std::string_view words;
  Protocol protocol;
};
constexpr LooksRow kLooks[] = {
    {"HTTP/2", Protocol::http2}, {"FastCGI", Protocol::fastcgi}, {"AJP", Protocol::ajp}, {"HTTP", Protocol::http1_1}};

void add_protocols(Maker& maker) {
  const Protocol spoken = maker.own.request.protocol;
  if (spoken == Protocol::tcp) return;
  const auto* row = std::ranges::find(kLooks, maker.seen.looks_like, &LooksRow::words);
  if (row != std::end(kLooks) && maker.seen.failure != Failure::none) return speak(maker, row->protocol);
  const bool ended = maker.failed({Failure::closed_early, Failure::reset, Failure::http2_error}) &&
                     (maker.seen.reached == Phase::wait || maker.seen.failure == Failure::http2_error);
  // A server of HTTP takes FastCGI's bytes for the start of a request line, and waits for the rest.
  const bool silent =
      maker.failed({Failure::response_timeout, Failure::out_of_time}) && maker.seen.reached == Phase::wait;
  if (is_http1(spoken) && ended)
    for (const Protocol other : {Protocol::uwsgi, Protocol::fastcgi, Protocol::http2, Protocol::scgi})
      speak(maker, other);
  if (is_cgi_like(spoken) && (ended || silent || maker.seen.failure == Failure::not_http))
    for (const Protocol other : {Protocol::http1_1, Protocol::fastcgi, Protocol::uwsgi, Protocol::scgi})
      if (other != spoken) speak(maker, other);
  if ((spoken == Protocol::http2 || spoken == Protocol::grpc) && (ended || silent)) speak(maker, Protocol::http1_1);
}

void add_http_version(Maker& maker) {
  const Protocol spoken = maker.own.request.protocol;
  if (!is_http1(spoken)) return;
  const HeaderFlaw flaw = maker.seen.flaw;
  const bool framing = maker.failed({Failure::bad_framing, Failure::truncated}) || flaw == HeaderFlaw::bad_coding ||
                       flaw == HeaderFlaw::length_and_chunked;
  const bool ended = maker.failed({Failure::closed_early, Failure::reset}) && maker.seen.looks_like.empty();
  const bool old = spoken == Protocol::http1_0;
  const bool wants_newer = maker.seen.status == kUpgradeRequired || maker.seen.status == kNoSuchVersion;
  if (!(framing && !old) && !(old && (wants_newer || ended))) return;
  ReplayRequest& one = maker.add("http", old ? "1.1" : "1.0");
  one.request.protocol = old ? Protocol::http1_1 : Protocol::http1_0;
}

void add_scripts(Maker& maker) {
  if (maker.own.request.protocol != Protocol::fastcgi || maker.seen.status != 404) return;
  std::size_t count = 0;
  for (const auto& script : maker.with.scripts)
    if (++count <= kMostEach) set_value(maker.add("script", script).request.params, "SCRIPT_FILENAME", script);
}

/// RFC 6455 4.1
void add_upgrade(Maker& maker) {
  if (!maker.with.upgrade || !is_http1(maker.own.request.protocol)) return;
  UpstreamRequest& request = maker.add("upgrade", "websocket").request;
  request.protocol = Protocol::http1_1;
  set_value(request.headers, "Connection", "Upgrade");
  set_value(request.headers, "Upgrade", "websocket");
  set_value(request.headers, "Sec-WebSocket-Version", "13");
  set_value(request.headers, "Sec-WebSocket-Key", "Zml4NTAyLWNvbnRyYXN0IQ==");
}

void add_check(Maker& maker, const std::string& key, const std::string& path) {
  const HealthCheck& check = maker.with.check;
  UpstreamRequest& request = maker.add(key, path).request;
  request.method = check.method == "HEAD" || check.method == "OPTIONS" ? check.method : "GET";
  request.target = path;
  if (!check.host.empty()) set_value(request.headers, "Host", check.host);
}

bool wants_check(const Maker& maker) {
  return maker.with.check.on && !maker.with.check.path.empty() && is_http1(maker.own.request.protocol) &&
         !is_connect(maker.seen.failure);
}

/// Paths on which the check might do, where the one that is set does not.
std::vector<std::string> other_paths(const Maker& maker) {
  std::vector<std::string> paths;
  const std::string own = maker.own.request.target.substr(0, maker.own.request.target.find('?'));
  for (const std::string& path : {own, std::string("/")})
    if (path != maker.with.check.path && std::ranges::find(paths, path) == paths.end()) paths.push_back(path);
  return paths;
}

}  // namespace

bool went_wrong(const Replay& own) {
  const int status = own.status.value_or(0);
  return own.failure != Failure::none || own.flaw != HeaderFlaw::none || status == kBadRequest ||
         status == kMisdirected || status == kUpgradeRequired || status == kNoSuchVersion ||
         (own.protocol == Protocol::fastcgi && status == 404);
}

std::vector<ReplayRequest> variations(const ReplayRequest& own, const Replay& seen, const Contrasting& with) {
  Maker maker{own, seen, with};
  if (seen.failure != Failure::name_not_resolved) {
    if (went_wrong(seen))
      for (const auto add : {add_connect, add_plain_tls, add_tls, add_certificate, add_protocols, add_time,
                             add_http_version, add_scripts})
        add(maker);
    add_upgrade(maker);
    if (wants_check(maker)) add_check(maker, "health", with.check.path);
  }
  if (maker.made.size() > with.most) maker.made.resize(with.most);
  return std::move(maker.made);
}

namespace {

/// A server that was silent may have one worker only, which every request of ours that it does not understand holds up:
/// the likeliest protocol is asked for alone, and where that is it nothing else is.
Task<std::vector<Replay>> ask_all(std::vector<ReplayRequest> wanted, bool silent) {
  std::vector<Replay> seen;
  if (silent && wanted.size() > 1 && wanted.front().varied.contains("protocol")) {
    seen.push_back(co_await replay(wanted.front()));
    if (seen.front().failure == Failure::none) co_return seen;
    wanted.erase(wanted.begin());
  }
  for (auto& each : co_await side_by_side(std::move(wanted), kMostAtOnce)) seen.push_back(std::move(each));
  co_return seen;
}

}  // namespace

Task<std::vector<Replay>> contrasts(ReplayRequest own, Replay seen, Contrasting with) {
  const bool silent = seen.failure == Failure::response_timeout || seen.failure == Failure::out_of_time;
  std::vector<Replay> others = co_await ask_all(variations(own, seen, with), silent);
  const auto health = std::ranges::find_if(others, [](const Replay& each) { return each.varied.contains("health"); });
  const bool unwell = health != others.end() && (health->failure != Failure::none || health->status.value_or(0) >= 400);
  if (!unwell || others.size() >= with.most) co_return others;
  Maker maker{own, seen, with};
  for (const auto& path : other_paths(maker)) add_check(maker, "check", path);
  if (maker.made.size() > with.most - others.size()) maker.made.resize(with.most - others.size());
  for (auto& other : co_await side_by_side(std::move(maker.made), kMostAtOnce))
    // A check takes what is between 200 and 399 for health (all four gateways' default).
    if (other.failure == Failure::none && other.status.value_or(0) < 400) others.push_back(std::move(other));
  co_return others;
}

}  // namespace fix502
