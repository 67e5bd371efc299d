#include "serve/answer_check.hpp"

#include <zlib.h>

#include <algorithm>
#include <array>
#include <optional>

#include "base/text.hpp"

namespace fix502 {
namespace {

constexpr std::size_t kMostUnpacked = 8 << 20;  // bytes

/// Nothing where it is not compressed so. What is more than the bound is left out.
std::optional<std::string> unpacked(std::string_view bytes, ProbeModule::Compression how) {
  z_stream stream{};
  // Go's compress/flate is without zlib's wrapping (RFC 1951), compress/gzip wants gzip's.
  if (inflateInit2(&stream, how == ProbeModule::Compression::gzip ? 15 + 16 : -15) != Z_OK) return std::nullopt;
  std::string out;
  std::array<char, 64 * 1024> piece;
  stream.next_in = reinterpret_cast<unsigned char*>(const_cast<char*>(bytes.data()));
  stream.avail_in = static_cast<unsigned>(bytes.size());
  int state = Z_OK;
  while (state == Z_OK && out.size() < kMostUnpacked) {
    stream.next_out = reinterpret_cast<unsigned char*>(piece.data());
    stream.avail_out = static_cast<unsigned>(piece.size());
    state = inflate(&stream, Z_NO_FLUSH);
    out.append(piece.data(), piece.size() - stream.avail_out);
    // RFC 1952 2.2: one member may follow the other.
    if (state == Z_STREAM_END && how == ProbeModule::Compression::gzip && stream.avail_in > 0)
      state = inflateReset(&stream);
  }
  inflateEnd(&stream);
  if (state != Z_STREAM_END && out.size() < kMostUnpacked) return std::nullopt;
  return out;
}

bool field_fits(const HeaderPattern& wanted, const std::vector<HeaderField>& fields, bool must) {
  bool there = false;
  for (const auto& field : fields) {
    if (field.name != wanted.name) continue;
    there = true;
    if (matches(wanted.pattern, as_utf8(field.value))) return must;
  }
  return there ? !must : wanted.allow_missing;
}

bool has_status(const ProbeModule& module, int status) {
  if (module.statuses.empty()) return status >= 200 && status < 300;
  return std::ranges::find(module.statuses, status) != module.statuses.end();
}

bool has_version(const ProbeModule& module, const HttpExchange& seen) {
  if (module.versions.empty()) return true;
  const std::string version = "HTTP/" + seen.http_version + (seen.http_version.contains('.') ? "" : ".0");
  return std::ranges::find(module.versions, version) != module.versions.end();
}

}  // namespace

AnswerCheck check_answer(const ProbeModule& module, const std::vector<HeaderField>& fields, std::string_view body) {
  AnswerCheck check{.shown = true, .body_bytes = body.size()};
  check.header_fits =
      std::ranges::all_of(module.header_must_not, [&](const auto& one) { return field_fits(one, fields, false); }) &&
      std::ranges::all_of(module.header_must, [&](const auto& one) { return field_fits(one, fields, true); });
  std::optional<std::string> plain;
  if (module.compression != ProbeModule::Compression::none) {
    plain = unpacked(body, module.compression);
    check.decodes = plain.has_value();
    if (plain) body = *plain;
    check.body_bytes = plain ? plain->size() : 0;
  }
  if (module.body_must_not.empty() && module.body_must.empty()) return check;
  const std::string text = as_utf8(body);
  const auto is_there = [&](const GoPattern& pattern) { return matches(pattern, text); };
  check.body_fits =
      std::ranges::none_of(module.body_must_not, is_there) && std::ranges::all_of(module.body_must, is_there);
  return check;
}

AnswerJudgement judge_answer(const ProbeModule& module, const HttpExchange& seen, const AnswerCheck& check,
                             bool has_body) {
  AnswerJudgement result;
  if (!check.shown || !seen.status) return result;
  const auto miss = [&](std::string_view key) {
    if (result.unmet.empty()) result.unmet = key;
  };
  // The order is blackbox_exporter's: a pattern is to blame only where all was well before.
  if (!has_status(module, *seen.status)) miss("valid_status_codes");
  if (result.unmet.empty() && !check.header_fits) {
    miss("fail_if_header_matches, fail_if_header_not_matches");
    result.by_pattern = true;
  }
  if (module.compression == ProbeModule::Compression::gzip && !(has_body && check.decodes)) miss("compression");
  if (result.unmet.empty() && !(module.body_must_not.empty() && module.body_must.empty())) {
    const bool whole = has_body && seen.failure == Failure::none && check.decodes;
    result.by_pattern = !whole || !check.body_fits;
    if (result.by_pattern) miss("fail_if_body_matches_regexp, fail_if_body_not_matches_regexp");
  }
  if (!check.decodes) miss("compression");
  if (!has_version(module, seen)) miss("valid_http_versions");
  const bool over_tls = !seen.tls_version.empty();
  if (module.fail_if_ssl && over_tls) miss("fail_if_ssl");
  if (module.fail_if_not_ssl && !over_tls) miss("fail_if_not_ssl");
  result.success = result.unmet.empty() && (seen.failure == Failure::none || !has_body);
  return result;
}

}  // namespace fix502
