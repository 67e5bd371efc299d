#include "logline/layout.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <utility>

#include "base/text.hpp"

namespace fix502 {
namespace {

constexpr std::array<std::pair<std::string_view, Field>, 20> kFields = {{
    {"-", Field::skipped},
    {"client", Field::client},
    {"port", Field::port},
    {"time", Field::time},
    {"request", Field::request},
    {"method", Field::method},
    {"url", Field::url},
    {"status", Field::status},
    {"host", Field::host},
    {"upstream", Field::upstream},
    {"upstream_status", Field::upstream_status},
    {"timers", Field::timers},
    {"connect_time", Field::connect_time},
    {"header_time", Field::header_time},
    {"request_time", Field::request_time},
    {"received", Field::received},
    {"connection", Field::connection},
    {"state", Field::state},
    {"details", Field::details},
    {"hierarchy", Field::hierarchy},
}};

std::optional<Field> field_of(std::string_view word) {
  const auto found = std::ranges::find(kFields, word, &std::pair<std::string_view, Field>::first);
  if (found == kFields.end()) return std::nullopt;
  return found->second;
}

/// The last number of "0.001, 0.002 : -"; what stands there of the last upstream tried.
std::optional<double> last_number(std::string_view text) {
  const auto comma = text.find_last_of(",: ");
  if (comma != text.npos) text.remove_prefix(comma + 1);
  double value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc{} || end == text.data() || !(value >= 0)) return std::nullopt;
  return value;
}

/// HAProxy's TR/Tw/Tc/Tr/Ta, of tcplog Tw/Tc/Tt, in milliseconds; -1 is what never came.
bool put_timers(std::string_view text, Record& record) {
  std::array<double, 5> values{};
  std::size_t count = 0;
  for (const std::string_view part : split(text, '/')) {
    if (count == values.size()) return false;
    std::string_view digits = part;
    if (digits.starts_with('+')) digits.remove_prefix(1);
    int value = 0;
    const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), value);
    if (error != std::errc{} || end != digits.data() + digits.size()) return false;
    values.at(count++) = value;
  }
  const std::size_t connect = count == 5 ? 2 : 1;
  if (count != 5 && count != 3) return false;
  record.has_connect_time = true;
  record.has_header_time = count == 5;
  if (values.at(connect) >= 0) record.connect_time = values.at(connect) / 1000;
  if (count == 5 && values[3] >= 0) record.header_time = values[3] / 1000;
  if (values.at(count - 1) >= 0) record.request_time = values.at(count - 1) / 1000;
  return true;
}

bool put_status(std::string_view text, Record& record) {
  if (text == "-" || text == "0" || text == "000") return true;
  if (text.size() != 3) return text == "-1";
  int value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + 3, value);
  record.status = value;
  return error == std::errc{} && end == text.data() + 3 && value >= 0;
}

void put_request(std::string_view text, Record& record) {
  record.request = text;
  const auto method_end = text.find(' ');
  if (method_end == text.npos || method_end > 20) return;
  record.method = text.substr(0, method_end);
  text.remove_prefix(method_end + 1);
  record.url = text.substr(0, text.find(' '));
}

/// Does the literal stand at the head of the line, a blank of it for any number of blanks? npos: no; else its length.
std::size_t literal_length(std::string_view literal, std::string_view line) {
  if (line.starts_with(literal)) {
    std::size_t length = literal.size();
    if (literal.ends_with(' '))
      while (length < line.size() && line[length] == ' ') ++length;
    return length;
  }
  if (literal.find(' ') == literal.npos) return line.npos;
  std::size_t at = 0;
  for (const char c : literal) {
    if (at >= line.size() || line[at] != c) return line.npos;
    ++at;
    if (c == ' ')
      while (at < line.size() && line[at] == ' ') ++at;
  }
  return at;
}

/// nginx separates the upstreams that it tried by ", ", and those of an internal redirect by " : ".
bool goes_on(std::string_view line, std::size_t at) {
  return at > 0 && line[at] == ' ' &&
         (line[at - 1] == ',' || line.substr(at, 3) == " : " || line.substr(at - 1, 3) == " : ");
}

/// Where the field ends: at the literal that follows it. A backslash hides a quote, as Apache and Caddy write them.
std::size_t field_end(std::string_view line, std::string_view after, bool quoted) {
  for (std::size_t at = 0; at < line.size(); ++at) {
    if (!quoted) {
      at = line.find(after.front(), at);
      if (at == line.npos) return at;
      if (goes_on(line, at)) continue;
    } else {
      at = line.find_first_of("\"\\", at);
      if (at == line.npos) return at;
      if (line[at] == '\\') {
        ++at;
        continue;
      }
    }
    if (literal_length(after, line.substr(at)) != line.npos) return at;
  }
  return line.npos;
}

}  // namespace

