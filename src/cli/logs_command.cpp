// `fix502 logs`: incidents and their causes out of access and error logs.

#include <fmt/format.h>
#include <signal.h>
#include <unistd.h>

#include <CLI/CLI.hpp>
#include <fstream>
#include <map>
#include <thread>

#include "base/text.hpp"
#include "cli/commands.hpp"
#include "cli/logs/shapes.hpp"
#include "cli/session.hpp"
#include "history/times.hpp"
#include "logs/block_scan.hpp"
#include "logs/follow.hpp"
#include "logs/look_back.hpp"
#include "logs/zone.hpp"
#include "sys/host.hpp"

namespace fix502 {
namespace {

constexpr int kIncidents = 1;
constexpr std::size_t kLongestFormats = 1UL << 20;  // of --log-format's file

struct LogsRaw {
  std::vector<std::string> inputs, formats;
  std::string since, until, gap = "15m", timezone = "local";
  std::string markdown, html, sqlite, metrics;
  unsigned threads = 0;
  bool json = false, follow = false;
};

struct LogsWanted {
  LogOrder order;
  std::unique_ptr<Zone> zone;
};

/// SIGINT and SIGTERM set a flag; the second one ends the program as ever. Threads that start later leave them alone.
class Interrupt {
 public:
  Interrupt() {
    sigemptyset(&signals_);
    sigaddset(&signals_, SIGINT);
    sigaddset(&signals_, SIGTERM);
    pthread_sigmask(SIG_BLOCK, &signals_, &before_);
    waiter_ = std::jthread([this](const std::stop_token& token) {
      while (true) {
        int signal = 0;
        if (sigwait(&signals_, &signal) != 0 || token.stop_requested()) return;
        if (flag_) _exit(kInterrupted);
        flag_ = true;
      }
    });
  }
  ~Interrupt() {
    waiter_.request_stop();
    pthread_kill(waiter_.native_handle(), SIGINT);  // blocked in that thread: it ends the wait, nothing else
    waiter_.join();
    pthread_sigmask(SIG_SETMASK, &before_, nullptr);
  }
  Interrupt(const Interrupt&) = delete;
  Interrupt& operator=(const Interrupt&) = delete;
  [[nodiscard]] const std::atomic<bool>& flag() const { return flag_; }

 private:
  sigset_t signals_{};
  sigset_t before_{};
  std::atomic<bool> flag_ = false;
  std::jthread waiter_;
};

/// "3.20 GB of 10.00 GB, 1.10 GB/s, 6 s left" on standard error, where that is a terminal and it takes long.
class ProgressLine {
 public:
  ProgressLine() : on_(isatty(STDERR_FILENO) != 0), start_(std::chrono::steady_clock::now()), shown_(start_) {}
  ~ProgressLine() {
    if (written_) fmt::print(stderr, "\r\x1b[K");
  }
  ProgressLine(const ProgressLine&) = delete;
  ProgressLine& operator=(const ProgressLine&) = delete;

  void show(const ScanStats& stats) {
    if (!on_) return;
    const auto now = std::chrono::steady_clock::now();
    if (now - start_ < std::chrono::milliseconds(500) || now - shown_ < std::chrono::milliseconds(100)) return;
    shown_ = now;
    written_ = true;
    const double seconds = std::chrono::duration<double>(now - start_).count();
    const double speed = static_cast<double>(stats.bytes) / seconds;
    std::string line = fmt::format("{} of {}, {}/s", bytes_text(stats.bytes), bytes_text(stats.total),
                                   bytes_text(static_cast<std::uint64_t>(speed)));
    if (stats.total > stats.bytes && speed > 0)
      line += fmt::format(", {:.0f} s left", static_cast<double>(stats.total - stats.bytes) / speed);
    fmt::print(stderr, "\r{}\x1b[K", line);
    std::fflush(stderr);
  }

