#include "headless/message.hpp"

#include "base/text.hpp"

namespace fix502 {

const Json* member(const Json& json, std::initializer_list<std::string_view> path) {
  const Json* at = &json;
  for (const std::string_view name : path) {
    if (!at->is_object()) return nullptr;
    const auto found = at->find(std::string(name));
    if (found == at->end()) return nullptr;
    at = &*found;
  }
  return at;
}

std::string text_at(const Json& json, std::initializer_list<std::string_view> path, std::size_t limit) {
  const Json* value = member(json, path);
  return value == nullptr || !value->is_string() ? std::string{}
                                                 : printable(value->get_ref<const std::string&>(), limit);
}

std::string id_at(const Json& json, std::initializer_list<std::string_view> path) {
  const Json* value = member(json, path);
  if (value == nullptr || !value->is_string()) return {};
  const auto& text = value->get_ref<const std::string&>();
  return text.size() > kLongestId ? std::string{} : text;
}

bool flag_at(const Json& json, std::initializer_list<std::string_view> path) {
  const Json* value = member(json, path);
  return value != nullptr && value->is_boolean() && value->get<bool>();
}

std::optional<std::int64_t> number_at(const Json& json, std::initializer_list<std::string_view> path) {
  const Json* value = member(json, path);
  std::int64_t number = 0;
  if (value == nullptr || !detail::number_from_json(*value, number)) return std::nullopt;
  return number;
}

}  // namespace fix502
