// Apache's configuration, its files cut at NUL bytes: the main one, then those that it may include.
#include <map>

#include "../gateway/map_files.hpp"
#include "fuzz.hpp"
#include "gateway/kind.hpp"

namespace {

using fix502::ConfigPlace, fix502::Configuration, fix502::Incoming, fix502::LimitKind, fix502::Mending,
    fix502::MendingKind, fix502::Problem, fix502::ReadRequest, fix502::Route;

void promise_inside(const Configuration& configuration, const ConfigPlace& place) {
  if (!place.known()) return;
  const auto file = configuration.files.find(place.file);
  fix502::fuzz::promise(file != configuration.files.end() && place.begin <= place.end &&
                        place.end <= file->second.size());
}

void judge(const Configuration& configuration, const Incoming& incoming) {
  const Route route = configuration.route(incoming);
  static_cast<void>(configuration.logs(route));
  promise_inside(configuration, route.place);
  for (const ConfigPlace& place : route.way) promise_inside(configuration, place);
  for (int kind = 0; kind <= static_cast<int>(MendingKind::loop_out); ++kind)
    for (int limit = 0; limit <= static_cast<int>(LimitKind::files); ++limit) {
      Mending mending;
      mending.kind = static_cast<MendingKind>(kind);
      if (mending.kind != MendingKind::set_limit && limit > 0) break;
      mending.limit = static_cast<LimitKind>(limit);
      mending.text = "127.0.0.1:9", mending.name = "n.test", mending.amount = 20'000;
      // What is proposed can be carried out.
      if (const auto proposal = configuration.propose(route, mending))
        fix502::fuzz::promise(fix502::apply_edits(configuration.files, proposal->edits).has_value());
    }
}

}  // namespace

FUZZ(input) {
  std::map<std::string, std::string> texts;
  texts["/etc/apache2/apache2.conf"] = std::string(fix502::fuzz::take(input, '\0'));
  for (int i = 0; i < 4 && !input.empty(); ++i)
    texts["/etc/apache2/conf.d/" + std::to_string(i) + ".conf"] = std::string(fix502::fuzz::take(input, '\0'));
  fix502::test::MapFiles files(std::move(texts));
  ReadRequest request;
  request.config = "/etc/apache2/apache2.conf", request.prefix = "/etc/apache2", request.version = "2.4.71";
  request.environment = {{"APACHE_RUN_DIR", "/run/apache2"}};
  const auto configuration = fix502::find_gateway_kind("apache")->read(request, files);
  fix502::fuzz::promise(configuration.has_value());
  for (const Problem& problem : (*configuration)->problems) promise_inside(**configuration, problem.place);
  Incoming incoming;
  incoming.host = "shop.example", incoming.target = "/a/b%20c/x.php?d=1";
  incoming.headers = {{"User-Agent", "ua"}, {"Upgrade", "websocket"}, {"Connection", "Upgrade"}};
  judge(**configuration, incoming);
  const auto ways = (*configuration)->every_way();
  fix502::fuzz::promise(ways.size() <= fix502::kMostRoutes);
  for (std::size_t i = 0; i < ways.size() && i < 4; ++i) judge(**configuration, ways[i]);
  static_cast<void>((*configuration)->listeners());
}
