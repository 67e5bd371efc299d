#include "logs/line_finder.hpp"

#include <algorithm>
#include <stdexcept>

namespace fix502 {
namespace {

Scanner compiled(const std::vector<std::string>& patterns) {
  auto scanner = Scanner::compile(patterns);
  // The patterns are ours and a test compiles them.
  if (!scanner) throw std::logic_error(scanner.error().message());
  return std::move(*scanner);
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

/// The layout that all lines of the series are of, where it is one.
std::optional<Layout> only_layout(const LogSeries& series) {
  if (series.layout) return *series.layout;
  const auto known = std::ranges::find(formats(), series.known_format, &Format::name);
  if (known == formats().end()) return std::nullopt;
  auto layout = Layout::compile(known->layout);
  if (!layout) return std::nullopt;
  return std::move(*layout);
}

}  // namespace

LineFinder::LineFinder(const LogSeries& series) {
  if (series.every_line) return;
  if (series.role == Role::error && !series.mixed && series.gateway == "nginx") {
    quick_ = QuickScan::of_nginx_errors();
    return;
  }
  if (series.role == Role::access && !series.mixed) {
    const auto layout = only_layout(series);
    if (layout) quick_ = QuickScan::of(*layout);
    if (quick_) return;
    if (layout && layout->has(Field::status))
      own_ = std::make_unique<const Scanner>(compiled(layout_patterns(*layout)));
  } else if (series.role == Role::access && series.layout) {
    auto patterns = layout_patterns(*series.layout);
    for (std::string& pattern : all_patterns()) patterns.push_back(std::move(pattern));
    own_ = std::make_unique<const Scanner>(compiled(patterns));
  }
  scanner_ = own_ ? own_.get() : series.role == Role::access && !series.mixed ? &access_scanner() : &full_scanner();
}

LineFinder::Scratch::Scratch(const LineFinder& finder) {
  if (finder.scanner_ != nullptr) scratch_.emplace(*finder.scanner_);
}

void LineFinder::find(std::string_view block, Scratch& scratch,
                      const std::function<void(std::string_view line)>& found) const {
  if (quick_) {
    quick_->scan(block, found);
  } else if (scanner_ != nullptr) {
    scanner_->scan(block, *scratch.scratch_, found);
  } else {
    while (!block.empty()) {
      const auto end = std::min(block.find('\n'), block.size());
      if (end > 0) found(block.substr(0, end));
      block.remove_prefix(std::min(end + 1, block.size()));
    }
  }
}

}  // namespace fix502
