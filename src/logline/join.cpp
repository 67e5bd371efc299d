#include "logline/join.hpp"

#include <algorithm>

#include "base/text.hpp"

namespace fix502 {
namespace {

using std::chrono::seconds;

// How long a request may have been trying one upstream before it went to the next: proxy_connect_timeout's 60 s and a
// margin.
constexpr seconds kRetryWithin{75};
// More than a burst of errors ever needs; what is older is given up as if its time had passed.
constexpr std::size_t kMostPending = 200'000;

/// How much a row explains: a cause before its consequence, and what is written first before what repeats it.
int rank(const Message& message) {
  const int weight = message.weight == Weight::secondary ? 2 : message.weight == Weight::mark ? 3 : 0;
  return weight * 10 + (message.sureness == Sureness::possible ? 5 : 0);
}

/// Faults whose client gets another status than 5xx, by which no access line is looked for: 404, 400, 431.
bool shows_otherwise(const Message& message) {
  return message.fault == "upstream.script-not-found" || message.fault == "gateway.header-limit";
}

bool concerns_requests(const Message& message) {
  return message.weight == Weight::failure || message.weight == Weight::cut || message.weight == Weight::secondary;
}

/// nginx: a retry goes to an upstream that this request has not tried; the same one again is the client's next request.
bool goes_on_in_nginx(const ErrorGroup& group, const Record& record, const std::string& upstream) {
  const bool again = lists(group.tried, upstream) ||
                     (record.message->weight == Weight::secondary && group.message->weight == Weight::secondary);
  return !again && group.url == path_of_url(record.url) && group.client == record.client &&
         record.at - group.last <= kRetryWithin;
}

/// lighttpd: "establishing connection failed", then "all handlers for /x are down" of the same request.
bool goes_on_in_lighttpd(const ErrorGroup& group, const Record& record) {
  return record.message->weight == Weight::secondary && group.rows.size() == 1 &&
         group.message->weight != Weight::secondary && record.gateway == "lighttpd" &&
         record.at - group.last <= seconds(1);
}

/// Apache: a worker serves one request at a time. Lines without a client come first, then those with one.
bool goes_on_in_worker(const ErrorGroup& group, const Record& record) {
  const bool repeated = !record.client.empty() && std::ranges::find(group.rows, record.message) != group.rows.end();
  const bool next = record.client.empty() && !group.client.empty();
  const bool other = differ(record.client, group.client) ||
                     (!record.client.empty() && !group.client.empty() && record.port != group.port);
  return !repeated && !next && !other && record.at - group.last <= seconds(1);
}

}  // namespace

void Joiner::expect(std::string_view gateway, Logs logs) {
  const auto known = std::ranges::find(logs_, gateway, &std::pair<std::string, Logs>::first);
  if (known == logs_.end())
    logs_.emplace_back(gateway, logs);
  else
    known->second = logs;
}

Joiner::Logs Joiner::logs_of(std::string_view gateway) const {
  const auto known = std::ranges::find(logs_, gateway, &std::pair<std::string, Logs>::first);
  return known == logs_.end() ? Logs{} : known->second;
}

void Joiner::take(const Record& record) {
  now_ = std::max(now_, record.at);
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
    hand_on_alone(record);
    return;
  }
  const std::string upstream = upstream_name(record.gateway, record.upstream);
  ErrorGroup& group = open_group(record, upstream);
  if (group.message == nullptr || rank(message) < rank(*group.message)) {
    group.message = &message;
    group.sample = record.line;
    group.file = record.file;
  }
  group.rows.push_back(&message);
  group.last = std::max(group.last, record.at);
  if (message.weight != Weight::secondary || group.upstream.empty()) {
    if (!upstream.empty()) group.upstream = upstream;
    if (message.weight != Weight::secondary) add_tried(group.tried, upstream);
  }
  if (group.client.empty()) group.client = record.client;
  if (group.port.empty()) group.port = record.port;
  if (group.host.empty()) group.host = record.host;
  if (group.url.empty()) group.url = path_of_url(record.url);
  index(group);
}

/// A line about no single request.
void Joiner::hand_on_alone(const Record& record) {
  const Message& message = *record.message;
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
}

void Joiner::index(ErrorGroup& group) {
  if (!group.logs.access) return;  // nobody will look for it
  const std::size_t key = request_key(group.gateway, group.client, group.url);
  if (group.by_request.held && group.by_request.key == key) return;
  by_request_.remove(group);
  by_request_.add(key, group);
}