bool put(Field field, std::string_view text, const Clock& clock, Record& record) {
  switch (field) {
    case Field::skipped:
      return true;
    case Field::client:
      record.client = text;
      return text.find(' ') == text.npos;
    case Field::port:
      record.port = text;
      return text.size() <= 5 && text.find_first_not_of("0123456789") == text.npos;
    case Field::time: {
      const auto moment = read_moment(text, clock);
      if (!moment) return false;
      record.at = moment->at;
      record.micros = moment->micros;
      return true;
    }
    case Field::request:
      put_request(text, record);
      return true;
    case Field::method:
      record.method = text;
      return true;
    case Field::url:
      record.url = text;
      return true;
    case Field::status:
      return put_status(text, record);
    case Field::host:
      if (text != "-" && text != "_") record.host = text;
      return true;
    case Field::upstream:
      if (text != "-") record.upstream = text;
      return true;
    case Field::upstream_status:
      if (text != "-") record.upstream_status = text;
      return true;
    case Field::timers:
      return put_timers(text, record);
    case Field::connect_time:
      record.has_connect_time = true;
      record.connect_time = last_number(text);
      return true;
    case Field::header_time:
      record.has_header_time = true;
      record.header_time = last_number(text);
      return true;
    case Field::request_time:
      record.request_time = last_number(text);
      return true;
    case Field::received:
      record.received = last_number(text);
      return true;
    case Field::connection:
      record.connection = text;
      return true;
    case Field::state:
      record.state = text;
      return true;
    case Field::details:
      record.details = text;
      return true;
    case Field::hierarchy:
      // Squid's "FIRSTUP_PARENT/127.0.0.1"
      if (const auto slash = text.find('/'); slash != text.npos && !text.ends_with("/-"))
        record.upstream = text.substr(slash + 1);
      return true;
  }
  return true;
}

Result<Layout> Layout::compile(std::string_view text) {
  Layout layout;
  layout.text_ = text;
  std::size_t seen = 0;
  std::string* literal = &layout.head_;
  while (!text.empty()) {
    const auto brace = text.find('{');
    const auto end = brace == text.npos ? brace : text.find('}', brace);
    const auto field = end == text.npos ? std::nullopt : field_of(text.substr(brace + 1, end - brace - 1));
    if (!field) {
      // A brace that begins no field stands for itself (JSON).
      const std::size_t taken = brace == text.npos ? text.size() : brace + 1;
      literal->append(text.substr(0, taken));
      text.remove_prefix(taken);
      continue;
    }
    literal->append(text.substr(0, brace));
    if (literal->empty() && !layout.pieces_.empty()) return fail("nothing stands between two fields", layout.text_);
    const std::size_t bit = std::size_t{1} << static_cast<unsigned>(*field);
    if (*field != Field::skipped && (seen & bit) != 0) return fail("a field stands twice", layout.text_);
    seen |= bit;
    const bool quoted = literal->ends_with('"');
    layout.pieces_.push_back({.field = *field, .after = {}, .quoted = quoted});
    literal = &layout.pieces_.back().after;
    text.remove_prefix(end + 1);
  }
  if (layout.pieces_.empty()) return fail("a layout without a field", layout.text_);
  if (layout.pieces_.back().after.ends_with("...")) {
    layout.open_ = true;
    layout.pieces_.back().after.resize(layout.pieces_.back().after.size() - 3);
  }
  for (Piece& piece : layout.pieces_) piece.quoted = piece.quoted && piece.after.starts_with('"');
  return layout;
}

bool Layout::parse(std::string_view line, const Clock& clock, Record& record) const {
  record.line = line;
  if (const auto length = literal_length(head_, line); length != line.npos)
    line.remove_prefix(length);
  else
    return false;
  for (const Piece& piece : pieces_) {
    std::size_t end = line.size();
    if (!piece.after.empty()) {
      end = field_end(line, piece.after, piece.quoted);
      if (end == line.npos) return false;
    } else if (!open_) {
      // The last field has no blank in it, lists excepted: otherwise the line has columns that the layout does not
      // know.
      for (end = line.find(' '); end != line.npos && goes_on(line, end);) end = line.find(' ', end + 1);
      end = std::min(end, line.size());
    }
    if (!put(piece.field, line.substr(0, end), clock, record)) return false;
    line.remove_prefix(end);
    if (!piece.after.empty()) line.remove_prefix(literal_length(piece.after, line));
  }
  return open_ || trim(line).empty();
}

bool Layout::has(Field field) const {
  return std::ranges::find(pieces_, field, &Piece::field) != pieces_.end();
}

std::string Layout::before_status() const {
  std::string_view before = head_;
  for (const Piece& piece : pieces_) {
    if (piece.field == Field::status) break;
    before = piece.after;
  }
  return std::string(before.substr(before.size() > 8 ? before.size() - 8 : 0));
}

std::string Layout::after_status() const {
  const auto found = std::ranges::find(pieces_, Field::status, &Piece::field);
  return found == pieces_.end() ? std::string() : found->after.substr(0, 4);
}

}  // namespace fix502
