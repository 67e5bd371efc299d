// Each row is one field of the comparison: how it reads in an answer, and when two of them differ.

#include <fmt/format.h>

#include <algorithm>
#include <chrono>

#include "edge/comparison.hpp"
#include "signature/signature.hpp"

namespace fix502 {
namespace {

constexpr std::size_t kShownServer = 200;  // bytes

/// A difference in time that a person feels.
constexpr Duration kFelt = std::chrono::milliseconds(500);

std::string date_of(const std::optional<WallTime>& time) {
  if (!time) return {};
  const std::chrono::year_month_day date(std::chrono::floor<std::chrono::days>(*time));
  return fmt::format("{:04}-{:02}-{:02}", static_cast<int>(date.year()), static_cast<unsigned>(date.month()),
                     static_cast<unsigned>(date.day()));
}

struct TrustRow {
  int error;
  std::string_view words;
};

// X509_V_ERR_*: openssl/x509_vfy.h.
constexpr TrustRow kTrust[] = {
    {9, "not valid yet"},       {10, "expired"},
    {18, "self-signed"},        {19, "issuer not trusted"},
    {20, "issuer not trusted"}, {21, "issuer not trusted"},
    {62, "for another name"},
};

std::string status(const HttpExchange& http) {
  Observation seen;
  seen.data = http;
  return outcome(seen);
}

std::string tls(const HttpExchange& http) {
  return http.tls_version;
}

std::string names(const HttpExchange& http) {
  if (http.chain.empty()) return {};
  const auto& all = http.chain.front().names;
  const std::size_t shown = std::min(all.size(), kShownNames);
  std::string text = fmt::format("{}", fmt::join(all.begin(), all.begin() + static_cast<std::ptrdiff_t>(shown), ", "));
  return shown < all.size() ? fmt::format("{} and {} more", text, all.size() - shown) : text;
}

std::string issuer(const HttpExchange& http) {
  return http.chain.empty() ? std::string() : http.chain.front().issuer;
}

std::string valid_until(const HttpExchange& http) {
  return http.chain.empty() ? std::string() : date_of(http.chain.front().not_after);
}

std::string trust(const HttpExchange& http) {
  if (http.tls_version.empty() && http.chain.empty()) return {};
  if (is_certificate(http.failure)) return std::string(sentence(http.failure));
  if (http.verify_error == 0) return "accepted";
  const auto row = std::ranges::find(kTrust, http.verify_error, &TrustRow::error);
  return row == std::end(kTrust) ? fmt::format("not accepted ({})", http.verify_error) : std::string(row->words);
}

std::string redirect(const HttpExchange& http) {
  return http.location;
}

std::string version(const HttpExchange& http) {
  return http.http_version;
}

std::string server(const HttpExchange& http) {
  const std::string* field = http.header("server");
  return field == nullptr ? identify(http).product : field->substr(0, kShownServer);
}

std::string cache(const HttpExchange& http) {
  const CacheReading reading = read_cache(http);
  if (!reading.known && !reading.age_seconds) return {};
  const std::string age = reading.age_seconds ? fmt::format(", {} s old", *reading.age_seconds) : "";
  return (reading.hit || reading.age_seconds.value_or(0) > 0 ? "from store" : "fresh") + age;
}

std::string header_size(const HttpExchange& http) {
  return http.status ? fmt::format("{} bytes in {} fields", header_bytes(http), http.headers.size()) : std::string();
}

std::string body(const HttpExchange& http) {
  if (!http.status) return {};
  return fmt::format("{}{} bytes, {:.12}", http.body_cut_by_us ? "more than " : "", http.body_bytes, http.body_digest);
}

std::string milliseconds_of(const std::optional<Duration>& time) {
  return time ? fmt::format("{} ms", std::chrono::round<std::chrono::milliseconds>(*time).count()) : std::string();
}

std::string connect(const HttpExchange& http) {
  return milliseconds_of(http.times.connect);
}

std::string first_byte(const HttpExchange& http) {
  return milliseconds_of(http.times.first_byte);
}

bool texts_differ(const HttpExchange&, const HttpExchange&, const std::string& edge, const std::string& origin) {
  return edge != origin;
}

bool both_differ(const HttpExchange&, const HttpExchange&, const std::string& edge, const std::string& origin) {
  return !edge.empty() && !origin.empty() && edge != origin;
}

/// A CDN adds and takes fields: only what is another order of size is a difference.
bool sizes_differ(const HttpExchange& edge, const HttpExchange& origin, const std::string&, const std::string&) {
  const auto [less, more] = std::minmax({header_bytes(edge), header_bytes(origin)});
  return more > less + 4096;
}

bool felt(const std::optional<Duration>& edge, const std::optional<Duration>& origin) {
  if (!edge || !origin) return false;
  const auto [less, more] = std::minmax({*edge, *origin});
  return more - less > kFelt;
}

bool connects_differ(const HttpExchange& edge, const HttpExchange& origin, const std::string&, const std::string&) {
  return felt(edge.times.connect, origin.times.connect);
}

bool answers_differ(const HttpExchange& edge, const HttpExchange& origin, const std::string&, const std::string&) {
  return felt(edge.times.first_byte, origin.times.first_byte);
}

struct FieldRow {
  std::string_view field, title;
  std::string (*text)(const HttpExchange& http);
  bool (*differ)(const HttpExchange& edge, const HttpExchange& origin, const std::string&, const std::string&);
};

constexpr FieldRow kFields[] = {
    {"status", "answer", status, texts_differ},
    {"redirect", "redirects to", redirect, texts_differ},
    {"server", "server", server, both_differ},
    {"http-version", "HTTP version", version, both_differ},
    {"tls-version", "TLS version", tls, texts_differ},
    {"certificate-names", "certificate for", names, texts_differ},
    {"certificate-issuer", "issued by", issuer, texts_differ},
    {"certificate-until", "valid until", valid_until, texts_differ},
    {"certificate-trust", "certificate", trust, texts_differ},
    {"cache", "cache", cache, both_differ},
    {"header-bytes", "header", header_size, sizes_differ},
    {"body", "body", body, both_differ},
    {"connect", "connected after", connect, connects_differ},
    {"first-byte", "answered after", first_byte, answers_differ},
};

}  // namespace

std::uint64_t header_bytes(const HttpExchange& http) {
  std::uint64_t bytes = 0;
  for (const auto& field : http.headers) bytes += field.name.size() + field.value.size() + 4;  // ": " and CRLF
  return bytes;
}

std::vector<FieldPair> compare_fields(const HttpExchange& edge, const HttpExchange& origin) {
  std::vector<FieldPair> fields;
  for (const FieldRow& row : kFields) {
    FieldPair pair{.field = row.field, .title = row.title, .edge = row.text(edge), .origin = row.text(origin)};
    if (pair.edge.empty() && pair.origin.empty()) continue;
    pair.differs = row.differ(edge, origin, pair.edge, pair.origin);
    fields.push_back(std::move(pair));
  }
  return fields;
}

}  // namespace fix502
