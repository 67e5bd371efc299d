#pragma once

#include <concepts>
#include <functional>
#include <set>
#include <span>
#include <string_view>

#include "faulty/config.hpp"

namespace fix502::faulty {

/// The reading of one configuration: where its files are, and the first thing that was wrong.
struct Reading {
  std::filesystem::path folder;
  std::optional<Error> error;
  std::map<std::string, DnsData> data{};  // what listeners and routes define in place

  void wrong(std::string what, std::string where) {
    if (!error) error = Error{std::move(what), std::move(where)};
  }
};

template <typename Value>
using Words = std::span<const std::pair<std::string_view, Value>>;

/// Reads one object key by key. What was never asked for when it is destroyed is an unknown key, and wrong.
class Reader {
 public:
  Reader(Reading& reading, const nlohmann::json& object, std::string where);
  ~Reader();
  Reader(const Reader&) = delete;
  Reader& operator=(const Reader&) = delete;

  [[nodiscard]] const nlohmann::json* find(const char* key);
  [[nodiscard]] std::string at(std::string_view key) const;
  [[nodiscard]] Reading& reading() { return reading_; }
  void wrong(std::string what, std::string_view key = {}) { reading_.wrong(std::move(what), at(key)); }

  void read(const char* key, bool& into);
  void read(const char* key, std::string& into);
  void read(const char* key, milliseconds& into);
  void read(const char* key, std::vector<std::string>& into);
  void read(const char* key, Headers& into);
  template <std::integral Number>
  void read(const char* key, Number& into) {
    std::int64_t number = 0;
    const auto lowest = static_cast<std::int64_t>(std::numeric_limits<Number>::min());
    const std::int64_t highest =
        sizeof(Number) >= 8 ? std::numeric_limits<std::int64_t>::max() : std::int64_t{std::numeric_limits<int>::max()};
    if (read_number(key, number, lowest, sizeof(Number) == 2 ? 65535 : highest)) into = static_cast<Number>(number);
  }
  template <typename Value>
  void read(const char* key, std::optional<Value>& into) {
    if (!find(key)) return;
    Value value{};
    read(key, value);
    into = std::move(value);
  }
  void bytes(const char* key, std::string& into);
  void bytes_list(const char* key, std::vector<std::string>& into);
  void pem(const char* key, std::string& into);
  template <typename Value>
  void word(const char* key, Value& into, Words<Value> words) {
    std::string text;
    if (!find(key)) return;
    read(key, text);
    for (const auto& [name, value] : words)
      if (name == text) return void(into = value);
    wrong("unknown word \"" + text + "\"", key);
  }
  /// A member object, if it is there.
  void object(const char* key, const std::function<void(Reader&)>& each);
  /// A member that is an array of objects, or one object.
  void objects(const char* key, const std::function<void(Reader&)>& each);

 private:
  bool read_number(const char* key, std::int64_t& into, std::int64_t lowest, std::int64_t highest);

  Reading& reading_;
  const nlohmann::json& object_;
  std::string where_;
  std::set<std::string, std::less<>> asked_;
};

/// Bytes as lab/faultd.md defines them.
[[nodiscard]] std::string read_bytes(Reading& reading, const nlohmann::json& value, const std::string& where);

/// With either alphabet of RFC 4648.
[[nodiscard]] std::optional<std::string> decode_base64(std::string_view text);

inline constexpr std::pair<std::string_view, Ending> kEndings[] = {
    {"close", Ending::close}, {"reset", Ending::reset}, {"stall", Ending::stall}, {"keep", Ending::keep}};

void read_tls(Reader& reader, Tls& into);
void read_selection(Reader& reader, Selection& into);
void read_answer(Reader& reader, Answer& into);
void read_http(Reader& reader, HttpListener& into);
void read_proxy(Reader& reader, Proxy& into);
void read_edge(Reader& reader, Edge& into);
void read_dns_data(Reader& reader, DnsData& into);
/// A `data` member: the name of shared data, or data in place, which is given a name.
[[nodiscard]] std::string read_data_name(Reader& reader);

}  // namespace fix502::faulty
