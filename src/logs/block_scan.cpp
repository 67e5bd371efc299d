#include "logs/block_scan.hpp"

#include <algorithm>
#include <functional>
#include <stdexcept>

#include "logline/judge.hpp"

namespace fix502 {
namespace {

constexpr std::size_t kMostShapes = 32;  // new shapes of one block
constexpr int kLinesBack = 50;           // how far a time is looked for, for lines that have none

/// A line that seems to be about trouble; others in unknown shapes are not worth a word.
bool looks_like_trouble(std::string_view line) {
  for (const std::string_view word : {"[error]", "[crit]", "[alert]", "[emerg]", ":error]", ":crit]", "\"error\"",
                                      "ERROR", "CRITICAL", "FATAL", "upstream", "backend", "ALERT"})
    if (line.find(word) != line.npos) return true;
  return false;
}

Scanner compiled(const std::vector<std::string>& patterns) {
  auto scanner = Scanner::compile(patterns);
  // The patterns are ours and a test compiles them.
  if (!scanner) throw std::logic_error(scanner.error().message());
  return std::move(*scanner);
}

/// Is the line worth handing on? Good answers are not.
bool matters(const Record& record) {
  if (record.role != Role::access) return record.message != nullptr;
  return judge_access(record).has_value();
}

/// A matcher for the series alone, where its lines are all of one layout; null: the shared ones do.
std::shared_ptr<const Scanner> scanner_of(const LogSeries& series) {
  if (series.every_line || series.role != Role::access) return nullptr;
  if (series.mixed && !series.layout) return nullptr;
  if (series.layout) {
    auto patterns = layout_patterns(*series.layout);
    if (series.mixed)
      for (std::string& pattern : all_patterns()) patterns.push_back(std::move(pattern));
    return std::make_shared<Scanner>(compiled(patterns));
  }
  const auto known = std::ranges::find(formats(), series.known_format, &Format::name);
  if (known == formats().end()) return nullptr;
  const auto layout = Layout::compile(known->layout);
  if (!layout || !layout->has(Field::status)) return nullptr;
  return std::make_shared<Scanner>(compiled(layout_patterns(*layout)));
}

// Compiling takes a tenth of a second, so each is made when it is first asked for.
const Scanner& access_scanner() {
  static const Scanner kScanner = compiled(access_patterns());
  return kScanner;
}

const Scanner& full_scanner() {
  static const Scanner kScanner = compiled(all_patterns());
  return kScanner;
}

const Scanner& scanner_for(const LogSeries& series, const std::shared_ptr<const Scanner>& own) {
  if (own) return *own;
  return series.role == Role::access && !series.mixed ? access_scanner() : full_scanner();
}

}  // namespace

void Batch::clear() {
  lines = {};
  text.clear();
  window = Window();
  arena.clear();
  records.clear();
  counts.clear();
  unknown_shapes.clear();
  unknown = timeless = consumed = huge = 0;
  end = false;
  problem.clear();
}

BlockScan::BlockScan(const LogSeries& series, const Zone& zone)
    : series_(series), zone_(zone), own_(scanner_of(series)), scratch_(scanner_for(series, own_)) {
  // What all lines are of is tried first.
  const auto known = std::ranges::find(formats(), series.known_format, &Format::name);
  if (known == formats().end()) return;
  if (auto layout = Layout::compile(known->layout)) known_ = std::move(*layout);
}

void BlockScan::scan(const LogFile& file, std::uint32_t index, Batch& batch) {
  if (series_.every_line) {
    take_every(file, index, batch);
    return;
  }
  scanner_for(series_, own_).scan(batch.lines, scratch_, [&](std::string_view line) {
    take(line, file, index, batch);
  });
}

void BlockScan::take(std::string_view line, const LogFile& file, std::uint32_t index, Batch& batch) {
  std::vector<std::string> columns = series_.columns;
  LineContext context{.clock = {zone_, file.changed}, .layouts = {}, .gateway = series_.gateway};
  if (series_.layout) context.layouts.push_back(series_.layout.get());
  if (known_) context.layouts.push_back(&*known_);
  if (!columns.empty()) context.columns = &columns;
  Record record;
  const Reading reading = read_line(line, context, batch.arena, record);
  if (reading == Reading::unknown || (reading == Reading::innocent && looks_like_trouble(line) &&
                                      record.role == Role::error && line.find("upstream") != line.npos)) {
    if (!looks_like_trouble(line)) return;
    ++batch.unknown;
    if (batch.unknown_shapes.size() < kMostShapes) batch.unknown_shapes.push_back(shape_of(line));
    return;
  }
  if (reading != Reading::known) return;
  if (series_.every_line) count(record, batch);
  if (!matters(record)) return;
  if (record.at == WallTime{}) {
    record.at = moment_near(line, file, batch);
    ++batch.timeless;
  }
  record.file = index;
  batch.records.push_back(record);
}

void BlockScan::take_every(const LogFile& file, std::uint32_t index, Batch& batch) {
  std::string_view rest = batch.lines;
  while (!rest.empty()) {
    const auto end = std::min(rest.find('\n'), rest.size());
    if (end > 0) take(rest.substr(0, end), file, index, batch);
    rest.remove_prefix(std::min(end + 1, rest.size()));
  }
}

void BlockScan::count(const Record& record, Batch& batch) const {
  if (record.role != Role::access || record.upstream.empty() || record.at == WallTime{}) return;
  const std::string upstream =
      upstream_name(record.gateway, record.gateway == "haproxy" ? record.upstream : last_of_list(record.upstream));
  for (std::size_t i = batch.counts.size(); i > 0 && batch.counts.size() - i < 8; --i) {
    Batch::Count& last = batch.counts[i - 1];
    if (last.second != record.at || last.upstream != upstream) continue;
    ++last.count;
    return;
  }
  batch.counts.push_back({upstream, record.at, 1});
}

WallTime BlockScan::moment_near(std::string_view line, const LogFile& file, const Batch& batch) const {
  const std::string_view text = batch.lines;
  const bool inside =
      std::less_equal{}(text.data(), line.data()) && std::less{}(line.data(), text.data() + text.size());
  auto at = inside ? static_cast<std::size_t>(line.data() - text.data()) : 0;
  if (!inside) return file.changed;  // of the arena: wrapped by Docker
  for (int i = 0; i < kLinesBack && at > 0; ++i) {
    const auto newline = at >= 2 ? text.rfind('\n', at - 2) : text.npos;
    const std::size_t begin = newline == text.npos ? 0 : newline + 1;
    std::string_view before = text.substr(begin, at - begin);
    if (before.starts_with('[')) before.remove_prefix(1);
    if (const auto stamp = parse_stamp(before)) return moment_of(*stamp, zone_, file.changed);
    at = begin;
  }
  return file.changed;
}

}  // namespace fix502
