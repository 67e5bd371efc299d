#include "logs/plan.hpp"

#include <glob.h>
#include <sys/stat.h>

#include <algorithm>
#include <filesystem>
#include <map>
#include <set>

#include "base/text.hpp"
#include "logline/judge.hpp"
#include "logline/tally.hpp"
#include "logs/bytes.hpp"

namespace fix502 {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t kMostFiles = 20'000;
constexpr std::size_t kSniffed = 128UL * 1024;  // of each file, to tell its format

/// Names of files in a folder that are no logs.
bool is_no_log(const fs::path& path) {
  static const std::set<std::string> kOther = {".py",  ".json5", ".sqlite", ".db",   ".html", ".pdf", ".png",
                                               ".tar", ".zip",   ".pid",    ".conf", ".toml", ".md"};
  const std::string name = path.filename().string();
  return name.starts_with('.') || kOther.contains(path.extension().string()) || name == "wtmp" || name == "btmp" ||
         name == "lastlog" || name == "faillog";
}

void add_folder(const std::string& folder, std::vector<std::string>& files, std::vector<Error>& problems) {
  std::error_code error;
  fs::recursive_directory_iterator at(folder, fs::directory_options::skip_permission_denied, error);
  if (error) {
    problems.push_back({error.message(), folder});
    return;
  }
  std::vector<std::string> found;
  for (; at != fs::recursive_directory_iterator(); at.increment(error)) {
    if (error || found.size() >= kMostFiles) break;
    if (at.depth() > 6) at.disable_recursion_pending();
    std::error_code ignored;
    if (at->is_regular_file(ignored) && !is_no_log(at->path())) found.push_back(at->path().string());
  }
  std::ranges::sort(found);
  files.insert(files.end(), found.begin(), found.end());
}

void add_input(const std::string& input, std::vector<std::string>& files, std::vector<Error>& problems) {
  std::error_code error;
  if (input == "-" || fs::is_regular_file(input, error)) {
    files.push_back(input);
    return;
  }
  if (fs::is_directory(input, error)) {
    add_folder(input, files, problems);
    return;
  }
  if (input.find_first_of("*?[") != input.npos) {
    glob_t matches{};
    if (glob(input.c_str(), 0, nullptr, &matches) == 0)
      for (std::size_t i = 0; i < matches.gl_pathc; ++i)
        if (fs::is_regular_file(matches.gl_pathv[i], error)) files.emplace_back(matches.gl_pathv[i]);
    const bool none = matches.gl_pathc == 0;
    globfree(&matches);
    if (none) problems.push_back({"no file has such a name", input});
    return;
  }
  problems.push_back({fs::exists(input, error) ? "neither a file nor a folder" : "no such file or folder", input});
}

std::vector<std::string_view> lines_of(std::string_view text) {
  std::vector<std::string_view> lines;
  while (!text.empty()) {
    const auto end = text.find('\n');
    if (end == text.npos) break;  // the last one may be cut
    if (end > 0) lines.push_back(text.substr(0, end));
    text.remove_prefix(end + 1);
  }
  return lines;
}

/// So many bytes, or what there is: one read() may give less.
std::string read_some(ByteSource& source, std::size_t size) {
  std::string text(size, '\0');
  std::size_t filled = 0;
  while (filled < text.size()) {
    const auto got = source.read(text.data() + filled, text.size() - filled);
    if (!got || *got == 0) break;
    filled += *got;
  }
  text.resize(filled);
  return text;
}

/// Some lines of its head, and where one can seek, of its middle and end.
std::string sniff(const LogFile& file) {
  if (!file.head.empty()) {
    std::string head = read_some(*bytes_of(file.head), kSniffed);
    head.resize(std::min(head.find_last_of('\n'), head.size() - 1) + 1);
    return head;
  }
  std::string text;
  const auto take = [&](std::uint64_t offset) {
    auto source = open_bytes(file.path, offset);
    if (!source) return;
    std::string part = read_some(**source, kSniffed);
    if (offset > 0) part.erase(0, std::min(part.find('\n'), part.size() - 1) + 1);
    text += part;
    if (!text.empty() && text.back() != '\n') text += '\n';
  };
  take(0);
  if (file.plain && file.size > 4 * kSniffed) {
    take(file.size / 2);
    take(file.size - kSniffed);
  }
  return text;
}

std::string gateway_of_path(const std::string& path) {
  const std::string name = lower(path);
  for (const auto& [part, gateway] :
       std::initializer_list<std::pair<const char*, const char*>>{{"nginx", "nginx"},
                                                                  {"lighttpd", "lighttpd"},
                                                                  {"apache", "apache"},
                                                                  {"httpd", "apache"},
                                                                  {"haproxy", "haproxy"},
                                                                  {"caddy", "caddy"},
                                                                  {"traefik", "traefik"},
                                                                  {"envoy", "envoy"},
                                                                  {"varnish", "varnish"},

                                                                  {"squid", "squid"}})
    if (name.find(part) != name.npos) return gateway;
  return {};
}

struct Recognised {
  std::map<std::string, std::size_t> gateways, formats;
  std::size_t access = 0, error = 0, unknown = 0, upstreams = 0;
  WallTime first{};
};

Recognised recognise(const std::vector<std::string_view>& lines, const LineContext& context,
                     std::vector<std::string_view>& unknown) {
  Recognised seen;
  // A few thousand lines tell; more would take longer than they are worth.
  const std::size_t step = std::max<std::size_t>(1, lines.size() / 600);
  for (std::size_t i = 0; i < lines.size(); i += step) {
    Arena arena;
    Record record;
    const Reading reading = read_line(lines[i], context, arena, record);
    if (record.at != WallTime{} && seen.first == WallTime{}) seen.first = record.at;
    if (reading == Reading::unknown) {
      ++seen.unknown;
      unknown.push_back(lines[i]);
      continue;
    }
    if (record.line.empty()) continue;
    ++(record.role == Role::access ? seen.access : seen.error);
    if (record.role == Role::access) ++seen.formats[std::string(record.format)];
    if (record.role == Role::access && !record.upstream.empty()) ++seen.upstreams;
    if (!record.gateway.empty()) ++seen.gateways[std::string(record.gateway)];
  }
  return seen;
}

std::string most_frequent(const std::map<std::string, std::size_t>& counts) {
  const auto found = std::ranges::max_element(counts, {}, [](const auto& entry) { return entry.second; });
  return found == counts.end() ? std::string() : found->first;
}

std::shared_ptr<const Layout> given_layout(const std::vector<std::string_view>& lines, const PlanOptions& options,
                                           const Clock& clock, std::string& gateway) {
  std::shared_ptr<const Layout> best;
  std::size_t best_count = lines.size() / 4;
  const auto consider = [&](Result<Layout> layout, const char* whose) {
    if (!layout || !layout->has(Field::status)) return;
    std::size_t count = 0;
    for (const std::string_view line : lines) {
      Record record;
      Record prefix;
      if (layout->parse(without_prefix(line, clock, prefix), clock, record)) ++count;
    }
    if (count <= best_count) return;
    best_count = count;
    best = std::make_shared<Layout>(std::move(*layout));
    gateway = whose;
  };
  for (const std::string& text : options.nginx_formats) consider(layout_of_nginx(text), "nginx");
  for (const std::string& text : options.apache_formats) consider(layout_of_apache(text), "apache");
  return best;
}

bool is_w3c(const std::vector<std::string_view>& lines) {
  return std::ranges::any_of(lines, [](std::string_view line) { return line.starts_with("#Fields:"); });
}

/// Whose lines the series holds and in which shape.
void recognise_series(LogSeries& series, const PlanOptions& options, const Zone& zone) {
  // The newest file that has lines: an empty one has just been rotated.
  for (auto file = series.files.rbegin(); file != series.files.rend(); ++file) {
    const std::string text = sniff(*file);
    const auto lines = lines_of(text);
    if (lines.empty()) continue;
    LineContext context{.clock = {zone, file->changed}, .layouts = {}};
    if (is_w3c(lines)) context.columns = &series.columns;
    std::vector<std::string_view> sample = lines;
    if (sample.size() > 200) sample.resize(200);
    std::string whose;
    series.layout = given_layout(sample, options, context.clock, whose);
    if (series.layout) context.layouts = {series.layout.get()};
    std::vector<std::string_view> unknown;
    Recognised seen = recognise(lines, context, unknown);
    if (!series.layout && seen.unknown > seen.access + seen.error) {
      if (unknown.size() > 200) unknown.resize(200);
      if (auto layout = infer_layout(unknown, context.clock)) {
        series.layout = std::make_shared<Layout>(std::move(*layout));
        context.layouts = {series.layout.get()};
        unknown.clear();
        seen = recognise(lines, context, unknown);
        series.format = "inferred: " + series.layout->text();
      }
    }
    series.role = seen.access >= seen.error ? Role::access : Role::error;
    series.errors = seen.error > 0;
    if (seen.access + seen.error == 0) {
      Tally shapes;
      for (const std::string_view line : lines) shapes.add(shape_of(line));
      series.unrecognised = printable(shapes.top(1).front().first, 60);
    }
    series.mixed = std::min(seen.access, seen.error) > 0 || seen.unknown > seen.access + seen.error;
    series.gateway = !whose.empty() ? whose : most_frequent(seen.gateways);
    if (seen.formats.size() == 1 && seen.error == 0) series.known_format = seen.formats.begin()->first;
    series.every_line = series.role == Role::access && seen.upstreams > 0;
    return;
  }
}

LogFile file_at(const std::string& path) {
  LogFile file{.path = path};
  struct stat status{};
  if (path == "-") file.head = head_of_standard_input(kSniffed);
  if (path == "-" || stat(path.c_str(), &status) != 0) return file;
  file.size = static_cast<std::uint64_t>(status.st_size);
  file.changed = WallTime(std::chrono::seconds(status.st_mtime));
  file.inode = status.st_ino;
  auto source = open_bytes(path, 0);
  std::string head(6, '\0');
  if (FILE* raw = std::fopen(path.c_str(), "rb")) {
    head.resize(std::fread(head.data(), 1, head.size(), raw));
    std::fclose(raw);
  }
  file.plain = S_ISREG(status.st_mode) && packing_of(head) == Packing::plain;
  return file;
}

WallTime first_moment(const LogFile& file, const Zone& zone) {
  auto source = open_bytes(file.path);
  if (!source) return {};
  std::string text = read_some(**source, 16UL * 1024);
  text += '\n';
  std::vector<std::string> columns;
  for (const std::string_view line : lines_of(text)) {
    LineContext context{.clock = {zone, file.changed}, .layouts = {}, .columns = &columns};
    Arena arena;
    Record record;
    const Reading reading = read_line(line, context, arena, record);
    if (reading != Reading::unknown && record.at != WallTime{}) return record.at;
    Record stamped;
    if (put(Field::time, line.starts_with('[') ? line.substr(1) : line, context.clock, stamped)) return stamped.at;
  }
  return {};
}

/// A name for combined logs, whose lines do not say who wrote them: the gateway whose error log lies beside, or the
/// path's.
void name_gateways(LogPlan& plan, const PlanOptions& options) {
  std::map<std::string, std::size_t> error_logs;
  for (const LogSeries& series : plan.series)
    if (series.role == Role::error && !series.gateway.empty()) ++error_logs[series.gateway];
  for (LogSeries& series : plan.series) {
    if (!options.gateway.empty() && series.gateway.empty()) series.gateway = options.gateway;
    if (!series.gateway.empty() || series.role != Role::access || series.files.empty()) continue;
    const std::string folder = fs::path(series.files.front().path).parent_path().string();
    std::map<std::string, std::size_t> beside;
    for (const LogSeries& other : plan.series)
      if (other.role == Role::error && !other.gateway.empty() && !other.files.empty() &&
          fs::path(other.files.front().path).parent_path().string() == folder)
        ++beside[other.gateway];
    for (const char* application : {"php-fpm", "gunicorn", "uwsgi", "node", "kernel"}) {
      beside.erase(application);
      error_logs.erase(application);
    }
    const std::string by_path = gateway_of_path(series.files.front().path);
    if (!by_path.empty())
      series.gateway = by_path;
    else if (beside.size() == 1)
      series.gateway = beside.begin()->first;
    else if (error_logs.size() == 1)
      series.gateway = error_logs.begin()->first;
  }
}

}  // namespace

