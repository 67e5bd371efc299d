#include "edge/setting.hpp"

#include <algorithm>
#include <iterator>

namespace fix502 {
namespace {

struct KindRow {
  std::string_view word, what, value;
};

constexpr KindRow kKinds[] = {
#define EDGE_KIND(id, word, what, value) {word, what, value},
#include "edge/kinds.def"
#undef EDGE_KIND
};

struct NameRow {
  std::string_view id, name;
};

constexpr NameRow kNames[] = {
#define CDN_CALLED(id, name) {id, name},
#define CDN_SETTING(...)
#define CDN_HEADER_LIMIT(...)
#include "edge/settings.def"
#undef CDN_CALLED
#undef CDN_SETTING
#undef CDN_HEADER_LIMIT
};

constexpr CdnSetting kSettings[] = {
#define CDN_CALLED(...)
#define CDN_SETTING(cdn, kind, panel, api, value, source) {cdn, EdgeKind::kind, panel, api, value, source},
#define CDN_HEADER_LIMIT(...)
#include "edge/settings.def"
#undef CDN_CALLED
#undef CDN_SETTING
#undef CDN_HEADER_LIMIT
};

struct LimitRow {
  std::string_view cdn;
  std::uint64_t bytes;
};

constexpr LimitRow kLimits[] = {
#define CDN_CALLED(...)
#define CDN_SETTING(...)
#define CDN_HEADER_LIMIT(cdn, bytes, source) {cdn, bytes},
#include "edge/settings.def"
#undef CDN_CALLED
#undef CDN_SETTING
#undef CDN_HEADER_LIMIT
};

}  // namespace

std::string_view to_word(EdgeKind kind) {
  return kKinds[static_cast<std::size_t>(kind)].word;
}

std::string_view what_it_is(EdgeKind kind) {
  return kKinds[static_cast<std::size_t>(kind)].what;
}

std::string_view usual_value(EdgeKind kind) {
  return kKinds[static_cast<std::size_t>(kind)].value;
}

std::span<const CdnSetting> cdn_settings() {
  return kSettings;
}

const CdnSetting* find_setting(std::string_view cdn, EdgeKind kind) {
  const auto found =
      std::ranges::find_if(kSettings, [&](const CdnSetting& row) { return row.cdn == cdn && row.kind == kind; });
  return found == std::end(kSettings) ? nullptr : &*found;
}

std::uint64_t header_limit_of(std::string_view cdn) {
  const auto found = std::ranges::find(kLimits, cdn, &LimitRow::cdn);
  return found == std::end(kLimits) ? 0 : found->bytes;
}

std::string name_of_cdn(std::string_view cdn) {
  const auto found = std::ranges::find(kNames, cdn, &NameRow::id);
  return std::string(found == std::end(kNames) ? cdn : found->name);
}

}  // namespace fix502
