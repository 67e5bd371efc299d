#include "logline/join.hpp"

#include <algorithm>
#include <cstdlib>

#include "base/text.hpp"

namespace fix502 {
namespace {

using std::chrono::seconds;

// nginx writes its access line when the last byte has gone out, within the second of the error in all but slow cases.
constexpr seconds kApart{2};
// How long a request may have been trying one upstream before it went to the next: proxy_connect_timeout's 60 s and a
// margin.
constexpr seconds kRetryWithin{75};
// The longest usual limit of a gateway's waiting, with a margin.
constexpr seconds kLongestRequest{320};
// More than a burst of errors ever needs; what is older is given up as if its time had passed.
constexpr std::size_t kMostPending = 200'000;

std::size_t mixed(std::size_t seed, std::string_view text) {
  return std::hash<std::string_view>{}(text) ^
         (seed * 0x9E3779B97F4A7C15ULL + 0x7F4A7C15ULL + (seed << 6) + (seed >> 2));
}

/// "/x" of "https://a.test:443/x?y": one page has one name.
std::string_view path_of(std::string_view url) {
  if (const auto scheme = url.find("://"); scheme != url.npos && scheme <= 5) {
    const auto slash = url.find('/', scheme + 3);
    url = slash == url.npos ? std::string_view("/") : url.substr(slash);
  }
  return url.substr(0, url.find_first_of("?#"));
}

void add_upstream(std::vector<std::string>& tried, std::string_view upstream) {
  if (!upstream.empty() && !lists(tried, upstream)) tried.emplace_back(upstream);
}

/// How much a row explains: a cause before its consequence, and what is written first before what repeats it.
int rank(const Message& message) {
  const int weight = message.weight == Weight::secondary ? 2 : message.weight == Weight::mark ? 3 : 0;
  return weight * 10 + (message.sureness == Sureness::possible ? 5 : 0);
}

std::size_t key_for(std::string_view gateway, std::string_view client, std::string_view url) {
  return mixed(mixed(mixed(3, gateway), client), url);
}

void erase_from(auto& index, std::size_t key, const auto* value) {
  for (auto [at, end] = index.equal_range(key); at != end; ++at) {
    if (at->second != value) continue;
    index.erase(at);
    return;
  }
}

bool concerns_requests(const Message& message) {
  return message.weight == Weight::failure || message.weight == Weight::cut || message.weight == Weight::secondary;
}

}  // namespace

struct Joiner::Group {
  WallTime first{};
  WallTime last{};
  std::string gateway;
  const Message* message = nullptr;  // the line that explains most
  std::vector<const Message*> rows;
  std::vector<std::string> tried;
  std::string upstream;
  std::string connection, client, port, host, url;
  std::string sample;
  std::uint32_t file = 0;
  std::uint64_t number = 0;  // in the order of their first lines
  std::size_t key = 0;       // of what is known of gateway, client and URL
  std::size_t connection_key = 0;
  bool done = false;
};

struct Joiner::Access {
  WallTime at{};
  std::string gateway;
  Judgement judgement;
  std::string client, port, host, url, upstream, upstreams, connection;
  std::string sample;
  std::uint32_t file = 0;
  int status = 0;
  bool done = false;
};

Joiner::Joiner(Sink sink) : sink_(std::move(sink)) {}
Joiner::~Joiner() = default;

Joiner::Logs Joiner::logs_of(const std::string& gateway) const {
  const auto found = logs_.find(gateway);
  return found == logs_.end() ? Logs{} : found->second;
}

void Joiner::take(const Record& record) {
  // A clock set wrong must not push everything else out: one line may carry time forward only as far as retries last.
  if (now_ == WallTime{} || record.at - now_ > seconds(0)) now_ = record.at;
  advance(now_);
  if (record.role == Role::access)
    take_access(record);
  else
    take_error(record);
}

void Joiner::take_error(const Record& record) {
  if (record.message == nullptr) return;
  const Message& message = *record.message;
  if (!concerns_requests(message)) {
    LoggedFailure failure;
    failure.at = record.at;
    failure.gateway = record.gateway;
    failure.fault = message.fault;
    failure.cause = message.cause;
    failure.sureness = message.sureness;
    failure.upstream = upstream_name(record.gateway, record.upstream);
    failure.host = record.host;
    failure.sample = record.line;
    failure.file = record.file;
    failure.application = message.weight == Weight::trouble;
    failure.mark = message.weight == Weight::mark;
    failure.change = message.weight == Weight::change;
    sink_(std::move(failure));
    return;
  }
  Group* group = open_group(record);
  if (group->message == nullptr || rank(message) < rank(*group->message)) {
    group->message = &message;
    group->sample = record.line;
    group->file = record.file;
  }
  group->rows.push_back(&message);
  group->last = std::max(group->last, record.at);
  const std::string upstream = upstream_name(record.gateway, record.upstream);
  if (message.weight != Weight::secondary || group->upstream.empty()) {
    if (!upstream.empty()) group->upstream = upstream;
    if (message.weight != Weight::secondary) add_upstream(group->tried, upstream);
  }
  if (group->client.empty()) group->client = record.client;
  if (group->port.empty()) group->port = record.port;
  if (group->host.empty()) group->host = record.host;
  if (group->url.empty()) group->url = path_of(record.url);
  index(*group);
}

void Joiner::index(Group& group) {
  if (!logs_of(group.gateway).access) return;  // nobody will look for it
  const std::size_t key = key_for(group.gateway, group.client, group.url);
  if (key == group.key) return;
  if (group.key != 0) erase_from(by_key_, group.key, &group);
  group.key = key;
  by_key_.emplace(key, &group);
}

/// The group of lines about the same request that this line goes on with, or a new one.
Joiner::Group* Joiner::open_group(const Record& record) {
  const std::size_t connection_key =
      record.connection.empty() ? mixed(1, record.gateway) : mixed(mixed(2, record.gateway), record.connection);
  Group* match = nullptr;
  for (auto [at, end] = by_connection_.equal_range(connection_key); at != end; ++at) {
    Group* group = at->second;
    if (group->done || group->gateway != record.gateway) continue;
    if (record.gateway == "nginx") {
      // A retry goes to an upstream that this request has not tried; the same one again is the client's next request.
      const std::string upstream = upstream_name(record.gateway, record.upstream);
      const bool again = lists(group->tried, upstream) ||
                         (record.message->weight == Weight::secondary && group->message->weight == Weight::secondary);
      if (record.connection.empty() || again || group->url != path_of(record.url) || group->client != record.client)
        continue;
      if (record.at - group->last > kRetryWithin) continue;
    } else if (record.connection.empty()) {
      // lighttpd: "establishing connection failed", then "all handlers for /x are down" of the same request.
      const bool consequence = record.message->weight == Weight::secondary && group->rows.size() == 1 &&
                               group->message->weight != Weight::secondary && record.gateway == "lighttpd";
      if (!consequence || record.at - group->last > seconds(1)) continue;
    } else {
      // Apache: a worker serves one request at a time. Lines without a client come first, then those with one.
      const bool repeated =
          !record.client.empty() && std::ranges::find(group->rows, record.message) != group->rows.end();
      const bool next = record.client.empty() && !group->client.empty();
      const bool other = !record.client.empty() && !group->client.empty() &&
                         (record.client != group->client || record.port != group->port);
      if (repeated || next || other || record.at - group->last > seconds(1)) continue;
    }
    if (match == nullptr || group->last >= match->last) match = group;
  }
  if (match != nullptr) return match;
  auto group = std::make_unique<Group>();
  group->first = group->last = record.at;
  group->number = ++groups_seen_;
  group->gateway = record.gateway;
  group->connection = record.connection;
  group->client = record.client;
  group->port = record.port;
  group->host = record.host;
  group->url = path_of(record.url);
  group->connection_key = connection_key;
  by_connection_.emplace(connection_key, group.get());
  // Only nginx goes on to another upstream after a timeout, on the same connection.
  const bool slow = record.gateway == "nginx" && record.message->cause.ends_with("_timeout");
  Groups& groups = slow ? slow_ : groups_;
  groups.push_back(std::move(group));
  return groups.back().get();
}

void Joiner::take_access(const Record& record) {
  const auto judgement = judge_access(record);
  if (!judgement) return;
  auto access = std::make_unique<Access>();
  access->at = record.at;
  access->gateway = record.gateway;
  access->judgement = *judgement;
  access->client = record.client;
  access->port = record.port;
  access->host = record.host;
  access->url = path_of(record.url);
  access->upstreams = record.upstream;
  access->upstream =
      upstream_name(record.gateway, record.gateway == "haproxy" ? record.upstream : last_of_list(record.upstream));
  access->connection = record.connection;
  access->status = record.status;
  access->file = record.file;
  access->sample = record.line;
  // Lines that no error log can add to need not wait.
  const Logs logs = logs_of(access->gateway);
  if (!logs.error || access->gateway == "haproxy" || access->gateway == "envoy") {
    settle(*access);
    return;
  }
  // Apache's %t is the moment that the request came in, so that its error may follow long after.
  (access->gateway == "apache" ? early_ : accesses_).push_back(std::move(access));
}

Joiner::Group* Joiner::find_group(const Access& access) {
  Group* best = nullptr;
  seconds best_apart{};
  const auto differ = [](const std::string& a, const std::string& b) { return !a.empty() && !b.empty() && a != b; };
  // The most exact key first: an error line may lack the client, or the URL.
  for (const auto& [client, url] : {std::pair<std::string_view, std::string_view>{access.client, access.url},
                                    {access.client, {}},
                                    {{}, access.url},
                                    {{}, {}}}) {
    for (auto [at, end] = by_key_.equal_range(key_for(access.gateway, client, url)); at != end; ++at) {
      Group* group = at->second;
      const seconds apart = std::chrono::abs(group->last - access.at);
      if (group->done || group->gateway != access.gateway || apart > kApart) continue;
      if (differ(group->client, access.client) || differ(group->url, access.url)) continue;
      if (group->gateway == "nginx" && differ(group->connection, access.connection)) continue;
      if (group->gateway == "caddy" && differ(group->port, access.port)) continue;
      if (best != nullptr && (apart > best_apart || (apart == best_apart && group->number >= best->number))) continue;
      best = group;
      best_apart = apart;
    }
    if (best != nullptr) return best;
  }
  return best;
}

void Joiner::settle(Access& access) {
  if (access.done) return;
  access.done = true;
  Group* group = logs_of(access.gateway).error && access.gateway != "apache" ? find_group(access) : nullptr;
  if (group != nullptr) {
    release(*group, &access);
    return;
  }
  // Without a line in the error log that is read beside it, a request that failed by the gateway's word and is not in
  // there was failed by the upstream's word.
  const Judgement& judgement = access.judgement;
  if (judgement.answered && judgement.fault.empty()) return;
  LoggedFailure failure;
  failure.at = access.at;
  failure.gateway = access.gateway;
  failure.status = access.status;
  failure.fault = judgement.fault;
  failure.cause = judgement.cause;
  failure.sureness = judgement.sureness;
  failure.made_by = judgement.made_by;
  if (failure.made_by.empty() && logs_of(access.gateway).error) failure.made_by = "upstream";
  failure.secondary = judgement.secondary;
  // lighttpd turns requests away without a word for as long as it holds the upstream to be down.
  if (failure.gateway == "lighttpd" && failure.status == 503 && logs_of(access.gateway).error) failure.secondary = true;
  failure.upstream = access.upstream;
  for (const std::string_view part : split(access.upstreams, ',')) add_upstream(failure.tried, part);
  if (failure.tried.size() < 2) failure.tried.clear();
  failure.host = access.host;
  failure.url = access.url;
  failure.client = access.client;
  failure.sample = std::move(access.sample);
  failure.file = access.file;
  failure.in_access = true;
  sink_(std::move(failure));
}

void Joiner::release(Group& group, const Access* access) {
  group.done = true;
  const Message& message = *group.message;
  LoggedFailure failure;
  failure.at = group.last;
  failure.gateway = group.gateway;
  failure.fault = message.fault;
  failure.cause = message.cause;
  failure.sureness = message.sureness;
  failure.secondary = message.weight == Weight::secondary;
  failure.upstream = group.upstream;
  failure.tried = group.tried;
  failure.host = group.host;
  failure.url = group.url;
  failure.client = group.client;
  failure.made_by = "gateway";
  failure.sample = std::move(group.sample);
  failure.file = group.file;
  if (access != nullptr) {
    if (group.gateway != "apache") failure.at = access->at;
    failure.in_access = true;
    failure.status = access->status;
    if (failure.url.empty()) failure.url = access->url;
    if (failure.host.empty()) failure.host = access->host;
    if (failure.upstream.empty()) failure.upstream = access->upstream;
    for (const std::string_view part : split(access->upstreams, ',')) add_upstream(failure.tried, part);
    failure.retried = access->judgement.answered;
  } else if (message.weight == Weight::failure && logs_of(group.gateway).access) {
    failure.unmatched = true;
  }
  if (failure.tried.size() < 2) failure.tried.clear();
  sink_(std::move(failure));
}

void Joiner::advance(WallTime now) {
  const auto settle_before = [&](std::deque<std::unique_ptr<Access>>& waiting, seconds wait) {
    while (!waiting.empty() && (waiting.front()->at + wait < now || waiting.size() > kMostPending)) {
      settle(*waiting.front());
      waiting.pop_front();
    }
  };
  settle_before(accesses_, kApart);
  settle_before(early_, kLongestRequest);
  expire(groups_, now);
  expire(slow_, now);
}

void Joiner::expire(Groups& groups, WallTime now) {
  while (!groups.empty()) {
    Group& group = *groups.front();
    const seconds wait = &groups == &slow_ ? kRetryWithin : logs_of(group.gateway).access ? 2 * kApart : kApart;
    if (!group.done && group.last + wait >= now && groups.size() <= kMostPending) break;
    erase_from(by_connection_, group.connection_key, &group);
    erase_from(by_key_, group.key, &group);
    if (!group.done) release(group, early_access(group));
    groups.pop_front();
  }
}

/// Of Apache: the request of this error, which came in at its second, or else the earliest one before it.
const Joiner::Access* Joiner::early_access(const Group& group) {
  const auto differ = [](const std::string& a, const std::string& b) { return !a.empty() && !b.empty() && a != b; };
  Access* best = nullptr;
  for (const auto& access : early_) {
    if (access->at > group.last + kApart) break;
    const bool taken = access->done || access->gateway != group.gateway;
    if (taken || access->at + kLongestRequest < group.last || differ(group.client, access->client) ||
        differ(group.url, access->url))
      continue;
    if (best == nullptr) best = access.get();
    if (access->at + kApart < group.last) continue;
    best = access.get();
    break;
  }
  if (best != nullptr) best->done = true;
  return best;
}

void Joiner::finish() {
  for (auto& access : accesses_) settle(*access);
  accesses_.clear();
  for (Groups* groups : {&groups_, &slow_}) {
    for (auto& group : *groups)
      if (!group->done) release(*group, early_access(*group));
    groups->clear();
  }
  for (auto& access : early_) settle(*access);
  early_.clear();
  by_connection_.clear();
  by_key_.clear();
}

}  // namespace fix502
