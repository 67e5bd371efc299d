// Lines of one kind of log, by its own reader and by the one that tells what a line is. The program's name says which:
// fuzz_log_ROW, linked once for each row of the table.
#include <errno.h>  // program_invocation_short_name

#include <algorithm>
#include <vector>

#include "fuzz.hpp"
#include "logline/incident.hpp"
#include "logline/line.hpp"

namespace fix502 {
namespace {

struct LogReader {
  std::string_view name;
  std::string_view gateway;
  std::string_view program;               ///< of an application's log
  std::vector<std::string_view> layouts;  ///< by their names in formats()
  std::string_view own = {};              ///< a layout that a configuration names
  bool (*read)(std::string_view line, const LineContext& context, Arena& arena, Record& record) = nullptr;
};

constexpr auto kNginxError = [](std::string_view line, const LineContext& context, Arena&, Record& record) {
  return lines::read_nginx_error(line, context, record);
};
constexpr auto kApacheError = [](std::string_view line, const LineContext& context, Arena&, Record& record) {
  return lines::read_apache_error(line, context, record);
};
constexpr auto kOther = [](std::string_view line, const LineContext& context, Arena&, Record& record) {
  return lines::read_other_error(line, context, record);
};
constexpr auto kW3c = [](std::string_view line, const LineContext& context, Arena&, Record& record) {
  return lines::read_w3c(line, context, record);
};

const std::vector<LogReader>& readers() {
  static const std::vector<LogReader> kReaders = {
      {"nginx_error", "nginx", {}, {}, {}, kNginxError},
      {"nginx_access",
       "nginx",
       {},
       {"combined", "ingress-nginx"},
       R"({client} [{time}] "{request}" {status} ua={upstream} us={upstream_status} uct={connect_time} uht={header_time} ubr={received})"},
      {"haproxy", "haproxy", {}, {"haproxy-http", "haproxy-tcp"}, {}, kOther},
      {"apache_error", "apache", {}, {}, {}, kApacheError},
      {"apache_access", "apache", {}, {"vhost-combined", "combined", "common"}},
      {"caddy", "caddy", {}, {}, {}, lines::read_json},
      {"envoy", "envoy", {}, {"istio", "envoy"}, {}, lines::read_json},
      {"traefik", "traefik", {}, {"traefik-clf"}, {}, lines::read_json},
      {"alb", "alb", {}, {"aws-alb"}},
      {"cloudfront", "cloudfront", {}, {}, {}, kW3c},
      {"logpush", "cloudflare", {}, {}, {}, lines::read_json},
      {"php_fpm", {}, "php-fpm", {}, {}, kOther},
      {"gunicorn", {}, "gunicorn", {"combined"}, {}, kOther},
      {"uwsgi", {}, "uwsgi", {}, {}, kOther},
      {"lighttpd", "lighttpd", {}, {"combined"}, {}, kOther},
      {"varnish",
       "varnish",
       {},
       {"combined"},
       R"({client} {-} {-} [{time}] "{request}" {status} {-} "{-}" "{-}" "{details}" {-} {header_time})",
       kOther},
      {"squid", "squid", {}, {"squid-native"}, {}, kOther},
  };
  return kReaders;
}

/// Made once: what an input costs is its lines.
struct Ready {
  const LogReader* reader = nullptr;
  std::vector<Layout> layouts;
  Ready() {
    std::string_view wanted = program_invocation_short_name;
    wanted.remove_prefix(std::string_view("fuzz_log_").size());
    reader = &*std::ranges::find(readers(), wanted, &LogReader::name);
    for (const Format& format : formats())
      if (std::ranges::find(reader->layouts, format.name) != reader->layouts.end()) keep(format.layout);
    if (!reader->own.empty()) keep(reader->own);
  }
  void keep(std::string_view text) {
    auto layout = Layout::compile(text);
    fuzz::promise(layout.has_value());
    layouts.push_back(std::move(*layout));
  }
};

/// Reads every byte that the record points to: the sanitizer sees a text that is not there any more.
std::size_t touched(const Record& record) {
  std::size_t sum = 0;
  for (const std::string_view text : {record.gateway, record.client, record.port, record.request, record.url,
                                      record.host, record.upstream, record.upstream_status, record.connection,
                                      record.state, record.details, record.method, record.format, record.line})
    for (const char c : text) sum += static_cast<unsigned char>(c);
  return sum;
}

}  // namespace
}  // namespace fix502

FUZZ(input) {
  using namespace fix502;
  static const FixedZone kZone;
  static const Ready kReady;
  constexpr std::size_t kMostLines = 32;
  StampMemo stamps;
  MessageMemo messages("nginx");
  std::vector<std::string> columns;
  std::vector<std::string> same_columns;
  LineContext context{.clock = {kZone, WallTime(std::chrono::seconds(1'795'352'250))}, .layouts = {}};
  context.gateway = kReady.reader->gateway;
  context.program = kReady.reader->program;
  for (const Layout& layout : kReady.layouts) context.layouts.push_back(&layout);
  if (kReady.reader->read == +kW3c) context.columns = &columns;
  LineContext remembering = context;
  remembering.clock.memo = &stamps;
  remembering.nginx = &messages;
  if (context.columns != nullptr) remembering.columns = &same_columns;

  Incidents incidents(std::chrono::seconds(900));
  Joiner joiner([&](LoggedFailure&& failure) { incidents.take(std::move(failure)); });
  joiner.expect(context.gateway, {.access = true, .error = true});
  std::uint64_t lines = 0;
  volatile std::size_t sum = 0;
  while (!input.empty() && lines < kMostLines) {
    const std::string_view line = fuzz::take(input, '\n');
    ++lines;
    Arena arena;
    if (kReady.reader->read != nullptr) {
      Record own;
      if (kReady.reader->read(line, context, arena, own)) sum = sum + touched(own);
    }
    for (const Layout& layout : kReady.layouts) {
      Record own;
      if (layout.parse(line, context.clock, own)) sum = sum + touched(own);
    }
    Record record;
    Record again;
    const Reading reading = read_line(line, context, arena, record);
    fuzz::promise(read_line(line, remembering, arena, again) == reading);
    fuzz::promise(record.at == again.at && record.micros == again.micros && record.message == again.message);
    if (reading != Reading::known) continue;
    sum = sum + touched(record);
    fuzz::promise(record.role == Role::access || record.message != nullptr);
    joiner.take(record);
  }
  joiner.finish();
  std::uint64_t failed = 0;
  for (const Incident& incident : incidents.finish({})) {
    fuzz::promise(!incident.fault.empty() && incident.first_seen <= incident.last_seen);
    failed += incident.failed + incident.retried;
  }
  fuzz::promise(failed <= lines);  // no request is counted more often than there are lines
}
