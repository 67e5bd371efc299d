#include <fmt/format.h>

#include <algorithm>

#include "fault/rule.hpp"

namespace fix502::faults {
namespace {

bool shares(const std::vector<std::string>& a, const std::vector<std::string>& b) {
  return std::ranges::any_of(a, [&](const auto& item) { return std::ranges::find(b, item) != b.end(); });
}

std::optional<Finding> match(const Picture& picture) {
  if (picture.hosts_entry == nullptr || !picture.visits.none_works() || picture.proxy != nullptr) return std::nullopt;
  const auto& entry = *picture.hosts_entry->as<HostsEntry>();
  const auto truth = picture.names.true_addresses();
  if (truth.empty() || shares(entry.addresses, truth) || !shares(entry.addresses, picture.names.system_addresses()))
    return std::nullopt;
  const auto& error = *picture.visits.first_failing()->http;
  const Try* there = nullptr;
  bool works = false;
  for (const auto& view : picture.addresses)
    if (std::ranges::find(truth, view.address) != truth.end() && !view.tries.empty()) {
      there = &view.tries.all.front();
      works = works || view.tries.all_work();
    }
  if (there != nullptr && !works && same_story(error, *there->http)) return std::nullopt;
  Finding finding;
  finding.certainty = works ? Certainty::proven : Certainty::strong;
  finding.scope = Scope::only_you;
  finding.cause = status_cause(error);
  finding.nel = nel_of(error);
  finding.cites = {picture.hosts_entry->id};
  for (const auto& id : picture.visits.cites(2)) finding.cites.push_back(id);
  if (there != nullptr) finding.cites.push_back(there->seen->id);
  finding.subject = fmt::format("{}:{}", entry.path, entry.line);
  finding.summary =
      fmt::format("Line {} of {} pins {} to {}, which fails ({}); DNS says {}{}.", entry.line, entry.path, entry.name,
                  entry.addresses.front(), story(error), truth.front(), works ? ", which works" : "");
  return finding;
}

}  // namespace

extern const Fault device_hosts_file{
    .info = {.id = "device.hosts-file",
             .hop = Hop::device,
             .side = Side::visitor,
             .title = "The hosts file sends you to a wrong address",
             .meaning =
                 "This machine's hosts file pins the site to another address than DNS gives, and that one fails."},
    .layer = Layer::visitor,
    .explains = {"dns.stale-record", "dns.wrong-answer"},
    .match = match,
};

}  // namespace fix502::faults
