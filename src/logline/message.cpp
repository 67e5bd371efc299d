#include "logline/message.hpp"

#include <array>
#include <functional>
#include <map>
#include <utility>

namespace fix502 {
namespace {

constexpr std::array<std::pair<Sureness, std::string_view>, 3> kWords = {{
    {Sureness::certain, "certain"},
    {Sureness::likely, "likely"},
    {Sureness::possible, "possible"},
}};

/// Go's standard library words an error alike in every program.
bool is_written_in_go(std::string_view program) {
  return program == "caddy" || program == "traefik";
}

bool writes(const Message& message, std::string_view program) {
  return message.program == program || (message.program == "go" && is_written_in_go(program));
}

/// The rows of one program, in order.
std::span<const Message* const> rows_of(std::string_view program) {
  static const auto kRows = [] {
    std::map<std::string_view, std::vector<const Message*>> rows;
    for (const Message& message : messages()) rows[message.program];
    for (const std::string_view name : {"caddy", "traefik"}) rows[name];
    for (auto& [name, own] : rows)
      for (const Message& message : messages())
        if (writes(message, name)) own.push_back(&message);
    return rows;
  }();
  const auto found = kRows.find(program);
  return found == kRows.end() ? std::span<const Message* const>() : found->second;
}

}  // namespace

std::string_view to_word(Sureness sureness) {
  for (const auto& [value, word] : kWords)
    if (value == sureness) return word;
  return {};
}

bool from_word(std::string_view word, Sureness& sureness) {
  for (const auto& [value, text] : kWords) {
    if (text != word) continue;
    sureness = value;
    return true;
  }
  return false;
}

const std::vector<Message>& messages() {
  static const std::vector<Message> kAll = [] {
    std::vector<Message> all;
    for (const auto& table : {tables::nginx_messages(), tables::haproxy_messages(), tables::apache_messages(),
                              tables::go_messages(), tables::other_gateway_messages(), tables::application_messages()})
      all.insert(all.end(), table.begin(), table.end());
    return all;
  }();
  return kAll;
}

bool fits(std::string_view pattern, std::string_view text) {
  while (!pattern.empty()) {
    const auto star = pattern.find('*');
    const std::string_view piece = pattern.substr(0, star);
    const auto found = text.find(piece);
    if (found == text.npos) return false;
    text.remove_prefix(found + piece.size());
    pattern.remove_prefix(star == pattern.npos ? pattern.size() : star + 1);
  }
  return true;
}

std::string_view key_of(std::string_view pattern) {
  std::string_view longest;
  while (!pattern.empty()) {
    const auto star = pattern.find('*');
    const std::string_view piece = pattern.substr(0, star);
    if (piece.size() > longest.size()) longest = piece;
    pattern.remove_prefix(star == pattern.npos ? pattern.size() : star + 1);
  }
  return longest;
}

const Message* find_message(std::string_view program, std::string_view text) {
  for (const Message* message : rows_of(program))
    if (fits(message->pattern, text)) return message;
  return nullptr;
}

const Message* find_message(std::string_view text) {
  for (const Message& message : messages())
    if (fits(message.pattern, text)) return &message;
  return nullptr;
}

const Message* MessageMemo::find(std::string_view text) {
  constexpr std::size_t kLongest = 300;  // longer ones hold something of their own each
  if (text.empty() || text.size() > kLongest) return find_message(program_, text);
  Place& place = places_.at(std::hash<std::string_view>{}(text) % places_.size());
  if (place.text != text) {
    place.message = find_message(program_, text);
    place.text = text;
  }
  return place.message;
}

}  // namespace fix502
