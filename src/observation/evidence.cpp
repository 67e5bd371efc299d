#include "observation/evidence.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <unordered_set>

#include "base/text.hpp"

namespace fix502 {
namespace {

constexpr std::string_view kSchema = "fix502.run/1";
constexpr std::size_t kMaxBytes = 64UL * 1024 * 1024;
constexpr std::size_t kMaxObservations = 100'000;
// A run nests six deep (observations, certificate chain, names); a JSON value costs up to a hundred bytes of memory.
constexpr int kMaxDepth = 32;
constexpr std::size_t kMaxValues = 8'000'000;
// Longer than any text that a probe keeps.
constexpr std::size_t kMaxText = 64UL * 1024;

/// Looks a text through before it is given memory: well-formed, not too deep, not too many values.
class Bounds final : public nlohmann::json_sax<Json> {
 public:
  bool null() override { return count(); }
  bool boolean(bool) override { return count(); }
  bool number_integer(number_integer_t) override { return count(); }
  bool number_unsigned(number_unsigned_t) override { return count(); }
  bool number_float(number_float_t, const string_t&) override { return count(); }
  bool string(string_t&) override { return count(); }
  bool binary(binary_t&) override { return count(); }
  bool key(string_t&) override { return count(); }
  bool start_object(std::size_t) override { return enter(); }
  bool end_object() override { return leave(); }
  bool start_array(std::size_t) override { return enter(); }
  bool end_array() override { return leave(); }
  bool parse_error(std::size_t position, const std::string&, const nlohmann::detail::exception&) override {
    return stop("not JSON from here on", position);
  }

  Error error{"empty", ""};

 private:
  bool count() { return ++values_ <= kMaxValues || stop("too many values", 0); }
  bool enter() { return count() && (++depth_ <= kMaxDepth || stop("nested too deeply", 0)); }
  bool leave() { return --depth_, true; }
  bool stop(std::string_view what, std::size_t position) {
    error = Error{fmt::format("the recorded run is damaged: {}", what),
                  position == 0 ? std::string() : fmt::format("byte {}", position)};
    return false;
  }

  std::size_t values_ = 0;
  int depth_ = 0;
};

/// A run travels: what was made printable when it was seen may have been written by anybody since.
Json made_printable(Json json, bool keep_lines = false) {
  if (json.is_string()) return printable(json.get_ref<const std::string&>(), kMaxText, keep_lines);
  if (json.is_array()) {
    for (auto& item : json) item = made_printable(std::move(item));
  } else if (json.is_object()) {
    Json clean = Json::object();
    for (auto& [key, item] : json.get_ref<Json::object_t&>())
      clean[printable(key, kMaxText)] = made_printable(std::move(item), key == "body_sample");
    return clean;
  }
  return json;
}

std::unexpected<Error> damaged(const Error& error, const std::string& inside) {
  const std::string_view joint = error.where.empty() || inside.empty() ? "" : ".";
  return fail("the recorded run is damaged: " + error.what, fmt::format("{}{}{}", inside, joint, error.where));
}

template <typename T>
Result<void> read_member(const Json& json, const std::string& name, T& value) {
  const auto found = json.find(name);
  if (found == json.end()) return {};
  if (auto read = from_json(*found, value); !read) return damaged(read.error(), name);
  return {};
}

Result<void> read_target(const Json& json, Target& target) {
  if (auto read = read_member(json, "target", target); !read) return read;
  if (target.url.empty()) return fail("the recorded run is damaged: it names no URL", "target.url");
  if (!target.host.empty()) return {};
  // Written by hand, with the URL alone.
  auto parsed = parse_target(target.url);
  if (!parsed) return damaged(parsed.error(), "target.url");
  target = *std::move(parsed);
  return {};
}

Result<void> read_observations(const Json& json, std::vector<Observation>& observations) {
  const auto list = json.find("observations");
  if (list == json.end() || !list->is_array())
    return fail("the recorded run is damaged: it has no list of observations", "observations");
  if (list->size() > kMaxObservations)
    return fail(fmt::format("the recorded run has more than {} observations", kMaxObservations));
  std::unordered_set<std::string> ids;
  observations.reserve(list->size());
  for (const auto& item : *list) {
    const std::string where = fmt::format("observations[{}]", observations.size());
    Observation observation;
    if (auto read = from_json(item, observation); !read) return damaged(read.error(), where);
    if (!ids.insert(observation.id).second)
      return fail("the recorded run is damaged: two observations have the id " + observation.id, where);
    observations.push_back(std::move(observation));
  }
  return {};
}

}  // namespace

const Observation* Evidence::find(std::string_view id) const {
  const auto found = std::ranges::find(observations, id, &Observation::id);
  return found == observations.end() ? nullptr : &*found;
}

std::string write_run(const Evidence& evidence) {
  Json json = Json::object();
  json["schema"] = std::string(kSchema);
  json["version"] = evidence.version;
  json["started_at"] = evidence.started_at;
  json["target"] = to_json(evidence.target);
  json["settings"] = to_json(evidence.settings);
  json["duration_ms"] = to_json(evidence.duration);
  json["requests_sent"] = evidence.requests_sent;
  json["not_tried"] = evidence.not_tried;
  json["interrupted"] = evidence.interrupted;
  json["observations"] = to_json(evidence.observations);
  return json.dump(2, ' ', false, Json::error_handler_t::replace) + "\n";
}

Result<Evidence> read_run(std::string_view text) {
  if (text.size() > kMaxBytes) return fail("the recorded run is larger than 64 MiB");
  if (Bounds bounds; !Json::sax_parse(text, &bounds)) return std::unexpected(std::move(bounds.error));
  const Json json = made_printable(Json::parse(text, nullptr, false));
  if (!json.is_object()) return fail("not a recorded run of fix502: no JSON object");
  const auto schema = json.find("schema");
  if (schema == json.end() || *schema != kSchema)
    return fail("not a recorded run of fix502", fmt::format("its \"schema\" is not \"{}\"", kSchema));
  Evidence evidence;
  Result<void> read = read_member(json, "version", evidence.version);
  if (read) read = read_member(json, "started_at", evidence.started_at);
  if (read) read = read_target(json, evidence.target);
  if (read) read = read_member(json, "settings", evidence.settings);
  if (read) read = read_member(json, "duration_ms", evidence.duration);
  if (read) read = read_member(json, "requests_sent", evidence.requests_sent);
  if (read) read = read_member(json, "not_tried", evidence.not_tried);
  if (read) read = read_member(json, "interrupted", evidence.interrupted);
  if (read) read = read_observations(json, evidence.observations);
  if (!read) return std::unexpected(std::move(read).error());
  return evidence;
}

}  // namespace fix502
