#pragma once

// Figures for a collector, in the text that Prometheus reads
// (https://prometheus.io/docs/instrumenting/exposition_formats/).

#include <initializer_list>
#include <string>
#include <string_view>
#include <utility>

namespace fix502 {

class MetricsText {
 public:
  using Labels = std::initializer_list<std::pair<std::string_view, std::string_view>>;

  /// What the samples after it belong to; `type` is "gauge", "counter" or "untyped".
  void family(std::string_view name, std::string_view type, std::string_view help);
  void sample(double value) { sample({}, value); }
  void sample(Labels labels, double value);
  /// A family of a single sample.
  void gauge(std::string_view name, std::string_view help, double value);

  [[nodiscard]] std::string take() { return std::move(text_); }

 private:
  std::string text_;
  std::string name_;
};

}  // namespace fix502
