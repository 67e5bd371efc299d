// Formats out of configuration files, and out of lines alone; the first line is the configuration's.
#include "fuzz.hpp"
#include "logline/layout.hpp"

FUZZ(input) {
  using namespace fix502;
  static const FixedZone kZone;
  const Clock clock{kZone, WallTime(std::chrono::seconds(1'795'352'250))};
  const std::string_view format = fuzz::take(input, '\n');
  std::vector<std::string_view> lines;
  while (!input.empty() && lines.size() < 200) lines.push_back(fuzz::take(input, '\n'));
  for (const auto& layout : {layout_of_nginx(format), layout_of_apache(format), infer_layout(lines, clock)}) {
    if (!layout) continue;
    fuzz::promise(Layout::compile(layout->text()).has_value());
    for (const std::string_view line : lines) {
      Record record;
      const bool fits = layout->parse(line, clock, record);
      fuzz::promise(!fits || (record.status >= 0 && record.status <= 999));
    }
  }
}
