// W3C extended logs: CloudFront (tabs) and IIS (blanks). A line that begins with "#Fields:" names the columns.
#include <array>
#include <utility>

#include "base/text.hpp"
#include "logline/line.hpp"

namespace fix502::lines {
namespace {

constexpr std::array<std::pair<std::string_view, Field>, 9> kColumns = {{
    {"c-ip", Field::client},
    {"cs-method", Field::method},
    {"cs-uri-stem", Field::url},
    {"sc-status", Field::status},
    {"cs-host", Field::host},
    {"x-host-header", Field::host},
    {"time-taken", Field::request_time},
    {"x-edge-detailed-result-type", Field::state},
    {"sc-win32-status", Field::details},
}};

}  // namespace

bool read_w3c(std::string_view line, const LineContext& context, Record& record) {
  if (context.columns == nullptr) return false;
  std::vector<std::string>& columns = *context.columns;
  if (line.starts_with('#')) {
    if (!line.starts_with("#Fields:")) return true;
    columns.clear();
    for (const std::string_view word : words(line.substr(8))) {
      if (columns.size() == 200) break;
      columns.emplace_back(word);
    }
    return true;
  }
  const bool tabs = line.find('\t') != line.npos;
  const auto values = tabs ? split(line, '\t') : words(line);
  if (values.size() < 4 || values.size() > columns.size()) return false;
  std::string moment;
  for (std::size_t i = 0; i < values.size(); ++i) {
    if (columns[i] == "date") moment = std::string(values[i]) + " " + moment;
    if (columns[i] == "time") moment += values[i];
    for (const auto& [name, field] : kColumns)
      if (name == columns[i] && !put(field, values[i], context.clock, record)) return false;
  }
  const auto stamp = parse_stamp(moment);
  if (!stamp) return false;
  record.at = stamp->clock;  // both products write UTC
  record.role = Role::access;
  record.line = line;
  record.gateway = lists(columns, "x-edge-location") ? "cloudfront" : "iis";
  return true;
}

}  // namespace fix502::lines
