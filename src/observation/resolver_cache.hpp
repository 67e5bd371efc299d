#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/fields.hpp"
#include "observation/words.hpp"

namespace fix502 {

/// One of those that answer for names on this machine, and what it keeps for one of them. They form a chain: programs
/// ask the first, which asks the next when it does not know.
struct ResolverCache {
  int position = 0;     ///< in the chain, from 1: the nearest to the programs of this machine
  std::string program;  ///< "systemd-resolved", "dnsmasq", "unbound", "named", "pdns_recursor", "nscd"; empty: unknown
  std::string version;  ///< what it says of itself: "dnsmasq-2.90"; hostile text, made printable
  std::string where;    ///< "127.0.0.53:53", "/var/run/nscd/socket"
  bool ours = false;    ///< it runs on this machine
  bool looked = false;  ///< its cache itself was looked into; else it was only asked
  std::string name;     ///< what it was looked for, lower case, no last dot
  Cached cached = Cached::unknown;
  std::vector<std::string> addresses;  ///< what is stored; else what it answers
  std::optional<std::uint32_t> ttl;    ///< seconds that the stored record has left
  std::vector<std::string> aliases;    ///< names that the CNAME chain passes, `name` left out
  std::string problem;                 ///< why it could not be looked into

  std::vector<std::string> asks;  ///< whom it asks when it does not know, "192.0.2.1:53"; empty: the zones

  std::vector<std::vector<std::string>>
      flush;                 ///< commands that make it forget the name, word by word; none known: empty
  bool flushes_all = false;  ///< they forget every other name as well
  bool needs_root = false;   ///< they do

  static constexpr std::string_view kind = "resolver_cache";
  bool operator==(const ResolverCache&) const = default;
  static constexpr void fields(auto&& field) {
    field("position", &ResolverCache::position);
    field("program", &ResolverCache::program);
    field("version", &ResolverCache::version);
    field("where", &ResolverCache::where);
    field("ours", &ResolverCache::ours);
    field("looked", &ResolverCache::looked);
    field("name", &ResolverCache::name);
    field("cached", &ResolverCache::cached);
    field("addresses", &ResolverCache::addresses);
    field("ttl", &ResolverCache::ttl);
    field("aliases", &ResolverCache::aliases);
    field("problem", &ResolverCache::problem);
    field("asks", &ResolverCache::asks);
    field("flush", &ResolverCache::flush);
    field("flushes_all", &ResolverCache::flushes_all);
    field("needs_root", &ResolverCache::needs_root);
  }
};

}  // namespace fix502