 private:
  bool on_;
  bool written_ = false;
  std::chrono::steady_clock::time_point start_;
  std::chrono::steady_clock::time_point shown_;
};

void declare_logs(CLI::App& app, LogsRaw& raw) {
  app.description(
      "Incidents and their causes out of access and error logs: what failed, since when, by which upstream, why.\n"
      "Exit status 0: none; 1: there are incidents; 2: wrong usage or an error.");
  app.add_option("FILE", raw.inputs, "files (plain, .gz, .zst, .xz), folders, '*.log', - for standard input");
  app.add_option("--since", raw.since, "from then on: 2h, 7d, 2026-11-01, '2026-11-01 10:00'")->type_name("TIME");
  app.add_option("--until", raw.until, "up to then")->type_name("TIME");
  app.add_option("--gap", raw.gap, "after so long without a failure the same one is a new incident (default 15m)")
      ->type_name("TIME");
  app.add_option("--timezone", raw.timezone, "of times that name none: local, UTC, +02:00, Europe/Berlin")
      ->type_name("ZONE");
  app.add_option("--log-format", raw.formats,
                 "nginx' log_format or Apache's LogFormat, as text or as a configuration file that has it")
      ->type_name("TEXT|FILE");
  app.add_flag("--follow", raw.follow, "go on with what is written, through rotation");
  app.add_flag("--json", raw.json, "one JSON document on standard output; with --follow one line per incident");
  app.add_option("--markdown", raw.markdown, "write them for a ticket")->type_name("FILE");
  app.add_option("--html", raw.html, "write them as one page")->type_name("FILE");
  app.add_option("--sqlite", raw.sqlite, "write one row per failed request into a new database")->type_name("FILE");
  app.add_option("--metrics", raw.metrics, "write OpenMetrics, for a node exporter's textfile folder")
      ->type_name("FILE");
  app.add_option("--threads", raw.threads, "default: as many as there are processors, at most 4")->type_name("N");
}

/// "15m", "90s", "2h", "1d", or seconds.
Result<std::chrono::seconds> parse_gap(std::string_view text) {
  std::int64_t factor = 1;
  std::string digits(text);
  if (!digits.empty() && std::isdigit(static_cast<unsigned char>(digits.back())) == 0) {
    switch (digits.back()) {
      case 's':
        break;
      case 'm':
        factor = 60;
        break;
      case 'h':
        factor = 3600;
        break;
      case 'd':
        factor = 86'400;
        break;
      default:
        digits.clear();
    }
    if (!digits.empty()) digits.pop_back();
  }
  if (digits.empty() || digits.size() > 7 || digits.find_first_not_of("0123456789") != digits.npos)
    return fail("--gap takes a time such as 15m or 90s, not", printable(text, 40));
  return std::chrono::seconds(std::stoll(digits) * factor);
}

/// The format itself, or every log_format and LogFormat directive of a configuration file.
Result<void> add_format(const std::string& text, PlanOptions& options) {
  const bool is_text = text.find('$') != text.npos || text.find('%') != text.npos;
  if (is_text) {
    (text.find('$') != text.npos ? options.nginx_formats : options.apache_formats).push_back(text);
    return {};
  }
  const auto file = read_file(text, kLongestFormats);
  if (!file) return std::unexpected(file.error());
  std::string_view rest = *file;
  for (auto at = rest.find("log_format "); at != rest.npos; at = rest.find("log_format ")) {
    rest.remove_prefix(at);
    const std::string_view directive = rest.substr(0, rest.find(';'));
    options.nginx_formats.emplace_back(directive);
    rest.remove_prefix(directive.size());
  }
  rest = *file;
  for (const std::string_view line : split(rest, '\n')) {
    if (!line.starts_with("LogFormat ")) continue;
    const auto end = line.rfind('"');
    if (end != line.npos && end > 10) options.apache_formats.emplace_back(line.substr(10, end - 9));
  }
  return {};
}

Result<void> read_times(const LogsRaw& raw, WallTime now, LogOrder& order) {
  const auto gap = parse_gap(raw.gap);
  if (!gap) return std::unexpected(gap.error());
  order.gap = *gap;
  if (!raw.since.empty()) {
    const auto since = parse_since(raw.since, now);
    if (!since) return std::unexpected(since.error());
    order.scan.since = *since;
  }
  if (!raw.until.empty()) {
    const auto until = parse_since(raw.until, now);
    if (!until) return std::unexpected(until.error());
    order.scan.until = *until;
  }
  return {};
}

Result<LogsWanted> read_wanted(const LogsRaw& raw, WallTime now) {
  LogsWanted wanted;
  if (raw.inputs.empty()) return fail("logs needs a file, a folder or -, such as: fix502 logs /var/log/nginx");
  wanted.order.inputs = raw.inputs;
  auto zone = zone_named(raw.timezone);
  if (!zone) return std::unexpected(zone.error());
  wanted.zone = std::move(*zone);
  if (auto times = read_times(raw, now, wanted.order); !times) return std::unexpected(times.error());
  for (const std::string& format : raw.formats)
    if (auto added = add_format(format, wanted.order.plan); !added) return std::unexpected(added.error());
  const unsigned processors = std::max(1U, std::thread::hardware_concurrency());
  wanted.order.scan.threads = raw.threads > 0 ? std::min(raw.threads, 64U) : std::min(processors, 4U);
  return wanted;
}

Result<void> write_shapes(const LogsRaw& raw, const LogReport& report) {
  struct Shape {
    const std::string* path;
    std::string (*text)(const LogReport&);
  };
  for (const auto& [path, text] :
       {Shape{&raw.markdown, logs_markdown}, Shape{&raw.html, logs_html}, Shape{&raw.metrics, logs_metrics}})
    if (!path->empty())
      if (auto written = write_file(*path, text(report)); !written) return written;
  return {};
}

void print(const LogReport& report, bool json) {
  if (json)
    fmt::print("{}\n", logs_json(report).dump(2));
  else
    fmt::print("{}", logs_text(report, style_of_stdout(false)));
}

int deliver_logs(const LogsRaw& raw, const LogReport& report) {
  if (const auto written = write_shapes(raw, report); !written) return complain(written.error().message());
  constexpr std::size_t kShown = 5;  // of a folder that holds other things too
  const auto& problems = report.stats.problems;
  for (std::size_t i = 0; i < std::min(kShown, problems.size()); ++i)
    fmt::print(stderr, "fix502: {}\n", printable(problems[i].message(), 400));
  if (problems.size() > kShown)
    fmt::print(stderr, "fix502: {} more files are not understood; --json names them\n", problems.size() - kShown);
  print(report, raw.json);
  std::fflush(stdout);
  if (report.interrupted) return kInterrupted;
  if (!report.incidents.empty()) return kIncidents;
  return report.understood ? 0 : kUsage;  // "no incidents" would be a lie
}

/// Follows logs until it is interrupted: each new incident is said at once, and all of them at the end.
class Following {
 public:
  Following(const LogsWanted& wanted, const LogPlan& plan, bool json)
      : wanted_(wanted),
        plan_(plan),
        json_(json),
        incidents_(wanted.order.gap),
        joiner_([this](LoggedFailure&& failure) { incidents_.take(std::move(failure)); }) {
    expect_logs(joiner_, plan);
    for (const LogSeries& series : plan.series) {
      report_.formats.push_back(series.files.back().path);
      scans_.push_back(std::make_unique<BlockScan>(series, *wanted.zone));
      // With --since what stands there already is read too; without, only what is new.
      const bool past = wanted.order.scan.since != WallTime{};
      followers_.emplace_back(name_of(series),
                              past ? offset_of(series.files.back(), wanted.order.scan.since, series, *wanted.zone)
                                   : series.files.back().size);
      report_.files.push_back(name_of(series));
    }
  }

