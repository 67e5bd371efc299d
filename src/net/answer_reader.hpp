#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "observation/http_exchange.hpp"

namespace fix502 {

/// Gathers an answer while it comes, within bounds: 128 KiB and 1000 fields of header, `max_body` bytes of body.
class AnswerReader {
 public:
  /// Why no more of it is wanted.
  enum class Stop { none, body_full, switched, header_too_large, header_invalid, not_http };

  /// `may_switch`: an upgrade was asked for, so that what follows a 101 is another protocol's.
  explicit AnswerReader(std::size_t max_body, bool may_switch = false) : max_body_(max_body), may_switch_(may_switch) {}

  /// A line of the header as it came, status lines, the empty line and trailers included. False: stop.
  [[nodiscard]] bool take_header(std::string_view line);
  /// A piece of the decoded body. False: stop.
  [[nodiscard]] bool take_body(std::string_view bytes);
  /// What came was the proxy's answer to CONNECT; the site's own comes now.
  void start_again();

  [[nodiscard]] Stop stop() const { return stop_; }
  [[nodiscard]] bool begun() const { return header_bytes_ > 0 || body_bytes_ > 0; }
  [[nodiscard]] bool header_complete() const { return complete_; }
  [[nodiscard]] const std::string& body() const { return body_; }
  /// Names in lower case, values as they came.
  [[nodiscard]] const std::vector<HeaderField>& fields() const { return fields_; }
  [[nodiscard]] std::string take_raw_body() { return std::move(body_); }
  /// The answer's part of the exchange.
  void fill(HttpExchange& exchange, const std::vector<std::string>& secrets) const;
  /// Nothing but its header fields.
  void fill_fields(HttpExchange& exchange, const std::vector<std::string>& secrets) const;

 private:
  [[nodiscard]] bool fail(Stop why);
  [[nodiscard]] bool take_status(std::string_view line);
  [[nodiscard]] bool take_field(std::string_view line);
  void end_of_header();

  std::size_t max_body_;
  bool may_switch_;
  Stop stop_ = Stop::none;
  bool complete_ = false;
  std::size_t header_bytes_ = 0;
  std::size_t field_count_ = 0;
  std::uint64_t body_bytes_ = 0;
  std::uint64_t digest_ = 0;
  std::optional<int> status_;
  std::string version_, reason_, first_bytes_;
  std::vector<HeaderField> fields_;  // raw values
  std::string body_;
  std::optional<WallTime> local_;
};

}  // namespace fix502
