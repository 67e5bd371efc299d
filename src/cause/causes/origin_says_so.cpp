// The gateway is in order and passes on what the application says by itself: then the catalogue's first table names it.

#include <fmt/format.h>

#include <algorithm>

#include "cause/rule.hpp"

namespace fix502::causes {
namespace {

struct Row {
  int status;
  std::string_view fault, words;
};
constexpr Row kRows[] = {
    {502, "origin.bad-gateway", "is a gateway itself, and says that the server behind it gave no usable response"},
    {503, "origin.unavailable", "says by itself that it is unavailable"},
    {504, "origin.timeout", "is a gateway itself, and says that the server behind it gave no answer in time"},
};

void match_origin_says_so(const Scene& scene, std::vector<CauseFinding>& found) {
  for (const auto& way : scene.ways) {
    if (way.own == nullptr || way.own->failure != Failure::none || way.own->status.value_or(0) < 500) continue;
    const auto row = std::ranges::find(kRows, *way.own->status, &Row::status);
    const bool known = row != std::end(kRows);
    CauseFinding finding = scene.about(way, known ? row->fault : "origin.error", "");
    finding.certainty = certainty_of(finding.signs);
    finding.mends = false;
    finding.summary = known ? fmt::format("The gateway passes on what {} answers: it {}.", way.endpoint, row->words)
                            : fmt::format("The application at {} answers {} by itself; the gateway passes it on.",
                                          way.endpoint, *way.own->status);
    finding.advice.push_back({.say = known && row->status != 503
                                         ? "Run `fix502 gateway` on that machine, or for that gateway"
                                         : "Look into the application's own log at that time"});
    found.push_back(std::move(finding));
  }
}

}  // namespace

extern const CauseRule origin_says_so{
    .fault = "origin.error", .explains = {}, .of_one_server = false, .match = match_origin_says_so};

}  // namespace fix502::causes
