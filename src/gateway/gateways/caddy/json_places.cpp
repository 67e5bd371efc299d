#include "gateway/gateways/caddy/json_places.hpp"

#include <algorithm>

namespace fix502::caddy {
namespace {

constexpr int kDeepestJson = 512;

/// A walk over the text beside the parsed value. The text is valid: the parser has taken it.
class PlaceFinder {
 public:
  PlaceFinder(std::string_view text, JsonPlaces& places) : text_(text), places_(places) {}

  /// `value`: null for what another member of the same name has replaced.
  void value(const Json* value, int depth) {
    blanks();
    if (at_ >= text_.size() || depth > kDeepestJson) return;
    const JsonPlace start{.begin = at_, .end = at_, .line = line_};
    switch (text_[at_]) {
      case '{':
        object(value, depth);
        break;
      case '[':
        array(value, depth);
        break;
      case '"':
        (void)string();
        break;
      default:
        at_ = std::min(text_.find_first_of(",]} \t\r\n", at_), text_.size());
    }
    if (value != nullptr) places_[value] = {.begin = start.begin, .end = at_, .line = start.line};
  }

 private:
  void blanks() {
    for (; at_ < text_.size() && std::string_view(" \t\r\n").contains(text_[at_]); ++at_)
      if (text_[at_] == '\n') ++line_;
  }
  bool take(char wanted) {
    blanks();
    const bool there = at_ < text_.size() && text_[at_] == wanted;
    if (there) ++at_;
    return there;
  }
  /// Its bytes, quotes counted in.
  std::string_view string() {
    const std::size_t begin = at_++;
    while (at_ < text_.size() && text_[at_] != '"') at_ += text_[at_] == '\\' ? 2 : 1;
    at_ = std::min(at_ + 1, text_.size());
    return text_.substr(begin, at_ - begin);
  }

  void object(const Json* value, int depth) {
    ++at_;
    while (!take('}') && at_ < text_.size() && text_[at_] == '"') {
      const Json name = Json::parse(string(), nullptr, false);
      const Json* member = nullptr;
      if (value != nullptr && value->is_object() && name.is_string())
        if (const auto found = value->find(name.get_ref<const std::string&>()); found != value->end()) member = &*found;
      (void)take(':');
      this->value(member, depth + 1);
      (void)take(',');
    }
  }

  void array(const Json* value, int depth) {
    ++at_;
    for (std::size_t i = 0; !take(']') && at_ < text_.size(); ++i) {
      const std::size_t before = at_;
      const bool known = value != nullptr && value->is_array() && i < value->size();
      this->value(known ? &(*value)[i] : nullptr, depth + 1);
      (void)take(',');
      if (at_ == before) return;
    }
  }

  std::string_view text_;
  JsonPlaces& places_;
  std::size_t at_ = 0;
  int line_ = 1;
};

bool find_path(const Json& from, const Json& wanted, std::string& path, int depth) {
  if (&from == &wanted) return true;
  if (depth > kDeepestJson || !from.is_structured()) return false;
  const std::size_t length = path.size();
  std::size_t index = 0;
  for (const auto& [name, member] : from.items()) {
    path += "/" + (from.is_array() ? std::to_string(index++) : name);
    if (find_path(member, wanted, path, depth + 1)) return true;
    path.resize(length);
  }
  return false;
}

}  // namespace

JsonPlaces json_places(const Json& root, std::string_view text) {
  JsonPlaces places;
  PlaceFinder(text, places).value(&root, 0);
  return places;
}

std::string json_path(const Json& root, const Json& value) {
  std::string path;
  return find_path(root, value, path, 0) ? path : std::string();
}

}  // namespace fix502::caddy
