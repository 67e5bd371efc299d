#include "resolver/program.hpp"

#include <algorithm>
#include <charconv>

#include "base/text.hpp"
#include "resolver/bounds.hpp"
#include "target/target.hpp"

namespace fix502 {

#define CACHE_PROGRAM(id) extern const CacheProgram id##_program;
#include "resolver/programs.def"
#undef CACHE_PROGRAM

namespace {

constexpr std::size_t kCommLength = 15;  // TASK_COMM_LEN less its NUL

std::string_view without_last_dot(std::string_view name) {
  return name.size() > 1 && name.ends_with('.') ? name.substr(0, name.size() - 1) : name;
}

bool lies_in(std::string_view name, std::string_view zone) {
  if (zone == "." || equals_ignoring_case(name, zone)) return true;
  return name.size() > zone.size() && name[name.size() - zone.size() - 1] == '.' &&
         equals_ignoring_case(name.substr(name.size() - zone.size()), zone);
}

}  // namespace

std::span<const CacheProgram* const> cache_programs() {
  static const CacheProgram* const kAll[] = {
#define CACHE_PROGRAM(id) &id##_program,
#include "resolver/programs.def"
#undef CACHE_PROGRAM
  };
  return kAll;
}

const CacheProgram* program_called(std::string_view executable) {
  for (const CacheProgram* program : cache_programs())
    for (const auto name : words(program->executables))
      if (executable == name || executable == name.substr(0, kCommLength)) return program;
  return nullptr;
}

const CacheProgram* program_with_version(std::string_view version) {
  for (const CacheProgram* program : cache_programs())
    if (!program->calls_itself.empty() && version.starts_with(program->calls_itself)) return program;
  return nullptr;
}

std::vector<std::string> names_of(const ResolverCache& cache) {
  std::vector<std::string> names = {cache.name};
  names.insert(names.end(), cache.aliases.begin(), cache.aliases.end());
  return names;
}

void add_stored(ResolverCache& cache, std::string address, std::uint32_t ttl) {
  cache.cached = Cached::yes;
  cache.ttl = std::min(cache.ttl.value_or(ttl), ttl);
  if (cache.addresses.size() < kMaxAddresses && std::ranges::find(cache.addresses, address) == cache.addresses.end())
    cache.addresses.push_back(std::move(address));
}

bool add_stored_line(ResolverCache& cache, const std::vector<std::string>& names, std::string_view line,
                     std::size_t ttl_column) {
  const auto column = words(line);
  if (column.size() < ttl_column + 4 || column[ttl_column + 1] != "IN") return false;
  const auto type = column[ttl_column + 2];
  const auto owner = without_last_dot(column[0]);
  if (type != "A" && type != "AAAA") return false;
  if (std::ranges::none_of(names, [&](const auto& name) { return equals_ignoring_case(owner, name); })) return false;
  std::uint32_t ttl = 0;
  const auto digits = column[ttl_column];
  if (std::from_chars(digits.data(), digits.data() + digits.size(), ttl).ec != std::errc{}) return false;
  const std::string address(column[ttl_column + 3]);
  if (!is_ipv4(address) && !is_ipv6(address)) return false;
  add_stored(cache, address, ttl);
  return true;
}

std::string path_of(const Process& process, const std::string& path) {
  return path.starts_with('/') || process.folder.empty() ? path : (process.folder / path).string();
}

std::vector<std::string> nearest_forward(const std::vector<Forward>& forwards, std::string_view name) {
  const Forward* nearest = nullptr;
  for (const auto& forward : forwards) {
    const auto zone = without_last_dot(forward.zone);
    if (lies_in(name, zone) && (nearest == nullptr || zone.size() > without_last_dot(nearest->zone).size()))
      nearest = &forward;
  }
  std::vector<std::string> servers;
  if (nearest == nullptr) return servers;
  for (const auto& text : nearest->servers) {
    // "192.0.2.1@5353#name.example" (unbound), "192.0.2.1#5353" (dnsmasq), "192.0.2.1:5353", "192.0.2.1"
    const auto mark = std::min(text.find_first_of("@#"), text.size());
    Endpoint server;
    if (is_ipv4(text.substr(0, mark)) || is_ipv6(text.substr(0, mark))) {
      server.host = text.substr(0, mark);
      const std::string digits = mark < text.size() ? text.substr(mark + 1) : "";
      std::from_chars(digits.data(), digits.data() + digits.size(), server.port);
    } else if (auto parsed = parse_endpoint(text); parsed && (is_ipv4(parsed->host) || is_ipv6(parsed->host))) {
      server = *parsed;
    } else {
      continue;
    }
    if (server.port == 0) server.port = 53;
    servers.push_back(to_text(server));
  }
  return servers;
}

}  // namespace fix502
