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

std::string key_of(std::string_view a, std::string_view b, std::string_view c = {}) {
  std::string key;
  key.reserve(a.size() + b.size() + c.size() + 2);
  key.append(a).append(1, '\n').append(b).append(1, '\n').append(c);
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

bool overlap(const Incident& a, const Incident& b, seconds margin) {
  return a.first_seen - margin <= b.last_seen && b.first_seen - margin <= a.last_seen;
}

}  // namespace

void Timeline::widen() {
  std::array<std::uint64_t, kPlaces> wide{};
  const std::int64_t first = first_ >= 0 ? first_ / 2 : (first_ - 1) / 2;
  for (std::size_t i = 0; i < kPlaces; ++i) {
    const std::int64_t stretch = first_ + static_cast<std::int64_t>(i);
    const std::int64_t half = stretch >= 0 ? stretch / 2 : (stretch - 1) / 2;
    wide.at(static_cast<std::size_t>(half - first)) += places_.at(i);
  }
  places_ = wide;
  first_ = first;
  width_ *= 2;
}

void Timeline::add(WallTime when, std::uint64_t count) {
  const std::int64_t second = when.time_since_epoch().count();
  if (total_ == 0) first_ = second / width_;
  while (true) {
    const std::int64_t stretch = second / width_;
    const std::int64_t last = first_ + static_cast<std::int64_t>(kPlaces) - 1;
    if (stretch >= first_ && stretch <= last) {
      places_.at(static_cast<std::size_t>(stretch - first_)) += count;
      break;
    }
    if (stretch < first_) {
      // Make room in front as long as the places at the end are empty.
      std::size_t used = kPlaces;
      while (used > 0 && places_.at(used - 1) == 0) --used;
      const std::int64_t shift = first_ - stretch;
      if (shift <= static_cast<std::int64_t>(kPlaces - used)) {
        std::shift_right(places_.begin(), places_.end(), shift);
        std::fill_n(places_.begin(), shift, 0);
        first_ = stretch;
        continue;
      }
    }
    widen();
  }
  total_ += count;
}

std::vector<std::uint64_t> Timeline::sampled(WallTime from, WallTime to, std::size_t count) const {
  std::vector<std::uint64_t> sums(count, 0);
  const double span = std::max<double>(1, static_cast<double>((to - from).count() + 1));
  for (std::size_t i = 0; i < kPlaces; ++i) {
    if (places_.at(i) == 0) continue;
    const double at =
        static_cast<double>((first_ + static_cast<std::int64_t>(i)) * width_ - from.time_since_epoch().count());
    const auto place = static_cast<std::int64_t>(at / span * static_cast<double>(count));
    sums[static_cast<std::size_t>(std::clamp<std::int64_t>(place, 0, static_cast<std::int64_t>(count) - 1))] +=
        places_.at(i);
  }
  return sums;
}

void Tally::add(std::string_view name, std::uint64_t count) {
  if (name.empty()) return;
  name = name.substr(0, 300);
  if (const auto found = counts_.find(name); found != counts_.end())
    found->second += count;
  else if (counts_.size() < most_)
    counts_.emplace(name, count);
  else
    other_ += count;
}

std::vector<std::pair<std::string, std::uint64_t>> Tally::top(std::size_t count) const {
  std::vector<std::pair<std::string, std::uint64_t>> all(counts_.begin(), counts_.end());
  std::ranges::stable_sort(all, std::greater{}, &std::pair<std::string, std::uint64_t>::second);
  if (all.size() > count) all.resize(count);
  return all;
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
  for (const std::string& key : {key_of(failure.gateway, failure.host), key_of(failure.gateway, {})}) {
    const auto found = primary_.find(key);
    if (found == primary_.end()) continue;
    const Incident& cause = all_[found->second];
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
  const std::string key = key_of(failure.gateway, failure.fault, failure.upstream);
  if (const auto found = open_.find(key); found != open_.end()) {
    Incident& incident = all_[found->second];
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
  open_[key] = all_.size();
  all_.push_back(std::move(incident));
  return all_.back();
}

void Incidents::note(const Incident& incident, const LoggedFailure& failure) {
  const auto index = static_cast<std::size_t>(&incident - all_.data());
  primary_[key_of(failure.gateway, failure.host)] = index;
  primary_[key_of(failure.gateway, {})] = index;
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
    if (application.failed + application.retried > 0) continue;
    for (Incident& incident : all) {
      const bool candidate = incident.failed + incident.retried > 0 && explains(application, incident) &&
                             overlap(application, incident, seconds(60));
      if (!candidate || application.lines == 0) continue;
      incident.because = application.sample;
      incident.lines += application.lines;
      if (application.fault == "upstream.workers-exhausted" || application.fault == "gateway.header-limit" ||
          application.fault == "upstream.backlog-full") {
        incident.fault = application.fault;
        incident.cause = application.cause;
      }
      application.unmatched = 1;  // explained away
    }
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
