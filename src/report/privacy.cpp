// Query values left out: for a report that goes to a ticket, where a link may carry a session, a name or an order.

#include <algorithm>

#include "base/text.hpp"
#include "report/report.hpp"

namespace fix502 {
namespace {

constexpr std::string_view kInPlace = "<redacted>";
constexpr std::size_t kShortestSecret = 4;  // bytes: what is shorter stands in many texts by chance

/// Ends a query wherever an address stands: in prose, in a quoted command, in markup.
bool ends_query(char c) {
  return static_cast<unsigned char>(c) <= ' ' || std::string_view("'\"<>`#)\\").find(c) != std::string_view::npos;
}

/// "…?a=1&b#c" is "…?a=<redacted>&<redacted>#c": a part without a name is a value (as in the history).
std::string without_queries(std::string_view text) {
  std::string result;
  while (!text.empty()) {
    const auto mark = text.find('?');
    result += text.substr(0, mark == text.npos ? mark : mark + 1);
    if (mark == text.npos) break;
    text.remove_prefix(mark + 1);
    const auto end = static_cast<std::size_t>(std::ranges::find_if(text, ends_query) - text.begin());
    const auto query = text.substr(0, end);
    text.remove_prefix(end);
    // A question mark of a sentence has nothing behind it.
    if (query.empty()) continue;
    std::string joint;
    for (const auto part : split(query, '&')) {
      const auto equals = part.find('=');
      result += joint;
      if (equals != part.npos) result += part.substr(0, equals + 1);
      result += kInPlace;
      joint = "&";
    }
  }
  return result;
}

/// The values of the target's own query, which an error page may repeat on its own.
std::vector<std::string> values_of(const Target& target) {
  std::vector<std::string> values;
  const auto mark = target.path.find('?');
  if (mark == target.path.npos) return values;
  for (const auto part : split(std::string_view(target.path).substr(mark + 1), '&')) {
    const auto equals = part.find('=');
    const auto value = equals == part.npos ? part : part.substr(equals + 1);
    if (value.size() >= kShortestSecret) values.emplace_back(value);
  }
  return values;
}

class Eraser {
 public:
  explicit Eraser(const Target& target) : values_(values_of(target)) {}

  void operator()(std::string& text) const {
    text = without_queries(text);
    for (const auto& value : values_)
      for (auto at = text.find(value); at != text.npos; at = text.find(value, at + kInPlace.size()))
        text.replace(at, value.size(), kInPlace);
  }
  void operator()(Json& json) const {
    if (json.is_string()) (*this)(json.get_ref<std::string&>());
    if (json.is_structured())
      for (auto& item : json) (*this)(item);
  }
  void operator()(Finding& finding) const {
    (*this)(finding.summary);
    (*this)(finding.subject);
  }

 private:
  std::vector<std::string> values_;
};

/// Through its recorded form, which names every text that it has.
Evidence erased(const Evidence& evidence, const Eraser& erase) {
  Json run = Json::parse(write_run(evidence), nullptr, false);
  erase(run);
  auto read = read_run(run.dump());
  if (read) return std::move(*read);
  // It was written a moment ago; were it not readable, no observation is better than one with its secret.
  Evidence bare = evidence;
  bare.observations.clear();
  erase(bare.target.url);
  erase(bare.target.path);
  return bare;
}

}  // namespace

Report without_query_values(Report report) {
  const Eraser erase(report.evidence.target);
  report.evidence = erased(report.evidence, erase);
  erase(report.verdict.summary);
  if (report.verdict.finding) erase(*report.verdict.finding);
  for (auto& finding : report.verdict.also) erase(finding);
  for (auto& step : report.steps) erase(step.finding);
  for (auto& hop : report.path) erase(hop.detail);
  for (auto& remedy : report.remedies) {
    erase(remedy.command);
    erase(remedy.why);
  }
  if (!report.comparison) return report;
  for (auto& pair : report.comparison->fields) {
    erase(pair.edge);
    erase(pair.origin);
  }
  for (auto& suspect : report.comparison->settings) {
    erase(suspect.value);
    erase(suspect.why);
  }
  return report;
}

}  // namespace fix502
