#include <fmt/format.h>

#include <algorithm>

#include "fault/rule.hpp"

namespace fix502::faults {
namespace {

/// DNS does not know the name: a private one, or a typing error in the file. Whose trouble that is cannot be told.
Finding about_private_name(const Picture& picture, const HostsEntry& entry) {
  Finding finding;
  finding.certainty = Certainty::guess;
  finding.cites = {picture.hosts_entry->id};
  finding.subject = fmt::format("{}:{}", entry.path, entry.line);
  finding.summary = fmt::format("Only line {} of {} knows the name {}, and its address {} fails; DNS has none.",
                                entry.line, entry.path, entry.name, entry.addresses.front());
  return finding;
}

std::optional<Finding> match_device_hosts_file(const Picture& picture) {
  if (picture.hosts_entry == nullptr || !picture.visits.none_works() || picture.proxy != nullptr) return std::nullopt;
  const auto& entry = *picture.hosts_entry->as<HostsEntry>();
  const auto truth = picture.names.true_addresses();
  const NameAnswer said = picture.names.truth();
  if ((said == NameAnswer::nxdomain || said == NameAnswer::no_data) &&
      is_connect(picture.visits.first_failing()->http->failure) &&
      share_any(entry.addresses, picture.names.system_addresses()))
    return about_private_name(picture, entry);
  if (truth.empty() || share_any(entry.addresses, truth) ||
      !share_any(entry.addresses, picture.names.system_addresses()))
    return std::nullopt;
  const auto& error = *picture.visits.first_failing()->http;
  const Try* there = nullptr;
  bool works = false;
  for (const auto& view : picture.addresses)
    if (lists(truth, view.address) && !view.tries.empty()) {
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
    .match = match_device_hosts_file,
};

}  // namespace fix502::faults
