#pragma once

// One line of whatever log, taken apart.

#include <deque>
#include <string>
#include <string_view>
#include <vector>

#include "logline/layout.hpp"
#include "logline/record.hpp"

namespace fix502 {

/// What is known of the file that a line stands in.
struct LineContext {
  Clock clock;
  std::vector<const Layout*> layouts;  ///< of this file, tried before the known ones
  std::string_view gateway = {};       ///< whose log it is, where a line cannot say (combined)
  std::string_view program = {};       ///< the application whose log it is (php-fpm, gunicorn ...), where it was named
  std::vector<std::string>* columns = nullptr;  ///< the last `#Fields:` of a W3C log
  MessageMemo* nginx = nullptr;                 ///< what its messages meant; may be null
};

/// Holds texts that do not stand in the line as they are (JSON's escapes).
using Arena = std::deque<std::string>;

enum class Reading : std::uint8_t {
  known,     ///< a record
  innocent,  ///< a line of a known shape about nothing that concerns us
  unknown,   ///< no shape that we know
};

/// Reads the line; a record whose time is missing has `at` 0. Never fails: what is not understood is `unknown`.
[[nodiscard]] Reading read_line(std::string_view line, const LineContext& context, Arena& arena, Record& record);

/// Without what syslog, journald, Docker or a Kubernetes runtime put before it; their stamp is kept as the record's
/// time.
[[nodiscard]] std::string_view without_prefix(std::string_view line, const Clock& clock, Record& record);

/// Numbers, addresses and quoted texts taken out, so that lines of one kind look alike; at most 100 bytes.
[[nodiscard]] std::string shape_of(std::string_view line);

namespace lines {
/// Does it begin as nginx' error log's lines do? No syslog prefix looks like that.
[[nodiscard]] inline bool is_nginx_error(std::string_view line) {
  return line.size() >= 24 && line[4] == '/' && line[19] == ' ' && line[20] == '[';
}
// One file each; false: not such a line.
[[nodiscard]] bool read_nginx_error(std::string_view line, const LineContext& context, Record& record);
[[nodiscard]] bool read_apache_error(std::string_view line, const LineContext& context, Record& record);
[[nodiscard]] bool read_other_error(std::string_view line, const LineContext& context, Record& record);
[[nodiscard]] bool read_json(std::string_view line, const LineContext& context, Arena& arena, Record& record);
[[nodiscard]] bool read_w3c(std::string_view line, const LineContext& context, Record& record);
}  // namespace lines

/// The text after `begin` up to `end`, or nothing.
[[nodiscard]] std::string_view between(std::string_view text, std::string_view begin, std::string_view end);

}  // namespace fix502
