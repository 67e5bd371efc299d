#include <fmt/format.h>

#include "base/text.hpp"
#include "gateway/gateways/nginx/model.hpp"

namespace fix502::nginx {
namespace {

void read_pair(const Directive& pair, Map& map, Model& model, std::vector<Problem>& problems) {
  std::string key = pair.name();
  const auto& value = pair.arg(0);
  if (key == "include" || key == "volatile" || key == "ranges") return;
  if (key == "hostnames") {
    map.hostnames = true;
  } else if (key == "default") {
    if (map.fallback && !map.geo) add_problem(problems, true, "duplicate default map parameter", pair.place);
    map.fallback = value;
  } else if (map.geo) {
    map.ranges.emplace_back(key, value);
  } else if (key.starts_with('~')) {
    const bool any_case = key.starts_with("~*");
    key.erase(0, any_case ? 2 : 1);
    std::string error;
    const auto* pattern = model.patterns.compile(key, any_case, &error);
    if (pattern == nullptr)
      add_problem(problems, true, fmt::format("pcre2_compile() failed: {} in \"{}\"", error, printable(key, 100)),
                  pair.place);
    else
      map.patterns.emplace_back(pattern, value);
  } else {
    if (key.starts_with('\\')) key.erase(0, 1);
    if (!map.exact.emplace(lower(key), value).second)
      add_problem(problems, true, fmt::format("conflicting parameter \"{}\"", printable(key, 100)), pair.place);
  }
}

}  // namespace

void read_maps(const Block& http, Model& model, std::vector<Problem>& problems) {
  for (const auto* kind : {"map", "geo", "split_clients"})
    for (const auto* at : http.all_own(kind)) {
      if (!at->block || at->args() == 0) continue;
      Map map{.at = at};
      map.geo = at->name() == "geo", map.split = at->name() == "split_clients";
      map.source = at->args() == 1 ? "$remote_addr" : at->arg(0);
      const auto& variable = at->arg(at->args() - 1);
      if (!variable.starts_with('$')) {
        add_problem(problems, true, fmt::format("invalid variable name \"{}\"", printable(variable, 100)), at->place);
        continue;
      }
      for (const auto& pair : at->block->children) read_pair(*pair, map, model, problems);
      model.maps.insert_or_assign(variable.substr(1), std::move(map));
    }
}

}  // namespace fix502::nginx
