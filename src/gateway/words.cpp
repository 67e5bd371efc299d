#include "gateway/words.hpp"

#include <algorithm>
#include <array>
#include <span>

#include "gateway/replay_facts.hpp"
#include "gateway/route.hpp"

namespace fix502 {
namespace {

struct Row {
  std::string_view word, title, unit;
};

constexpr auto kProtocols = std::to_array<Row>({
#define PROTOCOL(id, word, title) {word, title, {}},
#include "gateway/protocols.def"
#undef PROTOCOL
});
constexpr auto kLimits = std::to_array<Row>({
#define LIMIT(id, unit, title) {#id, title, #unit},
#include "gateway/limits.def"
#undef LIMIT
});
constexpr auto kMendings = std::to_array<Row>({
#define MENDING(id, title) {#id, title, {}},
#include "gateway/mendings.def"
#undef MENDING
});
constexpr auto kSources = std::to_array<Row>({{"builtin", {}, {}}, {"inherited", {}, {}}, {"set", {}, {}}});
constexpr auto kRouteKinds = std::to_array<Row>({{"proxied", {}, {}}, {"answered", {}, {}}, {"no_route", {}, {}}});
constexpr auto kFlaws = std::to_array<Row>({{"none", {}, {}},
                                            {"no_status_line", {}, {}},
                                            {"no_colon", {}, {}},
                                            {"space_before_colon", {}, {}},
                                            {"bad_name", {}, {}},
                                            {"bad_byte", {}, {}},
                                            {"twice_length", {}, {}},
                                            {"length_and_chunked", {}, {}},
                                            {"bad_length", {}, {}},
                                            {"bad_coding", {}, {}},
                                            {"bad_status", {}, {}},
                                            {"never_ends", {}, {}}});
constexpr auto kEnds = std::to_array<Row>({{"none", {}, {}},
                                           {"whole", {}, {}},
                                           {"short_of_length", {}, {}},
                                           {"no_last_chunk", {}, {}},
                                           {"bad_chunk", {}, {}},
                                           {"until_close", {}, {}},
                                           {"stalled", {}, {}},
                                           {"not_read", {}, {}}});

template <typename T>
bool find(std::span<const Row> table, std::string_view word, T& value) {
  const auto found = std::ranges::find(table, word, &Row::word);
  if (found == table.end()) return false;
  value = static_cast<T>(found - table.begin());
  return true;
}

template <typename T>
const Row& row(std::span<const Row> table, T value) {
  return table[static_cast<std::size_t>(value)];
}

}  // namespace

std::string_view to_word(Protocol protocol) {
  return row(kProtocols, protocol).word;
}
bool from_word(std::string_view word, Protocol& protocol) {
  return find(kProtocols, word, protocol);
}
std::string_view title(Protocol protocol) {
  return row(kProtocols, protocol).title;
}
bool is_http(Protocol protocol) {
  return protocol <= Protocol::grpc;
}

std::string_view to_word(LimitKind kind) {
  return row(kLimits, kind).word;
}
bool from_word(std::string_view word, LimitKind& kind) {
  return find(kLimits, word, kind);
}
std::string_view title(LimitKind kind) {
  return row(kLimits, kind).title;
}
std::string_view unit(LimitKind kind) {
  return row(kLimits, kind).unit;
}

std::string_view to_word(MendingKind kind) {
  return row(kMendings, kind).word;
}
bool from_word(std::string_view word, MendingKind& kind) {
  return find(kMendings, word, kind);
}

std::string_view to_word(Source source) {
  return row(kSources, source).word;
}
bool from_word(std::string_view word, Source& source) {
  return find(kSources, word, source);
}

std::string_view to_word(RouteKind kind) {
  return row(kRouteKinds, kind).word;
}
bool from_word(std::string_view word, RouteKind& kind) {
  return find(kRouteKinds, word, kind);
}

std::string_view to_word(HeaderFlaw flaw) {
  return row(kFlaws, flaw).word;
}
bool from_word(std::string_view word, HeaderFlaw& flaw) {
  return find(kFlaws, word, flaw);
}

std::string_view to_word(BodyEnd end) {
  return row(kEnds, end).word;
}
bool from_word(std::string_view word, BodyEnd& end) {
  return find(kEnds, word, end);
}

}  // namespace fix502