LineContext context_of(const LogSeries& series, const LogFile& file, const Zone& zone,
                       std::vector<std::string>& columns) {
  LineContext context{.clock = {zone, file.changed}, .layouts = {}, .gateway = series.gateway};
  if (series.layout) context.layouts.push_back(series.layout.get());
  if (!columns.empty()) context.columns = &columns;
  return context;
}

std::string series_name(const std::string& path) {
  const fs::path whole(path);
  std::string name = whole.filename().string();
  for (const char* packed : {".gz", ".zst", ".xz"})
    if (name.ends_with(packed)) name.resize(name.size() - std::string_view(packed).size());
  // What logrotate and cronolog add: ".1", "-20261120", "-20261120-1300", ".2026-11-20".
  const auto is_stamp = [](std::string_view text) {
    return !text.empty() && text.find_first_not_of("0123456789-_T") == text.npos &&
           text.find_first_of("0123456789") != text.npos;
  };
  std::string kept;
  std::size_t at = 0;
  while (at < name.size()) {
    std::size_t end = name.find('.', at + 1);
    if (end == name.npos) end = name.size();
    std::string part = name.substr(at, end - at);
    if (at > 0 && is_stamp(std::string_view(part).substr(1))) {
      at = end;
      continue;
    }
    if (const auto dash = part.find_first_of("-_");
        dash != part.npos && dash > 0 && is_stamp(std::string_view(part).substr(dash + 1)) && part.size() - dash > 6)
      part.resize(dash);
    kept += part;
    at = end;
  }
  return (whole.parent_path() / kept).string();
}