/// The group of lines about the same request that this line goes on with, or a new one.
ErrorGroup& Joiner::open_group(const Record& record, const std::string& upstream) {
  const bool nginx = record.gateway == "nginx";
  const std::size_t key = record.connection.empty() ? mixed_key(1, record.gateway)
                                                    : mixed_key(mixed_key(2, record.gateway), record.connection);
  // Without a connection's number nothing ties nginx' lines together.
  const bool chained = !nginx || !record.connection.empty();
  ErrorGroup* match = nullptr;
  if (chained) {
    by_connection_.newest(key, kMostAlike, [&](ErrorGroup& group) {
      if (group.done || group.gateway != record.gateway || group.connection != record.connection) return true;
      const bool goes_on = nginx                       ? goes_on_in_nginx(group, record, upstream)
                           : record.connection.empty() ? goes_on_in_lighttpd(group, record)
                                                       : goes_on_in_worker(group, record);
      if (goes_on && (match == nullptr || group.last > match->last)) match = &group;
      return true;
    });
  }
  if (match != nullptr) return *match;
  // Only nginx goes on to another upstream after a timeout, on the same connection.
  const bool slow = nginx && record.message->cause.ends_with("_timeout");
  ErrorGroup& group = *(slow ? slow_ : groups_).emplace_back(spare_groups_.take());
  group.first = group.last = record.at;
  group.number = ++seen_;
  group.gateway = record.gateway;
  group.logs = logs_of(record.gateway);
  group.connection = record.connection;
  group.client = record.client;
  group.port = record.port;
  group.host = record.host;
  group.url = path_of_url(record.url);
  if (chained) by_connection_.add(key, group);
  return group;
}

void Joiner::close(ErrorGroup& group, WaitingAccess* access) {
  group.done = true;
  by_connection_.remove(group);
  by_request_.remove(group);
  const Message& message = *group.message;
  out_.at = group.last;
  out_.gateway = group.gateway;
  out_.fault = message.fault;
  out_.cause = message.cause;
  out_.sureness = message.sureness;
  out_.secondary = message.weight == Weight::secondary;
  out_.upstream = group.upstream;
  std::swap(out_.tried, group.tried);
  out_.host = group.host;
  out_.url = group.url;
  out_.client = group.client;
  out_.made_by = "gateway";
  std::swap(out_.sample, group.sample);
  out_.file = group.file;
  out_.status = 0;
  out_.retried = false;
  out_.in_access = access != nullptr;
  out_.unmatched =
      access == nullptr && message.weight == Weight::failure && group.logs.access && !shows_otherwise(message);
  if (access != nullptr) {
    access->done = true;
    early_by_client_.remove(*access);
    if (group.gateway != "apache") out_.at = access->at;
    out_.status = access->status;
    if (out_.url.empty()) out_.url = access->url;
    if (out_.host.empty()) out_.host = access->host;
    if (out_.upstream.empty()) out_.upstream = access->upstream;
    for (const std::string_view part : split(access->upstreams, ',')) add_tried(out_.tried, part);
    out_.retried = access->judgement.answered;
  }
  if (out_.tried.size() < 2) out_.tried.clear();
  sink_(std::move(out_));
}

void Joiner::settle_before(Accesses& waiting, seconds wait, WallTime now) {
  while (!waiting.empty() &&
         (waiting.front()->done || waiting.front()->at + wait < now || waiting.size() > kMostPending)) {
    settle(*waiting.front());
    spare_accesses_.give(std::move(waiting.front()));
    waiting.pop_front();
  }
}

void Joiner::advance(WallTime now) {
  settle_before(accesses_, kLinesApart, now);
  settle_before(early_, kLongestRequest, now);
  expire(groups_, now);
  expire(slow_, now);
}

void Joiner::expire(Groups& groups, WallTime now) {
  while (!groups.empty()) {
    ErrorGroup& group = *groups.front();
    const seconds wait = &groups == &slow_ ? kRetryWithin : group.logs.access ? 2 * kLinesApart : kLinesApart;
    if (!group.done && group.last + wait >= now && groups.size() <= kMostPending) break;
    if (!group.done) close(group, early_access(group));
    spare_groups_.give(std::move(groups.front()));
    groups.pop_front();
  }
}

void Joiner::finish() {
  for (auto& access : accesses_) settle(*access);
  accesses_.clear();
  for (Groups* groups : {&groups_, &slow_}) {
    for (auto& group : *groups)
      if (!group->done) close(*group, early_access(*group));
    groups->clear();
  }
  for (auto& access : early_) settle(*access);
  early_.clear();
}

}  // namespace fix502
