#include "net/answer_reader.hpp"

#include <curl/curl.h>
#include <fmt/format.h>

#include <algorithm>

#include "base/text.hpp"
#include "net/redaction.hpp"

namespace fix502 {
namespace {

constexpr std::size_t kMaxHeader = 128 * 1024;  // bytes, interim answers and trailers included
constexpr std::size_t kMaxFields = 1000;
constexpr std::size_t kKeptFields = 100;
constexpr std::size_t kKeptName = 128;
constexpr std::size_t kKeptValue = 16 * 1024;  // what is cut is missing where a header is too large for a CDN
constexpr std::size_t kKeptReason = 120;
constexpr std::size_t kSample = 2048;
constexpr std::size_t kFirstBytes = 32;
// FNV-1a, 64 bits (http://www.isthe.com/chongo/tech/comp/fnv/): tells bodies apart, is no defence against forgers.
constexpr std::uint64_t kFnvBasis = 0xCBF29CE484222325ULL;
constexpr std::uint64_t kFnvPrime = 0x100000001B3ULL;

bool is_digit(char c) {
  return c >= '0' && c <= '9';
}

std::string_view without_line_end(std::string_view line) {
  while (line.ends_with('\n') || line.ends_with('\r')) line.remove_suffix(1);
  return line;
}

}  // namespace

bool AnswerReader::fail(Stop why) {
  stop_ = why;
  return false;
}

bool AnswerReader::take_header(std::string_view line) {
  if (stop_ != Stop::none) return false;
  header_bytes_ += line.size();
  if (header_bytes_ > kMaxHeader || ++field_count_ > kMaxFields) return fail(Stop::header_too_large);
  if (complete_) return true;  // trailers
  const auto text = without_line_end(line);
  if (!status_) return take_status(text);
  if (text.empty()) {
    end_of_header();
    return may_switch_ && complete_ && status_ == 101 ? fail(Stop::switched) : true;
  }
  return take_field(text);
}

bool AnswerReader::take_status(std::string_view line) {
  // RFC 9112 4: HTTP-version SP 3DIGIT SP [reason]; over HTTP/2 curl makes up "HTTP/2 200".
  const auto space = line.find(' ');
  const auto code = space == line.npos ? std::string_view{} : line.substr(space + 1, 3);
  const auto rest = space == line.npos ? std::string_view{} : line.substr(std::min(space + 4, line.size()));
  const bool three_digits = code.size() == 3 && std::ranges::all_of(code, is_digit) && code[0] != '0';
  if (!line.starts_with("HTTP/") || !three_digits || (!rest.empty() && rest[0] != ' ')) {
    first_bytes_ = std::string(line.substr(0, kFirstBytes));
    return fail(Stop::not_http);
  }
  version_ = printable(line.substr(5, space - 5), 8);
  status_ = (code[0] - '0') * 100 + (code[1] - '0') * 10 + (code[2] - '0');
  reason_ = printable(trim(rest), kKeptReason);
  return true;
}

bool AnswerReader::take_field(std::string_view line) {
  // RFC 9112 5.2: an old folded line goes on with the value before it.
  if ((line[0] == ' ' || line[0] == '\t') && !fields_.empty()) {
    std::string& value = fields_.back().value;
    if (value.size() < kKeptValue) (value += ' ') += trim(line).substr(0, kKeptValue);
    return true;
  }
  const auto colon = line.find(':');
  if (colon == line.npos || trim(line.substr(0, colon)).empty()) return fail(Stop::header_invalid);
  std::string name = lower(trim(line.substr(0, colon)));
  const auto value = trim(line.substr(colon + 1));
  // RFC 9112 6.3: differing lengths make the end of the message anybody's guess; browsers refuse it as well.
  if (name == "content-length" && std::ranges::any_of(fields_, [&](const HeaderField& field) {
        return field.name == name && field.value != value;
      }))
    return fail(Stop::header_invalid);
  if (fields_.size() < kKeptFields) fields_.push_back({std::move(name), std::string(value)});
  return true;
}

void AnswerReader::end_of_header() {
  // RFC 9110 15.2: interim answers come before the final one; 101 is final.
  if (*status_ < 200 && *status_ != 101) {
    status_.reset();
    fields_.clear();
    return;
  }
  complete_ = true;
  local_ = std::chrono::floor<std::chrono::seconds>(std::chrono::system_clock::now());
}

bool AnswerReader::take_body(std::string_view bytes) {
  if (stop_ != Stop::none) return false;
  if (body_bytes_ == 0) digest_ = kFnvBasis;
  const auto wanted = bytes.substr(0, max_body_ - std::min<std::size_t>(body_.size(), max_body_));
  body_ += wanted;
  body_bytes_ += wanted.size();
  for (const char c : wanted) digest_ = (digest_ ^ static_cast<unsigned char>(c)) * kFnvPrime;
  if (!status_ || !complete_) {
    // curl hands over as a body what has no header: HTTP/0.9, or no HTTP at all.
    version_ = "0.9";
    first_bytes_ = body_.substr(0, kFirstBytes);
    return fail(Stop::not_http);
  }
  return wanted.size() == bytes.size() ? true : fail(Stop::body_full);
}

void AnswerReader::start_again() {
  *this = AnswerReader(max_body_, may_switch_);
}

void AnswerReader::fill_fields(HttpExchange& exchange, const std::vector<std::string>& secrets) const {
  for (const auto& [name, value] : fields_) {
    const std::string shown = without(without_secret(name, value), secrets);
    exchange.headers.push_back({printable(name, kKeptName), printable(shown, kKeptValue)});
  }
}

void AnswerReader::fill(HttpExchange& exchange, const std::vector<std::string>& secrets) const {
  fill_fields(exchange, secrets);
  exchange.http_version = version_;
  if (complete_) {
    exchange.status = status_;
    exchange.reason = reason_;
    exchange.local = local_;
  }
  if (const std::string* date = exchange.header("date"))
    if (const time_t when = curl_getdate(date->c_str(), nullptr); when > 0)
      exchange.date = WallTime(std::chrono::seconds(when));
  exchange.body_bytes = body_bytes_;
  exchange.body_sample = printable(without(body_.substr(0, 2 * kSample), secrets), kSample, true);
  if (body_bytes_ > 0) exchange.body_digest = fmt::format("{:016x}", digest_);
  exchange.first_bytes = hex(first_bytes_, kFirstBytes);
}

}  // namespace fix502
