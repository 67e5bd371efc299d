// Whether a shared cache served an answer: RFC 9211's field where there is one, then the many older fields, which
// differ in name and agree in their words.

#include <algorithm>
#include <cctype>
#include <charconv>

#include "base/text.hpp"
#include "signature/signature.hpp"

namespace fix502 {
namespace {

enum class CacheWord { none, hit, miss };

struct WordRow {
  std::string_view word;
  CacheWord meaning;
};

// Cloudflare, CloudFront, Akamai, Squid, Azure, Vercel and nginx's $upstream_cache_status. STALE, UPDATING and
// REVALIDATED are served from store as well.
constexpr WordRow kWords[] = {
    {"HIT", CacheWord::hit},
    {"REFRESHHIT", CacheWord::hit},
    {"STALE", CacheWord::hit},
    {"UPDATING", CacheWord::hit},
    {"REVALIDATED", CacheWord::hit},
    {"PRERENDER", CacheWord::hit},
    {"CACHED", CacheWord::hit},
    {"MISS", CacheWord::miss},
    {"BYPASS", CacheWord::miss},
    {"EXPIRED", CacheWord::miss},
    {"DYNAMIC", CacheWord::miss},
    {"PASS", CacheWord::miss},
    {"NONE", CacheWord::miss},
    {"UNCACHEABLE", CacheWord::miss},
    {"CONFIG_NOCACHE", CacheWord::miss},
    {"PRIVATE_NOSTORE", CacheWord::miss},
    {"UNKNOWN", CacheWord::miss},
    {"NOCACHE", CacheWord::miss},
};

// Fields with "cache" in their name that tell something else, or what the origin should do.
constexpr std::string_view kOtherFields[] = {"cache-control",
                                             "cdn-cache-control",
                                             "surrogate-control",
                                             "cache-tag",
                                             "x-cache-key",
                                             "x-cache-hits",
                                             "x-cache-tags",
                                             "x-cache-group",
                                             "x-cacheable",
                                             "x-cache-lookup",
                                             "cache-status",
                                             "vercel-cdn-cache-control",
                                             "cloudflare-cdn-cache-control"};
// Fields that tell it and have no "cache" in their name.
constexpr std::string_view kMoreFields[] = {"server-timing"};

CacheWord meaning_of(std::string_view token) {
  for (const WordRow& row : kWords) {
    if (equals_ignoring_case(token, row.word)) return row.meaning;
    // Squid and Akamai: TCP_MEM_HIT, TCP_REFRESH_MISS.
    const auto start = token.size() - std::min(token.size(), row.word.size());
    if (start > 1 && token[start - 1] == '_' && equals_ignoring_case(token.substr(start), row.word)) return row.meaning;
  }
  return CacheWord::none;
}

/// "HIT", "Hit from cloudfront", "TCP_HIT from a1", "Cache Hit", "HIT: 3": the word is the first or the second.
CacheWord first_word(std::string_view element) {
  int seen = 0;
  while (!element.empty() && seen < 2) {
    const auto is_part = [](char c) { return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '_'; };
    const auto start = std::ranges::find_if(element, is_part);
    const auto end = std::find_if_not(start, element.end(), is_part);
    if (const CacheWord word = meaning_of({start, end}); word != CacheWord::none) return word;
    element = {end, element.end()};
    ++seen;
  }
  return CacheWord::none;
}

/// Shield and edge write one word each into one list; a hit in either was served from store.
CacheWord word_of(std::string_view value) {
  CacheWord word = CacheWord::none;
  for (const auto element : split(value, ',')) {
    const CacheWord next = first_word(element);
    if (next == CacheWord::hit) return next;
    if (next == CacheWord::miss) word = next;
  }
  return word;
}

bool tells_of_cache(const HttpExchange& exchange, const HeaderField& field) {
  // Squid puts both; the lookup may hit and the answer be fetched nevertheless.
  if (field.name == "x-cache-lookup") return exchange.header("x-cache") == nullptr;
  if (std::ranges::find(kOtherFields, field.name) != std::end(kOtherFields)) return false;
  if (field.name == "server-timing") return field.value.find("cdn-cache; desc=HIT") != std::string::npos;
  return field.name.find("cache") != std::string::npos ||
         std::ranges::find(kMoreFields, field.name) != std::end(kMoreFields);
}

std::optional<long> age_of(const HttpExchange& exchange) {
  const std::string* value = exchange.header("age");
  long age = 0;
  if (value == nullptr || value->empty()) return {};
  const auto [end, error] = std::from_chars(value->data(), value->data() + value->size(), age);
  // RFC 9111 5.1: a number of seconds; what is none is ignored.
  if (error != std::errc{} || end != value->data() + value->size() || age < 0) return {};
  return age;
}

void note(CacheReading& reading, CacheWord word, const std::string& field) {
  if (word == CacheWord::none || reading.hit) return;
  reading.known = true;
  reading.hit = word == CacheWord::hit;
  reading.by = field;
}

CacheWord word_of_cache_status(const std::string& value) {
  const auto members = parse_cache_status(value);
  if (std::ranges::any_of(members, &CacheStatusMember::hit)) return CacheWord::hit;
  if (std::ranges::any_of(members, [](const auto& member) { return !member.fwd.empty(); })) return CacheWord::miss;
  return word_of(value);  // "Cache-Status: HIT", from before the field had a grammar
}

/// Varnish: one id for a fetch, a second one for the stored answer (https://varnish-cache.org/docs/).
CacheWord word_of_varnish(const std::string& value) {
  const auto ids = words(value);
  const auto is_number = [](std::string_view id) { return id.find_first_not_of("0123456789") == id.npos; };
  if (ids.empty() || !std::ranges::all_of(ids, is_number)) return CacheWord::none;
  return ids.size() == 2 ? CacheWord::hit : CacheWord::miss;
}

/// Traffic Server's Via codes: [uScHs f ...]: the letter behind 'c' is the lookup's outcome, that behind 's' the
/// server's, a blank if it was not asked (https://docs.trafficserver.apache.org/, "Decoding Via Header Entries").
CacheWord word_of_via(const std::string& value) {
  const auto code = value.find("[");
  if (code == value.npos || value.find("TrafficServer") == value.npos) return CacheWord::none;
  const auto lookup = value.find('c', code);
  if (lookup == value.npos || lookup + 3 >= value.size()) return CacheWord::none;
  const bool stored = value[lookup + 1] == 'H' || value[lookup + 1] == 'R';
  return stored && value[lookup + 3] == ' ' ? CacheWord::hit : CacheWord::miss;
}

CacheWord word_of_field(const HttpExchange& exchange, const HeaderField& field) {
  if (field.name == "cache-status") return word_of_cache_status(field.value);
  if (field.name == "x-varnish") return word_of_varnish(field.value);
  if (field.name == "via") return word_of_via(field.value);
  if (!tells_of_cache(exchange, field)) return CacheWord::none;
  return field.name == "server-timing" ? CacheWord::hit : word_of(field.value);
}

}  // namespace

CacheReading read_cache(const HttpExchange& exchange) {
  CacheReading reading;
  for (const auto& field : exchange.headers) note(reading, word_of_field(exchange, field), field.name);
  reading.age_seconds = age_of(exchange);
  // RFC 9111 5.1: the origin did not make or validate this answer for this request.
  if (reading.age_seconds.value_or(0) > 0) note(reading, CacheWord::hit, "age");
  return reading;
}

}  // namespace fix502
