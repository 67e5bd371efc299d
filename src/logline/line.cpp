#include "logline/line.hpp"

#include <algorithm>
#include <cctype>

#include "base/text.hpp"

namespace fix502 {
namespace {

const std::vector<std::pair<Layout, const Format*>>& known_layouts() {
  static const auto kLayouts = [] {
    std::vector<std::pair<Layout, const Format*>> all;
    for (const Format& format : formats())
      if (auto layout = Layout::compile(format.layout)) all.emplace_back(std::move(*layout), &format);
    return all;
  }();
  return kLayouts;
}

/// By the layouts of the file itself.
bool read_own(std::string_view line, const LineContext& context, Record& record) {
  const Record before = record;
  for (const Layout* layout : context.layouts) {
    if (layout->parse(line, context.clock, record)) {
      record.gateway = context.gateway;
      return true;
    }
    record = before;
  }
  return false;
}

bool read_access(std::string_view line, const LineContext& context, Record& record) {
  if (read_own(line, context, record)) return true;
  const Record before = record;
  for (const auto& [layout, format] : known_layouts()) {
    if (layout.parse(line, context.clock, record)) {
      record.gateway = format->gateway.empty() ? context.gateway : format->gateway;
      record.format = format->name;
      return true;
    }
    record = before;
  }
  return false;
}

// What decides stands at the head of a line; what a longer one goes on with is not read.
constexpr std::size_t kLongestLine = 16UL * 1024;

bool starts_like_json(std::string_view line) {
  return line.starts_with('{');
}

/// Docker's json-file driver: {"log":"2026/11/22 ...\n","stream":"stderr","time":"..."}
std::string_view docker_log(std::string_view line, Arena& arena) {
  if (!line.starts_with("{\"log\":\"") || line.size() > 256UL * 1024) return {};
  const Json object = Json::parse(line, nullptr, false);
  if (!object.is_object() || object.find("stream") == object.end() || !object["log"].is_string()) return {};
  std::string text = object["log"].get<std::string>();
  while (!text.empty() && (text.back() == '\n' || text.back() == '\r')) text.pop_back();
  return arena.emplace_back(std::move(text));
}

}  // namespace

std::string_view without_prefix(std::string_view line, const Clock& clock, Record& record) {
  std::string_view rest = line;
  bool priority = false;
  if (rest.starts_with('<')) {
    const auto end = rest.find('>');
    if (end == rest.npos || end > 4) return line;
    rest.remove_prefix(end + 1);
    if (rest.starts_with("1 ")) rest.remove_prefix(2);  // RFC 5424's version
    priority = true;
  }
  const auto stamp = parse_stamp(rest);
  if (!stamp || rest.size() <= stamp->length || rest[stamp->length] != ' ') return line;
  std::string_view behind = rest.substr(stamp->length + 1);
  // A Kubernetes runtime: "TIME stdout F text".
  for (const std::string_view stream : {"stdout F ", "stderr F ", "stdout P ", "stderr P "}) {
    if (!behind.starts_with(stream)) continue;
    record.at = moment_of(*stamp, clock.zone, clock.near);
    return behind.substr(stream.size());
  }
  // syslog: "TIME host program[pid]: text"; RFC 5424: "TIME host program pid id [data] text".
  const auto host_end = behind.find(' ');
  if (host_end == behind.npos || host_end > 255 || behind.substr(0, host_end).find_first_of("[(|") != behind.npos)
    return line;
  behind.remove_prefix(host_end + 1);
  const auto tag_end = behind.find_first_of(" [:");
  if (tag_end == behind.npos || tag_end == 0 || tag_end > 64) return line;
  if (behind[tag_end] == ' ') {
    if (!priority) return line;
    for (int i = 0; i < 3; ++i) {
      const auto blank = behind.find(' ');
      if (blank == behind.npos) return line;
      behind.remove_prefix(blank + 1);
    }
    const auto data_end = behind.starts_with("- ") ? 2 : behind.find("] ");
    if (data_end == behind.npos) return line;
    behind.remove_prefix(data_end == 2 ? 2 : data_end + 2);
  } else {
    const auto colon = behind.find(": ", tag_end);
    if (colon == behind.npos || colon > tag_end + 16) return line;
    behind.remove_prefix(colon + 2);
  }
  record.at = moment_of(*stamp, clock.zone, clock.near);
  record.micros = stamp->micros;
  return behind;
}

Reading read_line(std::string_view line, const LineContext& context, Arena& arena, Record& record) {
  while (!line.empty() && (line.back() == '\r' || line.back() == ' ')) line.remove_suffix(1);
  if (line.empty()) return Reading::innocent;
  if (!starts_like_json(line)) line = line.substr(0, kLongestLine);
  if (const std::string_view inner = docker_log(line, arena); !inner.empty()) line = inner;
  const std::string_view whole = line;
  if (!context.layouts.empty() && read_own(line, context, record)) return Reading::known;
  if (!lines::is_nginx_error(line)) line = without_prefix(line, context.clock, record);
  const WallTime prefixed = record.at;
  if (line.starts_with('#') || (context.columns != nullptr && !context.columns->empty())) {
    if (lines::read_w3c(line, context, record)) return line.starts_with('#') ? Reading::innocent : Reading::known;
  }
  if (starts_like_json(line)) {
    if (read_access(line, context, record) || lines::read_json(line, context, arena, record)) {
      record.line = whole;
      const bool said = record.role == Role::access || record.message != nullptr;
      return said ? Reading::known : Reading::innocent;
    }
    return Reading::unknown;
  }
  if (lines::read_nginx_error(line, context, record) || lines::read_apache_error(line, context, record)) {
    record.line = whole;
    return record.message != nullptr ? Reading::known : Reading::innocent;
  }
  Record error;
  error.at = prefixed;
  if (read_access(line, context, record)) {
    record.line = whole;
    return Reading::known;
  }
  if (!lines::read_other_error(line, context, error)) return Reading::unknown;
  record = error;
  record.line = whole;
  return Reading::known;
}

std::string shape_of(std::string_view line) {
  constexpr std::size_t kShape = 100;
  std::string shape;
  for (std::size_t at = 0; at < line.size() && shape.size() < kShape; ++at) {
    const auto c = static_cast<unsigned char>(line[at]);
    if (std::isdigit(c) != 0) {
      if (!shape.ends_with('0')) shape += '0';
    } else if (c == '"') {
      const auto end = line.find('"', at + 1);
      shape += end == line.npos ? "\"" : "\"..\"";
      if (end != line.npos) at = end;
    } else {
      shape += c < 0x20 || c >= 0x7F ? '?' : static_cast<char>(c);
    }
  }
  return shape;
}

}  // namespace fix502
