#include "logs/block_scan.hpp"

#include <algorithm>
#include <functional>

#include "logline/judge.hpp"

namespace fix502 {
namespace {

constexpr std::size_t kMostShapes = 32;  // new shapes of one block
constexpr int kLinesBack = 50;           // how far a time is looked for, for lines that have none

bool is_of_error_level(std::string_view line) {
  for (const std::string_view word : {"[error]", "[crit]", "[alert]", "[emerg]", ":error]", ":crit]", "\"error\""})
    if (line.find(word) != line.npos) return true;
  return false;
}

/// A line that seems to be about trouble; others in unknown shapes are not worth a word.
bool looks_like_trouble(std::string_view line) {
  if (is_of_error_level(line)) return true;
  for (const std::string_view word : {"ERROR", "CRITICAL", "FATAL", "upstream", "backend", "ALERT"})
    if (line.find(word) != line.npos) return true;
  return false;
}

/// The stamp of a line, at its head or in brackets: uWSGI's request lines have theirs in the middle.
std::optional<Stamp> stamp_in(std::string_view line) {
  constexpr int kMostBrackets = 8;
  if (const auto stamp = parse_stamp(line)) return stamp;
  for (int i = 0; i < kMostBrackets; ++i) {
    const auto bracket = line.find('[');
    if (bracket == line.npos) break;
    line.remove_prefix(bracket + 1);
    if (const auto stamp = parse_stamp(line); stamp && stamp->has_year) return stamp;
  }
  return std::nullopt;
}

/// Is the line worth handing on? Good answers are not.
bool matters(const Record& record) {
  if (record.role != Role::access) return record.message != nullptr;
  return judge_access(record).has_value();
}

}  // namespace

void Batch::clear() {
  lines = {};
  text.clear();
  arena.clear();
  records.clear();
  counts.clear();
  unknown_shapes.clear();
  unknown = timeless = consumed = huge = 0;
  end = false;
  problem.clear();
}

BlockScan::BlockScan(const LogSeries& series, const Zone& zone, std::shared_ptr<const LineFinder> finder)
    : series_(series),
      zone_(zone),
      finder_(finder ? std::move(finder) : std::make_shared<const LineFinder>(series)),
      scratch_(*finder_) {
  // What all lines are of is tried first.
  const auto known = std::ranges::find(formats(), series.known_format, &Format::name);
  if (known == formats().end()) return;
  if (auto layout = Layout::compile(known->layout)) known_ = std::move(*layout);
}

void BlockScan::scan(const LogFile& file, std::uint32_t index, Batch& batch) {
  stamps_.clear();
  std::vector<std::string> columns = series_.columns;
  LineContext context = context_of(series_, file, zone_, columns);
  context.clock.memo = &stamps_;
  context.nginx = &nginx_;
  if (known_) context.layouts.push_back(&*known_);
  finder_->find(batch.lines, scratch_, [&](std::string_view line) { take(line, context, file, index, batch); });
}

void BlockScan::take(std::string_view line, const LineContext& context, const LogFile& file, std::uint32_t index,
                     Batch& batch) {
  Record record;
  const Reading reading = read_line(line, context, batch.arena, record);
  const bool trouble = reading == Reading::unknown ? looks_like_trouble(line)
                                                   : reading == Reading::innocent && record.role == Role::error &&
                                                         is_of_error_level(line) && line.find("upstream") != line.npos;
  if (trouble) {
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

void BlockScan::count(const Record& record, Batch& batch) const {
  if (record.role != Role::access || record.upstream.empty() || record.at == WallTime{}) return;
  const std::string upstream = upstream_of(record);
  for (std::size_t i = batch.counts.size(); i > 0 && batch.counts.size() - i < 8; --i) {
    Batch::Count& last = batch.counts[i - 1];
    if (last.second != record.at || last.upstream != upstream) continue;
    ++last.count;
    return;
  }
  batch.counts.push_back({upstream, record.at, 1});
}

WallTime BlockScan::moment_near(std::string_view line, const LogFile& file, const Batch& batch) const {
  if (const auto stamp = stamp_in(line)) return moment_of(*stamp, zone_, file.changed);
  const std::string_view text = batch.lines;
  const bool inside =
      std::less_equal{}(text.data(), line.data()) && std::less{}(line.data(), text.data() + text.size());
  auto at = inside ? static_cast<std::size_t>(line.data() - text.data()) : 0;
  if (!inside) return file.changed;  // of the arena: wrapped by Docker
  for (int i = 0; i < kLinesBack && at > 0; ++i) {
    const auto newline = at >= 2 ? text.rfind('\n', at - 2) : text.npos;
    const std::size_t begin = newline == text.npos ? 0 : newline + 1;
    std::string_view before = text.substr(begin, at - begin);
    if (const auto stamp = stamp_in(before)) return moment_of(*stamp, zone_, file.changed);
    at = begin;
  }
  return file.changed;
}

}  // namespace fix502
