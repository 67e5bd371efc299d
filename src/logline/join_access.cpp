// The joiner's other half: lines of access logs, and which error lines they belong to.
#include <chrono>
#include <tuple>

#include "base/text.hpp"
#include "logline/join.hpp"

namespace fix502 {

using std::chrono::seconds;

void Joiner::take_access(const Record& record) {
  const auto judgement = judge_access(record);
  if (!judgement) return;
  auto access = spare_accesses_.take();
  access->at = record.at;
  access->number = ++seen_;
  access->gateway = record.gateway;
  access->logs = logs_of(record.gateway);
  access->judgement = *judgement;
  access->client = record.client;
  access->port = record.port;
  access->host = record.host;
  access->url = path_of_url(record.url);
  access->upstreams = record.upstream;
  access->upstream = upstream_of(record);
  access->connection = record.connection;
  access->status = record.status;
  access->file = record.file;
  access->sample = record.line;
  // Lines that no error log can add to need not wait.
  if (!access->logs.error || record.gateway == "haproxy" || record.gateway == "envoy") {
    settle(*access);
    spare_accesses_.give(std::move(access));
  } else if (record.gateway == "apache") {
    // Apache's %t is the moment that the request came in, so that its error may follow long after.
    early_by_client_.add(client_key(access->gateway, access->client), *access);
    early_.push_back(std::move(access));
  } else {
    accesses_.push_back(std::move(access));
  }
}

ErrorGroup* Joiner::find_group(const WaitingAccess& access) const {
  ErrorGroup* best = nullptr;
  seconds best_apart{};
  // The most exact key first: an error line may lack the client, or the URL.
  for (const auto& [client, url] : {std::pair<std::string_view, std::string_view>{access.client, access.url},
                                    {access.client, {}},
                                    {{}, access.url},
                                    {{}, {}}}) {
    by_request_.oldest(request_key(access.gateway, client, url), kMostAlike, [&](ErrorGroup& group) {
      const seconds apart = std::chrono::abs(group.last - access.at);
      if (group.gateway != access.gateway || apart > kLinesApart) return true;
      if (differ(group.client, access.client) || differ(group.url, access.url)) return true;
      if (group.gateway == "nginx" && differ(group.connection, access.connection)) return true;
      if (group.gateway == "caddy" && differ(group.port, access.port)) return true;
      if (best != nullptr && (apart > best_apart || (apart == best_apart && group.number >= best->number))) return true;
      best = &group;
      best_apart = apart;
      return apart > seconds(0);
    });
    if (best != nullptr) return best;
  }
  return best;
}

/// Of Apache: the request of this error, which came in at its second, or else the earliest one before it.
WaitingAccess* Joiner::early_access(const ErrorGroup& group) {
  if (early_.empty()) return nullptr;
  WaitingAccess* best = nullptr;
  const auto consider = [&](WaitingAccess& access) {
    const bool fits = !access.done && access.gateway == group.gateway && access.at <= group.last + kLinesApart &&
                      access.at + kLongestRequest >= group.last && !differ(group.client, access.client) &&
                      !differ(group.url, access.url);
    if (!fits) return true;
    const auto order = [&](const WaitingAccess& one) {
      return std::tuple(one.at + kLinesApart < group.last, one.at, one.number);
    };
    if (best == nullptr || order(access) < order(*best)) best = &access;
    return true;
  };
  if (!group.client.empty()) {
    early_by_client_.newest(client_key(group.gateway, group.client), kMostAlike, consider);
  } else {
    for (std::size_t i = early_.size(), most = kMostAlike; i > 0 && most > 0; --i, --most) consider(*early_[i - 1]);
  }
  return best;
}

void Joiner::settle(WaitingAccess& access) {
  if (access.done) return;
  ErrorGroup* group = access.logs.error && access.gateway != "apache" ? find_group(access) : nullptr;
  if (group != nullptr) {
    close(*group, &access);
    return;
  }
  access.done = true;
  early_by_client_.remove(access);
  // Without a line in the error log that is read beside it, a request that failed by the gateway's word and is not in
  // there was failed by the upstream's word.
  const Judgement& judgement = access.judgement;
  if (judgement.answered && judgement.fault.empty()) return;
  out_.at = access.at;
  out_.gateway = access.gateway;
  out_.status = access.status;
  out_.fault = judgement.fault;
  out_.cause = judgement.cause;
  out_.sureness = judgement.sureness;
  out_.made_by = judgement.made_by;
  if (out_.made_by.empty() && access.logs.error) out_.made_by = "upstream";
  // lighttpd turns requests away without a word for as long as it holds the upstream to be down.
  out_.secondary = judgement.secondary || (access.gateway == "lighttpd" && access.status == 503 && access.logs.error);
  out_.upstream = access.upstream;
  out_.tried.clear();
  for (const std::string_view part : split(access.upstreams, ',')) add_tried(out_.tried, part);
  if (out_.tried.size() < 2) out_.tried.clear();
  out_.host = access.host;
  out_.url = access.url;
  out_.client = access.client;
  std::swap(out_.sample, access.sample);
  out_.file = access.file;
  out_.retried = false;
  out_.in_access = true;
  out_.unmatched = false;
  sink_(std::move(out_));
}

}  // namespace fix502