  LogReport run(const std::atomic<bool>& stop) {
    while (!stop) {
      bool any = false;
      for (std::size_t i = 0; i < followers_.size(); ++i)
        any = followers_[i].poll([&](std::string_view lines) { take(i, lines); }) || any;
      const WallTime now = this_host()->now();
      joiner_.pass(now - std::chrono::seconds(1));
      say_news();
      if (!any) std::this_thread::sleep_for(std::chrono::milliseconds(100));
    }
    for (std::size_t i = 0; i < followers_.size(); ++i)
      followers_[i].finish([&](std::string_view lines) { take(i, lines); });
    joiner_.finish();
    report_.incidents =
        incidents_.finish([&](const LoggedFailure& failure) { return was_answered(failure, plan_, *wanted_.zone); });
    return std::move(report_);
  }

 private:
  /// The name that is written to: without what rotation adds.
  static std::string name_of(const LogSeries& series) {
    const std::string name = series_name(series.files.back().path);
    return access(name.c_str(), F_OK) == 0 ? name : series.files.back().path;
  }

  void take(std::size_t index, std::string_view lines) {
    Batch batch;
    batch.text = lines;
    batch.lines = batch.text;
    scans_[index]->scan(plan_.series[index].files.back(), static_cast<std::uint32_t>(index), batch);
    report_.stats.bytes += lines.size();
    report_.stats.unknown += batch.unknown;
    for (const std::string& shape : batch.unknown_shapes) report_.stats.unknown_shapes.add(shape);
    for (const Record& record : batch.records) {
      if (record.at < wanted_.order.scan.since) continue;
      ++report_.stats.records;
      joiner_.take(record);
    }
  }

