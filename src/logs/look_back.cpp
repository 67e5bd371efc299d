#include "logs/look_back.hpp"

#include <algorithm>
#include <array>
#include <functional>

#include "logline/judge.hpp"
#include "logs/bytes.hpp"
#include "logs/scan.hpp"

namespace fix502 {
namespace {

using std::chrono::seconds;

// The access line follows the last try; a retry after a timeout may take that long.
constexpr seconds kAnswerWithin{75};
constexpr std::uint64_t kMostLookedThrough = 64UL << 20;

constexpr seconds kSlowBefore{600};
constexpr std::size_t kMostAnswers = 200'000;
constexpr std::size_t kFewestSlow = 3;
constexpr double kSlow = 1;        // seconds; nobody calls less a slow answer
constexpr double kSlowTimes = 10;  // of what was usual
constexpr std::size_t kUrls = 16;  // of an incident

std::string_view path_only(std::string_view url) {
  return url.substr(0, url.find_first_of("?#"));
}

/// Reads an access log from about that time on, until `visit` says false.
class Walk {
 public:
  Walk(const LogFile& file, const LogSeries& series, const Zone& zone) : file_(file), series_(series), zone_(zone) {}

  void lines(WallTime from, const std::function<bool(std::string_view line, bool block_ends)>& visit) const {
    auto bytes = open_bytes(file_.path, offset_of(file_, from, series_, zone_));
    if (!bytes) return;
    LineBlocks blocks(std::move(*bytes));
    std::string block;
    while (blocks.consumed() < kMostLookedThrough) {
      const auto more = blocks.next(block, 256UL * 1024);
      if (!more || !*more) return;
      std::string_view rest = block;
      while (!rest.empty()) {
        const std::string_view line = rest.substr(0, rest.find('\n'));
        rest.remove_prefix(std::min(line.size() + 1, rest.size()));
        if (!visit(line, rest.size() <= 4096)) return;
      }
    }
  }

  /// The record points into the line and `arena`.
  bool read(std::string_view line, Arena& arena, Record& record) const {
    std::vector<std::string> columns = series_.columns;
    const LineContext context = context_of(series_, file_, zone_, columns);
    return read_line(line, context, arena, record) == Reading::known && record.role == Role::access;
  }

 private:
  const LogFile& file_;
  const LogSeries& series_;
  const Zone& zone_;
};

/// nullopt: that file does not hold the request.
std::optional<bool> answered_in(const Walk& walk, const LoggedFailure& failure) {
  std::optional<bool> found;
  walk.lines(failure.at, [&](std::string_view line, bool block_ends) {
    // Now and then the time is looked at, whoever's line it is.
    if (line.find(failure.client) == line.npos && !block_ends) return true;
    Arena arena;
    Record record;
    if (!walk.read(line, arena, record)) return true;
    if (record.at > failure.at + kAnswerWithin) return false;
    if (record.at + seconds(1) < failure.at || record.client != failure.client || path_only(record.url) != failure.url)
      return true;
    found = record.status > 0 && record.status < 500;
    return !*found;
  });
  return found;
}

struct Answer {
  WallTime at{};
  double took = 0;
};

/// The first of the answers from which on at least half were slow.
std::optional<SlowAnswers> first_slow(std::vector<Answer> answers) {
  if (answers.size() < 2 * kFewestSlow) return std::nullopt;
  std::ranges::stable_sort(answers, {}, &Answer::at);
  std::vector<double> times;
  for (const Answer& answer : answers) times.push_back(answer.took);
  // What is usual is a quarter's worth: most of the time may have been slow already.
  const auto quarter = times.begin() + static_cast<std::ptrdiff_t>(times.size() / 4);
  std::ranges::nth_element(times, quarter);
  const double slow = std::max(kSlow, kSlowTimes * *quarter);
  std::optional<SlowAnswers> found;
  std::size_t slow_ones = 0;
  for (std::size_t i = answers.size(); i > 0; --i) {
    if (answers[i - 1].took < slow) continue;
    ++slow_ones;
    if (slow_ones >= kFewestSlow && 2 * slow_ones >= answers.size() - i + 1)
      found = {answers[i - 1].at, *quarter, answers[i - 1].took};
  }
  return found;
}

bool is_timeout(const Incident& incident) {
  constexpr std::array<std::string_view, 5> kTimeouts = {"upstream.read-timeout", "origin.timeout",
                                                         "upstream.workers-exhausted", "upstream.backlog-full",
                                                         "upstream.connection-timeout"};
  return std::ranges::find(kTimeouts, incident.fault) != kTimeouts.end();
}

}  // namespace

std::optional<bool> was_answered(const LoggedFailure& failure, const LogPlan& plan, const Zone& zone) {
  if (failure.client.empty() || failure.url.empty()) return std::nullopt;
  std::optional<bool> answered;
  for (const LogSeries& series : plan.series) {
    if (series.role != Role::access || series.gateway != failure.gateway) continue;
    for (const LogFile& file : series.files) {
      if (!file.plain || file.changed + seconds(2) < failure.at) continue;
      const auto one = answered_in({file, series, zone}, failure);
      if (one && *one) return true;
      if (one) answered = one;
    }
  }
  return answered;
}

std::optional<SlowAnswers> slow_before(const Incident& incident, const LogPlan& plan, const Zone& zone) {
  if (!is_timeout(incident)) return std::nullopt;
  const WallTime from = incident.first_seen - kSlowBefore;
  const auto urls = incident.urls.top(kUrls);
  std::vector<Answer> all;
  std::vector<Answer> alike;  // of the URLs that failed: where only some are slow, the others hide it
  for (const LogSeries& series : plan.series) {
    if (series.role != Role::access || series.gateway != incident.gateway) continue;
    for (const LogFile& file : series.files) {
      if (!file.plain || file.changed < from || (file.first != WallTime{} && file.first > incident.first_seen))
        continue;
      const Walk walk(file, series, zone);
      walk.lines(from, [&](std::string_view line, bool) {
        Arena arena;
        Record record;
        if (!walk.read(line, arena, record)) return true;
        if (record.at > incident.first_seen + kAnswerWithin) return false;
        const auto took = record.header_time ? record.header_time : record.request_time;
        if (record.at < from || record.at > incident.first_seen || !took || record.status >= 500) return true;
        if (!record.upstream.empty() && upstream_of(record) != incident.upstream) return true;
        all.push_back({record.at, *took});
        const auto same = [&](const auto& url) { return path_only(url.first) == path_only(record.url); };
        if (std::ranges::any_of(urls, same)) alike.push_back(all.back());
        return all.size() < kMostAnswers;
      });
    }
  }
  if (auto found = first_slow(std::move(alike))) return found;
  return first_slow(std::move(all));
}

}  // namespace fix502
