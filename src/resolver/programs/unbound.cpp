// unbound, by unbound-control(8) and the configuration that the process was started with. Measured with 1.17.1.
// `lookup NAME` is no look into the cache: it lists the servers that would be asked.

#include <algorithm>
#include <charconv>

#include "base/text.hpp"
#include "resolver/program.hpp"

namespace fix502 {
namespace {

constexpr std::string_view kDefault = "/etc/unbound/unbound.conf";

std::vector<std::string> control(const LocalResolver& resolver, std::vector<std::string> command) {
  const std::string config = resolver.process.option("-c").value_or(std::string(kDefault));
  std::vector<std::string> line = {"unbound-control", "-c", path_of(resolver.process, config)};
  line.insert(line.end(), command.begin(), command.end());
  return line;
}

/// "msg NAME. IN TYPE FLAGS ...": a stored message. The low four bits of its flags are the rcode (RFC 1035 4.1.1).
bool is_denial(std::string_view line, const std::vector<std::string>& names) {
  const auto column = words(line);
  if (column.size() < 5 || column[0] != "msg") return false;
  const bool ours = std::ranges::any_of(names, [&](const auto& name) {
    return column[1].size() == name.size() + 1 && equals_ignoring_case(column[1].substr(0, name.size()), name);
  });
  unsigned flags = 0;
  std::from_chars(column[4].data(), column[4].data() + column[4].size(), flags);
  constexpr unsigned kNxdomain = 3;
  return ours && (column[3] == "A" || column[3] == "AAAA") && (flags & 0xfU) == kNxdomain;
}

void look(const LocalResolver& resolver, ResolverCache& cache, Moment deadline) {
  const auto names = names_of(cache);
  ResolverCache found = cache;
  const auto end = run_tool(
      control(resolver, {"dump_cache"}),
      [&](std::string_view line) {
        if (!add_stored_line(found, names, line, 1) && is_denial(line, names)) found.cached = Cached::yes;
        return line == "EOF";
      },
      deadline);
  if (end.status != 0 || end.output.empty()) {
    cache.problem = end.error.empty() ? "it does not show its cache" : end.error;
    return;
  }
  cache = std::move(found);
  cache.looked = true;
  if (cache.cached != Cached::yes) cache.cached = Cached::no;
}

std::vector<std::string> asks(const LocalResolver& resolver, const std::string& name, Moment deadline) {
  std::vector<Forward> forwards;
  // ". IN forward 192.0.2.1 192.0.2.2"; a "+i" before the addresses marks an insecure zone.
  const auto end = run_tool(control(resolver, {"list_forwards"}), [](std::string_view) { return true; }, deadline);
  for (const auto line : split(end.output, '\n')) {
    const auto column = words(line);
    if (column.size() < 4 || column[2] != "forward") continue;
    Forward& forward = forwards.emplace_back();
    forward.zone = column[0];
    for (std::size_t i = 3; i < column.size(); ++i) forward.servers.emplace_back(column[i]);
  }
  return nearest_forward(forwards, name);
}

void plan(const LocalResolver& resolver, ResolverCache& cache) {
  for (const auto& name : names_of(cache)) cache.flush.push_back(control(resolver, {"flush", name}));
  cache.needs_root = true;
}

}  // namespace

extern const CacheProgram unbound_program{
    .id = "unbound",
    .executables = "unbound",
    .calls_itself = "unbound ",
    .look = look,
    .asks = asks,
    .plan = plan,
};

}  // namespace fix502