LogPlan plan_logs(const std::vector<std::string>& inputs, const PlanOptions& options, const Zone& zone) {
  LogPlan plan;
  std::vector<std::string> paths;
  for (const std::string& input : inputs) add_input(input, paths, plan.problems);
  std::map<std::string, LogSeries> by_name;
  std::vector<std::string> order;
  std::set<std::string> seen;
  for (const std::string& path : paths) {
    std::error_code ignored;
    if (path != "-" && !seen.insert(fs::weakly_canonical(path, ignored).string()).second) continue;
    if (path != "-") {
      if (const auto opened = open_bytes(path); !opened) {
        plan.problems.push_back(opened.error());
        continue;
      }
    }
    const std::string name = series_name(path);
    if (!by_name.contains(name)) order.push_back(name);
    by_name[name].files.push_back(file_at(path));
  }
  for (const std::string& name : order) {
    LogSeries& series = by_name[name];
    if (series.files.size() > 1) {
      for (LogFile& file : series.files) file.first = first_moment(file, zone);
      std::ranges::stable_sort(
          series.files, {}, [](const LogFile& file) { return file.first == WallTime{} ? file.changed : file.first; });
    }
    recognise_series(series, options, zone);
    // The first lines of a pipe that is being written say little of those that follow.
    constexpr auto kEnough = 50;
    const std::string& head = series.files.front().head;
    if (series.files.front().path == "-" && std::ranges::count(head, '\n') < kEnough) series.mixed = true;
    plan.series.push_back(std::move(series));
  }
  name_gateways(plan, options);
  return plan;
}

}  // namespace fix502
