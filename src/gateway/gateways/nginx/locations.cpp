#include <fmt/format.h>

#include <algorithm>
#include <functional>

#include "base/text.hpp"
#include "gateway/gateways/nginx/model.hpp"

namespace fix502::nginx {
namespace {

/// Splits the modifier off, as ngx_http_core_location() does for one word and for two.
void read_match(const Directive& at, Location& location, bool& any_case) {
  using enum Location::Match;
  std::string mark, name = at.arg(0);
  if (at.args() == 2) {
    mark = name, name = at.arg(1);
  } else {
    for (const std::string_view start : {"=", "^~", "~*", "~"})
      if (mark.empty() && name.starts_with(start)) mark = start;
    name.erase(0, mark.size());
  }
  any_case = mark == "~*";
  location.match = mark == "="                   ? exact
                   : mark == "^~"                ? prefix_only
                   : mark == "~" || mark == "~*" ? pattern
                   : name.starts_with('@')       ? named
                                                 : prefix;
  location.name = name;
}

void add_fixed(const Location& location, Locations& into, std::vector<Problem>& problems) {
  auto& node = into.fixed[location.name];
  auto& place = location.match == Location::Match::exact ? node.exact : node.prefix;
  if (place != nullptr)
    add_problem(problems, true, fmt::format("duplicate location \"{}\"", printable(location.name, 200)),
                location.at->place);
  else
    place = &location;
}

/// A location inside another one must begin like it, and an exact one has none inside.
void check_nesting(const Block& outer, const Location& location, std::vector<Problem>& problems) {
  if (outer.kind != BlockKind::location || outer.opener == nullptr) return;
  Location around;
  bool any_case = false;
  read_match(*outer.opener, around, any_case);
  const auto inner_name = printable(location.name, 200), outer_name = printable(around.name, 200);
  if (around.match == Location::Match::exact)
    add_problem(problems, true,
                fmt::format("location \"{}\" cannot be inside the exact location \"{}\"", inner_name, outer_name),
                location.at->place);
  else if (around.match != Location::Match::pattern && around.match != Location::Match::named &&
           !location.name.starts_with(around.name))
    add_problem(problems, true, fmt::format("location \"{}\" is outside location \"{}\"", inner_name, outer_name),
                location.at->place);
}

}  // namespace

std::string Location::title() const {
  return "location " + at->value();
}

bool Location::redirects_to_slash() const {
  if (!name.ends_with('/') || match == Match::pattern || match == Match::named) return false;
  return std::ranges::any_of(at->block->children, [](const auto& child) {
    return is_pass(child->name()) || child->name() == "memcached_pass";
  });
}

void read_locations(const Block& block, Locations& into, Server& server, Model& model, std::vector<Problem>& problems) {
  for (const auto* at : block.all_own("location")) {
    if (!at->block || at->args() == 0 || at->args() > 2) continue;
    auto location = std::make_unique<Location>();
    location->at = at;
    bool any_case = false;
    read_match(*at, *location, any_case);
    if (location->match == Location::Match::pattern) {
      std::string error;
      location->pattern = model.patterns.compile(location->name, any_case, &error);
      if (location->pattern == nullptr)
        add_problem(problems, true,
                    fmt::format("pcre2_compile() failed: {} in \"{}\"", error, printable(location->name, 100)),
                    at->place);
      else
        into.patterns.push_back(location.get());
    } else if (location->match == Location::Match::named) {
      if (block.kind != BlockKind::server)
        add_problem(
            problems, true,
            fmt::format("named location \"{}\" can be on the server level only", printable(location->name, 100)),
            at->place);
      else
        server.named.emplace(location->name, location.get());  // a second one is no error, and never reached
    } else {
      add_fixed(*location, into, problems);
      check_nesting(block, *location, problems);
    }
    if (at->block->own("location") != nullptr) {
      location->inner = std::make_unique<Locations>();
      read_locations(*at->block, *location->inner, server, model, problems);
    }
    into.all.push_back(std::move(location));
  }
  for (const auto& [name, node] : into.fixed) into.lengths.push_back(name.size());
  std::ranges::sort(into.lengths, std::greater<>());
  into.lengths.erase(std::unique(into.lengths.begin(), into.lengths.end()), into.lengths.end());
}

}  // namespace fix502::nginx
