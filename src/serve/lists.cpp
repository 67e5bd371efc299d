#include "serve/lists.hpp"

#include <map>

#include "demo/demo.hpp"
#include "experiment/run.hpp"
#include "fault/explanations.hpp"
#include "history/page_past.hpp"
#include "history/times.hpp"
#include "remedy/remedy.hpp"

namespace fix502 {
namespace {

constexpr std::chrono::days kUsual{30};

Json typical_json(History& history, const std::vector<PagePast>& pages) {
  std::map<std::string, Typical> known;
  for (const PagePast& page : pages)
    for (const Outage& outage : page.outages)
      if (!outage.cause.fault.empty() && !known.contains(outage.cause.fault))
        known[outage.cause.fault] = history.typical(outage.cause.fault).value_or(Typical{});
  Json json = Json::array();
  for (const auto& [fault, typical] : known)
    if (typical.outages > 0)
      json.push_back({{"fault", fault}, {"outages", typical.outages}, {"median_s", typical.median.count()}});
  return json;
}

Json remedies_json(std::string_view fault) {
  Json json = Json::array();
  for (const Remedy& remedy : remedies_for(fault))
    json.push_back({{"id", remedy.id},
                    {"title", remedy.title},
                    {"who", to_word(remedy.who)},
                    {"outlook", to_word(remedy.outlook)},
                    {"automatic", remedy.automatic},
                    {"why", remedy.why}});
  return json;
}

}  // namespace

Reply history_reply(History* history, const Request& request, WallTime now) {
  WallTime since = now - kUsual;
  if (const std::string_view text = request.asked("since"); !text.empty()) {
    const auto read = parse_since(text, now);
    if (!read) return problem_reply(Refusal::bad_request, read.error().message());
    since = *read;
  }
  std::string url;
  if (const std::string_view text = request.asked("url"); !text.empty()) {
    const auto target = parse_target(text);
    if (!target) return problem_reply(Refusal::bad_address, target.error().message());
    url = url_for_history(*target);
  }
  std::vector<PagePast> pages;
  if (history != nullptr) {
    auto read = read_past(*history, url, since);
    if (!read) return problem_reply(Refusal::broken, "the history: " + read.error().message());
    pages = std::move(*read);
  }
  Json json = history_json(pages, since, now);
  for (std::size_t i = 0; i < pages.size(); ++i) {
    const auto median = median_length(pages[i].outages, now);
    json["pages"][i]["median_outage_s"] = median ? Json(median->count()) : Json(nullptr);
  }
  json["typical"] = history == nullptr ? Json::array() : typical_json(*history, pages);
  return json_reply(json);
}

Reply faults_reply() {
  Json faults = Json::array();
  for (const FaultInfo& fault : fault_catalogue()) {
    const Explanation* words = find_explanation(fault.id);
    const bool by_visitors = faults.size() < faults_of_visitors();
    faults.push_back({{"id", fault.id},
                      {"hop", to_word(fault.hop)},
                      {"side", text_or_null(to_word(fault.side))},
                      {"title", fault.title},
                      {"meaning", fault.meaning},
                      {"visitor", words == nullptr ? fault.meaning : words->visitor},
                      {"owner", words == nullptr ? std::string_view{} : words->owner},
                      {"remedies", remedies_json(fault.id)},
                      {"demo", by_visitors && find_demo(fault.id) != nullptr},
                      {"seen_on", by_visitors ? "visitor" : "gateway"}});
  }
  return json_reply({{"faults", std::move(faults)}});
}

Reply about_reply(bool serves_others) {
  Json demos_json = Json::array(), experiments_json = Json::array();
  for (const Demo* demo : demos()) demos_json.push_back({{"fault", demo->fault}, {"about", demo->about}});
  for (const Experiment* one : experiments()) experiments_json.push_back({{"id", one->id}, {"says", one->says}});
  return json_reply({{"version", FIX502_VERSION},
                     {"serving_others", serves_others},
                     {"remedies", !serves_others},
                     {"demos", std::move(demos_json)},
                     {"experiments", std::move(experiments_json)}});
}

}  // namespace fix502
