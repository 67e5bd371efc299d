#include <fmt/format.h>

#include <algorithm>

#include "cause/rule.hpp"

namespace fix502::causes {
namespace {

struct Sizes {
  std::int64_t line = 0, field = 0, whole = 0;  // bytes, line ends counted in
};

Sizes sizes_of(const Incoming& incoming) {
  Sizes sizes;
  sizes.line =
      static_cast<std::int64_t>(incoming.method.size() + incoming.target.size()) + 12;  // " HTTP/1.1" and the blank
  sizes.whole = sizes.line + static_cast<std::int64_t>(incoming.host.size()) + 10;
  for (const auto& header : incoming.headers) {
    const auto size = static_cast<std::int64_t>(header.name.size() + header.value.size()) + 4;
    sizes.field = std::max(sizes.field, size);
    sizes.whole += size;
  }
  return sizes;
}

void match_gateway_header_limit(const Scene& scene, std::vector<CauseFinding>& found) {
  const auto logged = scene.logged("gateway.header-limit");
  const HttpExchange* answer = nullptr;
  for (const auto& one : scene.seen.answers)
    if (one.varied.empty() && one.http.status &&
        (*one.http.status == 400 || *one.http.status == 414 || *one.http.status == 431))
      answer = &one.http;
  const bool good_behind =
      std::ranges::any_of(scene.ways, [](const Way& way) { return way.own != nullptr && answered_well(*way.own); });
  const auto sizes = sizes_of(scene.seen.incoming);
  const auto field = scene.limit(LimitKind::request_field);
  const auto whole = scene.limit(LimitKind::request_header);
  const auto line = scene.limit(LimitKind::request_line);
  const bool over = (field && sizes.field > *field) || (whole && sizes.whole > *whole) || (line && sizes.line > *line);
  if (logged.empty() && !(answer != nullptr && over)) return;
  CauseFinding finding = scene.about_gateway("gateway.header-limit", "http_request_error");
  scene.cite_log(finding, "gateway.header-limit");
  const LimitKind kind = line && sizes.line > *line ? LimitKind::request_line
                         : field                    ? LimitKind::request_field
                                                    : LimitKind::request_header;
  finding.place = scene.place_of(kind);
  if (scene.route.limit(kind) != nullptr) finding.signs.push_back(scene.limit_sign(kind));
  if (answer != nullptr && over)
    finding.signs.push_back({.kind = SignKind::answer,
                             .text = fmt::format("the gateway answers this request of {} with {}",
                                                 size_text(static_cast<std::uint64_t>(sizes.whole)), *answer->status)});
  if (good_behind && answer != nullptr)
    for (const auto& way : scene.ways)
      if (way.own != nullptr && answered_well(*way.own)) scene.cite_replay(finding, *way.own);
  finding.now = finding.now || answer != nullptr;
  finding.certainty = certainty_of(finding.signs);
  const std::int64_t now = scene.limit(kind).value_or(0);
  finding.summary =
      fmt::format("A visitor's request header does not fit the gateway's limit{}.",
                  now > 0 ? fmt::format(" of {} ({})", size_text(static_cast<std::uint64_t>(now)), where(finding.place))
                          : std::string());
  const std::int64_t measured = kind == LimitKind::request_line    ? sizes.line
                                : kind == LimitKind::request_field ? sizes.field
                                                                   : sizes.whole;
  const std::int64_t wanted = over ? (measured * 5 / 4 + 4095) / 4096 * 4096 : 4 * now;
  finding.mendings.push_back(
      {.kind = MendingKind::set_limit, .limit = kind, .amount = std::max<std::int64_t>(wanted, 16384)});
  finding.advice.push_back({.say = "Better at the application: find out which cookies grow that large"});
  found.push_back(std::move(finding));
}

}  // namespace

extern const CauseRule gateway_header_limit{
    .fault = "gateway.header-limit", .explains = {}, .of_one_server = false, .match = match_gateway_header_limit};

}  // namespace fix502::causes
