#include "faulty/reader.hpp"

#include <fstream>
#include <sstream>

namespace fix502::faulty {

using nlohmann::json;

namespace {

std::string read_file(Reading& reading, const std::string& name, const std::string& where) {
  std::ifstream file(reading.folder / name, std::ios::binary);
  std::ostringstream text;
  if (!file || !(text << file.rdbuf())) reading.wrong("file \"" + name + "\" cannot be read", where);
  return std::move(text).str();
}

int digit_of(char letter, std::string_view alphabet) {
  const auto place = alphabet.find(letter);
  return place == alphabet.npos ? -1 : static_cast<int>(place);
}

std::optional<std::string> decode_hex(std::string_view text) {
  std::string digits;
  for (const char letter : text)
    if (letter != ' ') digits += static_cast<char>(letter >= 'A' && letter <= 'F' ? letter + 32 : letter);
  std::string bytes;
  if (digits.size() % 2 != 0) return std::nullopt;
  for (std::size_t i = 0; i < digits.size(); i += 2) {
    const int high = digit_of(digits[i], "0123456789abcdef");
    const int low = digit_of(digits[i + 1], "0123456789abcdef");
    if (high < 0 || low < 0) return std::nullopt;
    bytes += static_cast<char>(high * 16 + low);
  }
  return bytes;
}

std::string repeated(Reading& reading, const json& value, const std::string& where) {
  const std::string piece = read_bytes(reading, value["repeat"], where);
  const auto times = value.find("times");
  if (times == value.end() || !times->is_number_unsigned()) {
    reading.wrong("\"repeat\" needs \"times\"", where);
    return {};
  }
  const auto count = times->get<std::size_t>();
  // Larger bodies are made while they are sent ("endless_body", "body_repeat"): a configuration is held in memory.
  if (piece.size() != 0 && count > (std::size_t{256} << 20) / piece.size()) {
    reading.wrong("more than 256 MiB of bytes", where);
    return {};
  }
  std::string whole;
  whole.reserve(piece.size() * count);
  for (std::size_t i = 0; i < count; ++i) whole += piece;
  return whole;
}

std::string decoded(Reading& reading, const json& value, const std::string& where) {
  for (const auto& [key, decode] : {std::pair{"hex", &decode_hex}, std::pair{"base64", &decode_base64}}) {
    if (!value.contains(key) || !value[key].is_string()) continue;
    auto bytes = decode(value[key].get_ref<const std::string&>());
    if (!bytes) reading.wrong(std::string("not valid ") + key, where);
    return bytes.value_or("");
  }
  if (value.contains("file") && value["file"].is_string()) return read_file(reading, value["file"], where);
  if (value.contains("repeat")) return repeated(reading, value, where);
  reading.wrong("bytes are a string, an array, or one of base64, hex, repeat, file", where);
  return {};
}

}  // namespace

std::optional<std::string> decode_base64(std::string_view text) {
  std::string bytes;
  unsigned gathered = 0;
  int bits = 0;
  for (const char letter : text) {
    if (letter == '=') break;
    const char plain = letter == '-' ? '+' : letter == '_' ? '/' : letter;
    const int value = digit_of(plain, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/");
    if (value < 0) return std::nullopt;
    gathered = (gathered << 6) | static_cast<unsigned>(value);
    if ((bits += 6) < 8) continue;
    bits -= 8;
    bytes += static_cast<char>((gathered >> bits) & 0xff);
  }
  return bytes;
}

std::string read_bytes(Reading& reading, const json& value, const std::string& where) {
  if (value.is_string()) return value.get<std::string>();
  if (value.is_object()) return decoded(reading, value, where);
  if (!value.is_array()) reading.wrong("bytes are a string, an array, or an object", where);
  std::string bytes;
  if (value.is_array())
    for (const auto& piece : value) bytes += read_bytes(reading, piece, where);
  return bytes;
}

Reader::Reader(Reading& reading, const json& object, std::string where)
    : reading_(reading), object_(object), where_(std::move(where)) {
  if (!object_.is_object()) wrong("not an object");
}

Reader::~Reader() {
  if (!object_.is_object() || reading_.error) return;
  for (const auto& [key, value] : object_.items())
    if (!asked_.contains(key)) wrong("unknown key \"" + key + "\"");
}

const json* Reader::find(const char* key) {
  asked_.insert(key);
  if (!object_.is_object()) return nullptr;
  const auto place = object_.find(key);
  return place == object_.end() ? nullptr : &*place;
}

std::string Reader::at(std::string_view key) const {
  if (key.empty()) return where_;
  return where_.empty() ? std::string(key) : where_ + "." + std::string(key);
}

void Reader::read(const char* key, bool& into) {
  const json* value = find(key);
  if (!value) return;
  if (!value->is_boolean()) return wrong("not true or false", key);
  into = value->get<bool>();
}

void Reader::read(const char* key, std::string& into) {
  const json* value = find(key);
  if (!value) return;
  if (!value->is_string()) return wrong("not a string", key);
  into = value->get<std::string>();
}

bool Reader::read_number(const char* key, std::int64_t& into, std::int64_t lowest, std::int64_t highest) {
  const json* value = find(key);
  if (!value) return false;
  const bool fits =
      value->is_number_integer() && value->get<std::int64_t>() >= lowest && value->get<std::int64_t>() <= highest;
  if (fits) {
    into = value->get<std::int64_t>();
  } else {
    wrong("not a whole number in range", key);
  }
  return fits;
}

void Reader::read(const char* key, milliseconds& into) {
  std::int64_t number = into.count();
  if (read_number(key, number, 0, std::int64_t{1} << 40)) into = milliseconds(number);
}

void Reader::read(const char* key, std::vector<std::string>& into) {
  const json* value = find(key);
  if (!value) return;
  into.clear();
  for (const json& item : value->is_array() ? *value : json::array({*value})) {
    if (!item.is_string()) return wrong("not a string or an array of strings", key);
    into.push_back(item.get<std::string>());
  }
}

void Reader::read(const char* key, Headers& into) {
  const json* value = find(key);
  if (!value) return;
  if (!value->is_array()) return wrong("not an array of [name, value]", key);
  for (const json& pair : *value) {
    if (!pair.is_array() || pair.size() != 2) return wrong("not an array of [name, value]", key);
    into.emplace_back(read_bytes(reading_, pair[0], at(key)), read_bytes(reading_, pair[1], at(key)));
  }
}

void Reader::bytes(const char* key, std::string& into) {
  if (const json* value = find(key)) into = read_bytes(reading_, *value, at(key));
}

void Reader::bytes_list(const char* key, std::vector<std::string>& into) {
  const json* value = find(key);
  if (!value) return;
  if (!value->is_array()) return wrong("not an array", key);
  for (const json& item : *value) into.push_back(read_bytes(reading_, item, at(key)));
}

void Reader::pem(const char* key, std::string& into) {
  read(key, into);
  if (!into.empty() && !into.starts_with("-----BEGIN")) into = read_file(reading_, into, at(key));
}

void Reader::object(const char* key, const std::function<void(Reader&)>& each) {
  const json* value = find(key);
  if (!value) return;
  Reader reader(reading_, *value, at(key));
  each(reader);
}

void Reader::objects(const char* key, const std::function<void(Reader&)>& each) {
  const json* value = find(key);
  if (!value) return;
  if (!value->is_array()) return object(key, each);
  for (std::size_t i = 0; i < value->size(); ++i) {
    Reader reader(reading_, (*value)[i], at(key) + "[" + std::to_string(i) + "]");
    each(reader);
  }
}

}  // namespace fix502::faulty
