#include "logline/incident.hpp"

#include <algorithm>
#include <utility>

#include "base/text.hpp"

namespace fix502 {
namespace {

using std::chrono::seconds;

constexpr std::size_t kMostIncidents = 20'000;
constexpr std::size_t kMostMarks = 4'000;
constexpr std::size_t kMostChanges = 10'000;
constexpr std::size_t kMostSample = 4'096;
constexpr std::size_t kQuestions = 4;
// A reload is a minute's work, and so is the first failure's coming to light.
constexpr seconds kChangeBefore{60};
// lighttpd's disable-time is 1 s by default; more than a minute is not set by anybody.
constexpr seconds kTurnedAway{60};

std::string key_of(std::string_view gateway, std::string_view upstream) {
  std::string key;
  key.append(gateway).append(1, '\n').append(upstream).append(1, '\n');
  return key;
}

/// "app" of "app/s1".
std::string_view backend_of(std::string_view upstream) {
  return upstream.substr(0, upstream.find('/'));
}

/// An application's line explains what its gateway saw.
bool explains(const Incident& application, const Incident& incident) {
  if (application.fault == incident.fault) return true;
  if (application.fault == "upstream.workers-exhausted")
    return incident.fault == "upstream.read-timeout" || incident.fault == "upstream.backlog-full" ||
           incident.fault == "upstream.connection-timeout" || incident.fault == "origin.timeout";
  if (application.fault == "upstream.backlog-full")
    return incident.fault == "upstream.connection-timeout" || incident.fault == "upstream.read-timeout";
  if (application.fault == "gateway.header-limit") return incident.fault == "upstream.closed-early";
  return false;
}

/// Does the gateway's line show that it speaks to such an application? "fastcgi://" is PHP-FPM's, "uwsgi://" uWSGI's.
bool speaks_to(const Incident& incident, std::string_view application) {
  if (application == "php-fpm") return incident.sample.find("fastcgi://") != std::string::npos;
  if (application == "uwsgi") return incident.sample.find("uwsgi://") != std::string::npos;
  return false;
}

bool overlap(const Incident& a, const Incident& b, seconds margin) {
  return a.first_seen - margin <= b.last_seen && b.first_seen - margin <= a.last_seen;
}

/// The incidents that the application's own lines explain. Where they could be those of several upstreams, and nothing
/// shows which of them the application is, they explain none.
std::vector<Incident*> explained_by(const Incident& application, std::vector<Incident>& all) {
  std::vector<Incident*> found;
  for (Incident& incident : all)
    if (incident.failed + incident.retried > 0 && explains(application, incident) &&
        overlap(application, incident, seconds(60)))
      found.push_back(&incident);
  const auto other = [&](const Incident* incident) { return !speaks_to(*incident, application.gateway); };
  if (!std::ranges::all_of(found, other)) std::erase_if(found, other);
  const bool several = std::ranges::any_of(found, [&](const Incident* incident) {
    return incident->gateway != found.front()->gateway || incident->upstream != found.front()->upstream;
  });
  if (several) found.clear();
  return found;
}

}  // namespace

std::optional<std::size_t> IncidentIndex::find(std::string_view a, std::string_view b, std::string_view c) const {
  const auto found = places_.find(View{a, b, c});
  return found == places_.end() ? std::nullopt : std::optional(found->second);
}

void IncidentIndex::set(std::string_view a, std::string_view b, std::string_view c, std::size_t value) {
  if (const auto found = places_.find(View{a, b, c}); found != places_.end())
    found->second = value;
  else if (places_.size() < kMostIncidents)  // hosts are the clients' own words
    places_.emplace(Key{std::string(a), std::string(b), std::string(c)}, value);
}

/// A consequence counts with its cause: the last failure of the same virtual host, or the health check of its backend.
void Incidents::fold(LoggedFailure& failure) const {
  if (failure.gateway == "haproxy") {
    const std::string_view backend = backend_of(failure.upstream);
    for (auto at = marks_.lower_bound(key_of("haproxy", backend)); at != marks_.end(); ++at) {
      const std::string_view name = std::string_view(at->first).substr(8);
      if (backend_of(name.substr(0, name.find('\n'))) != backend) break;
      const Mark& mark = at->second;
      if (mark.up || mark.fault == "upstream.all-down") continue;
      failure.fault = mark.fault;
      failure.cause = mark.cause;
      failure.upstream = name.substr(0, name.find('\n'));
      return;
    }
  }
  for (const std::string_view host : {std::string_view(failure.host), std::string_view()}) {
    const auto found = primary_.find(failure.gateway, host);
    if (!found) continue;
    const Incident& cause = all_[*found];
    if (failure.at - cause.last_seen > (failure.fault == "origin.unavailable" ? kTurnedAway : gap_)) continue;
    if (failure.gateway == "haproxy" && backend_of(cause.upstream) != backend_of(failure.upstream)) continue;
    failure.fault = cause.fault;
    failure.cause = cause.cause;
    failure.upstream = cause.upstream;
    return;
  }
  if (failure.gateway == "haproxy") failure.upstream = backend_of(failure.upstream);
}

/// HAProxy's SC may be a refusal as well as TLS that failed; the health check of the same server says which.
void Incidents::refine(LoggedFailure& failure) const {
  if (failure.gateway != "haproxy" || failure.sureness == Sureness::certain) return;
  const auto found = marks_.find(key_of("haproxy", failure.upstream));
  if (found == marks_.end() || found->second.up || std::chrono::abs(found->second.at - failure.at) > gap_) return;
  failure.fault = found->second.fault;
  failure.cause = found->second.cause;
  failure.sureness = Sureness::certain;
}

Incident& Incidents::incident_for(const LoggedFailure& failure) {
  if (const auto found = open_.find(failure.gateway, failure.fault, failure.upstream)) {
    Incident& incident = all_[*found];
    if (failure.at - incident.last_seen <= gap_ && incident.first_seen - failure.at <= gap_) return incident;
    if (all_.size() >= kMostIncidents) return incident;
  } else if (all_.size() >= kMostIncidents) {
    return all_.back();
  }
  Incident incident;
  incident.fault = failure.fault;
  incident.cause = failure.cause;
  incident.gateway = failure.gateway;
  incident.upstream = failure.upstream;
  incident.first_seen = incident.last_seen = failure.at;
  incident.sample = failure.sample.substr(0, kMostSample);
  incident.file = failure.file;
  incident.made_by = failure.made_by;
  incident.sureness = failure.sureness;
  open_.set(failure.gateway, failure.fault, failure.upstream, all_.size());
  all_.push_back(std::move(incident));
  return all_.back();
}

void Incidents::note(const Incident& incident, const LoggedFailure& failure) {
  const auto index = static_cast<std::size_t>(&incident - all_.data());
  primary_.set(failure.gateway, failure.host, {}, index);
  primary_.set(failure.gateway, {}, {}, index);
}

void Incidents::take(LoggedFailure&& failure) {
  if (failure.change) {
    if (failure.gateway == "haproxy" && !failure.upstream.empty())
      marks_[key_of("haproxy", failure.upstream)].up = true;
    if (changes_.size() < kMostChanges)
      changes_.push_back({failure.at, failure.gateway, printable(failure.sample, 300)});
    return;
  }
  if (failure.mark) {
    if (marks_.size() < kMostMarks && !failure.upstream.empty())
      marks_[key_of(failure.gateway, failure.upstream)] = {failure.at, failure.fault, failure.cause, failure.sample,
                                                           false};
    return;
  }
  if (failure.fault.empty()) return;
  const bool folded = failure.secondary;
  if (folded)
    fold(failure);
  else
    refine(failure);
  Incident& incident = incident_for(failure);
  if (!folded && !failure.application) note(incident, failure);
  incident.first_seen = std::min(incident.first_seen, failure.at);
  incident.last_seen = std::max(incident.last_seen, failure.at);
  incident.sureness = std::min(incident.sureness, failure.sureness);
  for (const std::string& upstream : failure.tried) incident.tried.add(upstream);
  incident.hosts.add(failure.host);
  if (incident.made_by.empty()) incident.made_by = failure.made_by;
  if (failure.application) {
    ++incident.lines;
    return;
  }
  if (failure.in_access) ++incident.in_access;
  if (watcher) watcher(failure);
  if (failure.unmatched) {
    ++incident.unmatched;
    incident.timeline.add(failure.at);
    incident.urls.add(failure.url);
    if (incident.open_questions.size() < kQuestions) incident.open_questions.push_back(std::move(failure));
    return;
  }
  if (failure.retried) {
    ++incident.retried;
    return;
  }
  ++incident.failed;
  if (folded) ++incident.folded;
  incident.urls.add(failure.url);
  if (failure.status > 0) incident.statuses.add(std::to_string(failure.status));
  incident.timeline.add(failure.at);
}

std::vector<Incident> Incidents::so_far() const {
  std::vector<Incident> all = all_;
  for (Incident& incident : all) {
    incident.failed += incident.unmatched;
    incident.unmatched = 0;
  }
  sort_by_damage(all);
  return all;
}

std::vector<Incident> Incidents::finish(const Answered& answered) {
  std::vector<Incident> all = std::move(all_);
  all_.clear();
  open_.clear();
  primary_.clear();
  for (Incident& incident : all) {
    // An error line whose request is no failed one of the access log: another upstream answered it. That holds only if
    // the access log is the one of this virtual host, which a request that is found there shows.
    bool saved = incident.unmatched > 0 && incident.in_access > 0;
    if (incident.unmatched > 0 && incident.in_access == 0)
      for (const LoggedFailure& question : incident.open_questions)
        if (answered && !saved) saved = answered(question).value_or(false);
    incident.saved = saved;
    (saved ? incident.retried : incident.failed) += incident.unmatched;
    incident.unmatched = 0;
    incident.open_questions.clear();
    for (const Change& change : changes_) {
      if (change.at > incident.first_seen + seconds(1) || change.at + kChangeBefore < incident.first_seen) continue;
      incident.began_with = change.sample;
      incident.changed_at = change.at;
    }
  }
  // What an application says of itself explains what its gateway saw at the time, and is no incident of its own then.
  std::vector<Incident> kept;
  for (Incident& application : all) {
    if (application.failed + application.retried > 0 || application.lines == 0) continue;
    const auto explained = explained_by(application, all);
    for (Incident* incident : explained) {
      incident->because = application.sample;
      incident->lines += application.lines;
      if (application.fault == "upstream.workers-exhausted" || application.fault == "gateway.header-limit" ||
          application.fault == "upstream.backlog-full") {
        incident->fault = application.fault;
        incident->cause = application.cause;
      }
    }
    if (!explained.empty()) application.unmatched = 1;  // explained away
  }
  for (Incident& incident : all)
    if (incident.unmatched == 0) kept.push_back(std::move(incident));
  sort_by_damage(kept);
  return kept;
}

void sort_by_damage(std::vector<Incident>& incidents) {
  std::ranges::stable_sort(incidents, [](const Incident& a, const Incident& b) {
    if (a.failed != b.failed) return a.failed > b.failed;
    if (a.retried + a.lines != b.retried + b.lines) return a.retried + a.lines > b.retried + b.lines;
    return a.first_seen < b.first_seen;
  });
}

}  // namespace fix502
