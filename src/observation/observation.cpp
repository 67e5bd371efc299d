#include "observation/observation.hpp"

#include <utility>

namespace fix502 {
namespace {

using Data = decltype(Observation::data);

template <typename T>
Result<void> read_data(const Json& json, Observation& observation) {
  T data;
  if (auto read = from_json(json, data); !read) return read;
  observation.data = std::move(data);
  return {};
}

/// Reads the alternative whose `kind` is the word.
template <std::size_t... I>
Result<void> read_kind(std::string_view word, const Json& json, Observation& observation, std::index_sequence<I...>) {
  Result<void> outcome = fail("unknown kind of probe", "probe");
  const bool known = ((word == std::variant_alternative_t<I, Data>::kind
                           ? (outcome = read_data<std::variant_alternative_t<I, Data>>(json, observation), true)
                           : false) ||
                      ...);
  return known ? outcome : fail("unknown kind of probe", "probe");
}

/// Leaves `value` as it is where the member is not there.
template <typename T>
Result<void> read_member(const Json& json, const char* name, T& value) {
  const auto found = json.find(name);
  if (found == json.end()) return {};
  if (auto read = from_json(*found, value); !read) {
    return fail(read.error().what, read.error().where.empty() ? name : std::string(name) + "." + read.error().where);
  }
  return {};
}

}  // namespace

std::string_view probe_kind(const Observation& observation) {
  return std::visit([](const auto& data) { return std::decay_t<decltype(data)>::kind; }, observation.data);
}

Json to_json(const Observation& observation) {
  Json json = Json::object();
  json["id"] = observation.id;
  json["probe"] = std::string(probe_kind(observation));
  json["experiment"] = observation.experiment;
  json["varied"] = to_json(observation.varied);
  json["outcome"] = outcome(observation);
  json["started_ms"] = to_json(observation.started);
  json["duration_ms"] = to_json(observation.duration);
  json["reproduce"] = observation.reproduce;
  json.update(std::visit([](const auto& data) { return to_json(data); }, observation.data));
  return json;
}

Result<void> from_json(const Json& json, Observation& observation) {
  if (!json.is_object()) return fail("not an object");
  std::string kind;
  Result<void> read = read_member(json, "id", observation.id);
  if (read) read = read_member(json, "probe", kind);
  if (read) read = read_member(json, "experiment", observation.experiment);
  if (read) read = read_member(json, "varied", observation.varied);
  if (read) read = read_member(json, "started_ms", observation.started);
  if (read) read = read_member(json, "duration_ms", observation.duration);
  if (read) read = read_member(json, "reproduce", observation.reproduce);
  if (!read) return read;
  if (observation.id.empty()) return fail("an observation without an id");
  return read_kind(kind, json, observation, std::make_index_sequence<std::variant_size_v<Data>>{});
}

}  // namespace fix502
