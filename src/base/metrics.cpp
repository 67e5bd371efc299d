#include "base/metrics.hpp"

#include <fmt/format.h>

#include <cmath>
#include <iterator>

namespace fix502 {
namespace {

/// Backslash, quote and line end are the three that the format escapes.
void append_escaped(std::string& text, std::string_view value) {
  for (const char c : value) {
    if (c == '\\' || c == '"') text += '\\';
    if (c == '\n')
      text += "\\n";
    else
      text += c;
  }
}

}  // namespace

void MetricsText::family(std::string_view name, std::string_view type, std::string_view help) {
  name_ = name;
  fmt::format_to(std::back_inserter(text_), "# HELP {} {}\n# TYPE {} {}\n", name, help, name, type);
}

void MetricsText::sample(Labels labels, double value) {
  text_ += name_;
  if (labels.size() > 0) {
    char before = '{';
    for (const auto& [label, worth] : labels) {
      text_ += before;
      text_ += label;
      text_ += "=\"";
      append_escaped(text_, worth);
      text_ += '"';
      before = ',';
    }
    text_ += '}';
  }
  if (std::isfinite(value))
    fmt::format_to(std::back_inserter(text_), " {}\n", value);
  else
    text_ += std::isnan(value) ? " NaN\n" : value > 0 ? " +Inf\n" : " -Inf\n";
}

void MetricsText::gauge(std::string_view name, std::string_view help, double value) {
  family(name, "gauge", help);
  sample(value);
}

}  // namespace fix502
