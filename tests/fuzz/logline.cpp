// Lines of any log, in order: read, judged, joined and gathered. A first line "LAYOUT ..." gives them a layout of their
// own.
#include "fuzz.hpp"
#include "logline/incident.hpp"
#include "logline/line.hpp"

FUZZ(input) {
  using namespace fix502;
  static const FixedZone kZone;
  constexpr std::string_view kMark = "LAYOUT ";
  LineContext context{
      .clock = {kZone, WallTime(std::chrono::seconds(1'795'352'250))}, .layouts = {}, .gateway = "nginx"};
  std::vector<std::string> columns;
  context.columns = &columns;
  std::optional<Layout> layout;
  if (input.starts_with(kMark)) {
    input.remove_prefix(kMark.size());
    if (auto made = Layout::compile(fuzz::take(input, '\n'))) layout = std::move(*made);
    if (layout) context.layouts.push_back(&*layout);
  }
  std::uint64_t failed = 0;
  Incidents incidents(std::chrono::seconds(900));
  Joiner joiner([&](LoggedFailure&& failure) { incidents.take(std::move(failure)); });
  joiner.expect("nginx", {.access = true, .error = true});
  joiner.expect("apache", {.access = true, .error = true});
  std::uint64_t lines = 0;
  constexpr std::uint64_t kMostLines = 64;  // more of them tell no more, and take their time
  while (!input.empty() && lines < kMostLines) {
    const std::string_view line = fuzz::take(input, '\n');
    Arena arena;
    Record record;
    ++lines;
    fuzz::promise(shape_of(line).size() <= 128);
    if (read_line(line, context, arena, record) != Reading::known) continue;
    fuzz::promise(record.role == Role::access || record.message != nullptr);
    joiner.take(record);
  }
  joiner.finish();
  for (const Incident& incident : incidents.finish({})) {
    fuzz::promise(!incident.fault.empty() && incident.first_seen <= incident.last_seen);
    failed += incident.failed + incident.retried;
  }
  fuzz::promise(failed <= lines);  // no request is counted more often than there are lines
}
