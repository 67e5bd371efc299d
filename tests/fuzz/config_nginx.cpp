// nginx's configuration: the main file, one that it may include as "more", and a request for what they say.
#include <map>

#include "fuzz.hpp"
#include "gateway/kind.hpp"

namespace {

using fix502::ConfigPlace, fix502::Configuration, fix502::Files, fix502::LimitKind, fix502::Mending,
    fix502::MendingKind, fix502::Result, fix502::Route;

class TwoFiles final : public Files {
 public:
  explicit TwoFiles(std::map<std::string, std::string> texts) : texts_(std::move(texts)) {}
  Result<std::string> read(const std::string& path) override {
    const auto found = texts_.find(path);
    return found == texts_.end() ? Result<std::string>(fix502::fail("No such file or directory")) : found->second;
  }
  std::vector<std::string> match(const std::string&) override { return {"/etc/more"}; }
  bool is_folder(const std::string&) override { return false; }

 private:
  std::map<std::string, std::string> texts_;
};

void promise_inside(const Configuration& nginx, const ConfigPlace& place) {
  if (!place.known()) return;
  const auto file = nginx.files.find(place.file);
  fix502::fuzz::promise(file != nginx.files.end() && place.begin <= place.end && place.end <= file->second.size());
}

void try_every_mending(const Configuration& nginx, const Route& route) {
  for (int kind = 0; kind <= static_cast<int>(MendingKind::loop_out); ++kind)
    for (int limit = 0; limit <= static_cast<int>(LimitKind::files); ++limit) {
      Mending mending;
      mending.kind = static_cast<MendingKind>(kind);
      if (mending.kind != MendingKind::set_limit && limit > 0) break;
      mending.limit = static_cast<LimitKind>(limit);
      mending.text = "127.0.0.1:9", mending.name = "n.test", mending.amount = 20'000;
      if (const auto proposal = nginx.propose(route, mending))
        fix502::fuzz::promise(fix502::apply_edits(nginx.files, proposal->edits).has_value());
    }
}

}  // namespace

FUZZ(input) {
  const std::string main(fix502::fuzz::take(input, '\1')), more(fix502::fuzz::take(input, '\1'));
  TwoFiles files({{"/etc/nginx.conf", main}, {"/etc/more", more}});
  fix502::ReadRequest request;
  request.config = "/etc/nginx.conf", request.version = "1.22.1";
  const auto nginx = fix502::find_gateway_kind("nginx")->read(request, files);
  fix502::fuzz::promise(nginx.has_value());
  for (const auto& problem : (*nginx)->problems) promise_inside(**nginx, problem.place);
  auto ways = (*nginx)->every_way();
  fix502::Incoming incoming;
  incoming.target = input.empty() ? "/" : std::string(input);
  incoming.host = "a.test", incoming.headers = {{"Cookie", "a=b"}};
  ways.push_back(incoming);
  if (ways.size() > 4) ways.erase(ways.begin(), ways.end() - 4);
  for (const auto& way : ways) {
    const auto route = (*nginx)->route(way);
    promise_inside(**nginx, route.place);
    for (const auto& place : route.way) promise_inside(**nginx, place);
    static_cast<void>((*nginx)->logs(route));
    try_every_mending(**nginx, route);
  }
  static_cast<void>((*nginx)->listeners());
}
