#include "watch/event_words.hpp"

#include <fmt/format.h>

#include "history/times.hpp"
#include "report/phrases.hpp"
#include "report/verdict_json.hpp"

namespace fix502 {
namespace {

std::string cause_text(const Watched& page) {
  const std::string& fault = page.cause.fault;
  if (fault.empty()) return "cause not known";
  return fmt::format("cause{}: {} ({})", page.thorough ? "" : " at first sight", title_of(fault), fault);
}

bool has_outage(const WatchEvent& event) {
  return event.happening != Happening::works;
}

}  // namespace

Json cause_json(const Watched& page) {
  const Cause& cause = page.cause;
  if (cause.fault.empty()) return nullptr;
  return {{"fault", cause.fault},
          {"hop", text_or_null(cause.hop)},
          {"side", text_or_null(cause.side)},
          {"summary", text_or_null(cause.summary)},
          {"provisional", !page.thorough}};
}

std::string said(const Watched& page) {
  return page.what.empty() ? "no answer" : page.what;
}

Json event_json(const WatchEvent& event, const std::string& url) {
  const Watched& page = *event.page;
  Json json = {{"schema", "fix502.watch/1"},
               {"event", to_word(event.happening)},
               {"time", utc_time(event.when)},
               {"url", url},
               {"began", has_outage(event) ? Json(utc_time(page.began)) : Json(nullptr)},
               {"seconds", has_outage(event) ? Json((event.when - page.began).count()) : Json(nullptr)},
               {"said", text_or_null(page.what)},
               {"tries", page.tries},
               {"requests", page.requests},
               {"cause", has_outage(event) ? cause_json(page) : Json(nullptr)},
               {"passed_over", page.passed_over}};
  if (event.next) json["next_s"] = static_cast<double>(event.next->count()) / 1000.0;
  if (page.typical.outages > 0)
    json["typical"] = {{"outages", page.typical.outages}, {"median_s", page.typical.median.count()}};
  return json;
}

std::string event_text(const WatchEvent& event, const std::string& url) {
  const Watched& page = *event.page;
  const std::string length = length_text(event.when - page.began);
  std::string text;
  switch (event.happening) {
    case Happening::outage:
      text = fmt::format("{} is broken: {}; {}", url, said(page), cause_text(page));
      break;
    case Happening::taken_up:
      text = fmt::format("{} has been broken since {}: {}", url, local_time(page.began), cause_text(page));
      break;
    case Happening::diagnosed:
      text = fmt::format("{}: {}", url, page.cause.summary);
      break;
    case Happening::tried:
      return fmt::format("{} still fails: {}", url, said(page));
    case Happening::works:
      text = fmt::format("{} works", url);
      break;
    case Happening::recovered:
      text = fmt::format("{} works again after {}; {}", url, length, cause_text(page));
      break;
    case Happening::gave_up:
      return fmt::format("{} still fails after {}: {}; no longer waiting", url, length, said(page));
  }
  if (!page.failing && !page.passed_over.empty())
    text += fmt::format("; {} takes no connection, which browsers pass over", page.passed_over.front());
  return text;
}

}  // namespace fix502
