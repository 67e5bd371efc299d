// JSON logs: Caddy, Traefik, Envoy, Cloudflare Logpush, nginx with escape=json, and Docker's wrapping of any other.
#include "base/fields.hpp"
#include "base/text.hpp"
#include "logline/line.hpp"

namespace fix502::lines {
namespace {

constexpr std::size_t kLongestEntry = 256 * 1024;  // a longer line is no log entry

std::string_view keep(Arena& arena, std::string text) {
  return arena.emplace_back(std::move(text));
}

/// A value as the text that a layout would have found.
std::string_view text_of(const Json& value, Arena& arena) {
  if (value.is_string()) return keep(arena, value.get<std::string>());
  if (value.is_number() || value.is_boolean()) return keep(arena, value.dump());
  if (value.is_null()) return "-";
  return {};
}

bool holds(const Json& object, std::string_view key) {
  return object.find(key) != object.end();
}

std::string_view gateway_of(const Json& object) {
  if (holds(object, "EdgeResponseStatus")) return "cloudflare";
  if (holds(object, "DownstreamStatus") || holds(object, "RouterName")) return "traefik";
  if (holds(object, "response_flags")) return "envoy";
  if (holds(object, "logger") && holds(object, "ts")) return "caddy";
  return {};
}

void put_all(const Json& object, const LineContext& context, Arena& arena, Record& record, bool& timed,
             bool outermost) {
  for (const auto& [key, value] : object.items()) {
    if (value.is_object()) {
      // One level of it: whoever nests them deeper is not a gateway.
      if (outermost && (key == "request" || key == "req")) put_all(value, context, arena, record, timed, false);
      continue;
    }
    const Field field = field_named(key);
    if (field == Field::skipped) continue;
    const std::string_view text = text_of(value, arena);
    // A name may mean something else to this program ("status": "ok"); what cannot be read is left out.
    Record probe = record;
    if (text.empty() || !put(field, text, context.clock, probe)) continue;
    record = probe;
    timed = timed || field == Field::time;
  }
}

/// Traefik's own 502 has OriginStatus 502 too, with the 11 bytes of "Bad Gateway" (pkg/proxy/httputil).
void mend_traefik(const Json& object, Record& record) {
  const auto size = object.find("OriginContentSize");
  if (size == object.end() || !size->is_number_integer() || !holds(object, "OriginStatus")) return;
  const auto bytes = size->get<std::int64_t>();
  const bool own = (record.status == 502 && bytes == 11) || (record.status == 504 && bytes == 15);
  if (own || record.upstream_status == "0") record.upstream_status = {};
  record.state = own || record.upstream_status.empty() ? "made" : "passed";
}

}  // namespace

bool read_json(std::string_view line, const LineContext& context, Arena& arena, Record& record) {
  if (!line.starts_with('{') || line.size() > kLongestEntry) return false;
  const Json object = Json::parse(line, nullptr, false);
  if (!object.is_object()) return false;
  record.line = line;
  bool timed = false;
  put_all(object, context, arena, record, timed, true);
  if (!timed) return false;
  const std::string_view gateway = gateway_of(object);
  record.gateway = gateway.empty() ? context.gateway : gateway;
  if (gateway == "traefik") mend_traefik(object, record);
  if (gateway == "cloudflare" && record.upstream_status == "0") record.upstream_status = {};
  const auto logger = object.find("logger");
  const auto message = object.find("msg");
  const bool spoken = message != object.end() && message->is_string();
  const bool access = logger != object.end() && logger->is_string() &&
                      logger->get_ref<const std::string&>().starts_with("http.log.access");
  if (gateway != "caddy" && !(spoken && record.status == 0)) {
    record.role = Role::access;
    return true;
  }
  record.role = access ? Role::access : Role::error;
  if (access) return true;
  record.message = find_message(gateway.empty() ? "caddy" : gateway, line);
  if (record.gateway.empty()) record.gateway = "caddy";
  if (record.message == nullptr || record.message->upstream_after.empty()) return true;
  std::string words = spoken ? message->get<std::string>() : std::string();
  if (const auto error = object.find("error"); error != object.end() && error->is_string())
    words += " " + error->get<std::string>();
  const auto from = words.find(record.message->upstream_after);
  if (from == words.npos) return true;
  std::string upstream = words.substr(from + record.message->upstream_after.size());
  upstream.resize(std::min(upstream.find_first_of(" ,;\"'()"), upstream.size()));
  while (!upstream.empty() && upstream.back() == ':') upstream.pop_back();
  if (record.message->upstream_after == "dial unix ") upstream = "unix:" + upstream;
  record.upstream = keep(arena, std::move(upstream));
  return true;
}

}  // namespace fix502::lines