  void say_news() {
    const auto known = incidents_.so_far();
    if (known.size() <= said_.size()) return;
    for (const Incident& incident : known) {
      const std::string key = incident.gateway + incident.fault + incident.upstream + utc_time(incident.first_seen);
      if (!said_.emplace(key, true).second) continue;
      if (json_) {
        LogReport one;
        one.files = report_.files;
        one.incidents.push_back(incident);
        fmt::print("{}\n", logs_json(one)["incidents"][0].dump());
      } else {
        fmt::print("{}  {}  {}  {}\n", local_clock(incident.first_seen), incident.fault,
                   incident.upstream.empty() ? "-" : shown(incident.upstream), shown(incident.sample, 200));
      }
      std::fflush(stdout);
    }
  }

  const LogsWanted& wanted_;
  const LogPlan& plan_;
  bool json_;
  Incidents incidents_;
  Joiner joiner_;
  std::vector<Follower> followers_;
  std::vector<std::unique_ptr<BlockScan>> scans_;
  LogReport report_;
  std::map<std::string, bool> said_;
};

int follow(const LogsRaw& raw, const LogsWanted& wanted, const LogPlan& plan) {
  const Interrupt interrupt;
  Following following(wanted, plan, raw.json);
  LogReport report = following.run(interrupt.flag());
  if (const auto written = write_shapes(raw, report); !written) return complain(written.error().message());
  if (raw.json)
    fmt::print("{}\n", logs_json(report).dump());
  else
    print(report, false);
  return report.incidents.empty() ? 0 : kIncidents;
}

}  // namespace

int logs_command(std::vector<std::string> arguments) {
  LogsRaw raw;
  CLI::App app;
  app.name("fix502 logs");
  declare_logs(app, raw);
  std::ranges::reverse(arguments);
  try {
    app.parse(arguments);
  } catch (const CLI::CallForHelp&) {
    fmt::print("{}", app.help());
    return 0;
  } catch (const CLI::ParseError& error) {
    return complain(error.what());
  }
  const WallTime now = this_host()->now();
  const auto wanted = read_wanted(raw, now);
  if (!wanted) return complain(wanted.error().message());
  const LogPlan plan = plan_logs(wanted->order.inputs, wanted->order.plan, *wanted->zone);
  // What was named and cannot be read is an error; of what was found in a folder, a word.
  for (const Error& problem : plan.problems)
    if (plan.series.empty() || lists(raw.inputs, problem.where)) return complain(problem.message());
  if (raw.follow) return follow(raw, *wanted, plan);

  std::optional<FailureTable> table;
  if (!raw.sqlite.empty()) {
    auto created = FailureTable::create(raw.sqlite);
    if (!created) return complain(created.error().message());
    table.emplace(std::move(*created));
  }
  LogReport report;
  {
    const Interrupt interrupt;
    ProgressLine line;
    LogWatchers watchers{[&](const ScanStats& stats) { line.show(stats); }, {}};
    if (table)
      watchers.failure = [&](const LoggedFailure& failure, const std::vector<std::string>& files) {
        table->add(failure, files);
      };
    report = read_logs(wanted->order, plan, *wanted->zone, now, interrupt.flag(), watchers);
  }
  if (table)
    if (const auto written = table->finish(report); !written) return complain(written.error().message());
  return deliver_logs(raw, report);
}

}  // namespace fix502
