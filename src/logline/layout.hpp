#pragma once

// The shape of an access log's line as data: `{client} - {-} [{time}] "{request}" {status} ...`. Words in braces are
// fields, `{-}` is skipped, and everything else stands as it is, a blank for one or more.

#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"
#include "logline/record.hpp"
#include "logline/stamp.hpp"

namespace fix502 {

enum class Field : std::uint8_t {
  skipped,
  client,
  port,
  time,
  request,
  method,
  url,
  status,
  host,
  upstream,
  upstream_status,
  timers,
  connect_time,
  header_time,
  request_time,
  received,
  connection,
  state,
  details,
  hierarchy,
};

class Layout {
 public:
  /// Fails on an unknown field, on one field twice, and where nothing stands between two fields.
  [[nodiscard]] static Result<Layout> compile(std::string_view text);

  /// False where the line has another shape, no valid time, or a status that is none.
  [[nodiscard]] bool parse(std::string_view line, const Clock& clock, Record& record) const;
  [[nodiscard]] bool has(Field field) const;
  [[nodiscard]] const std::string& text() const { return text_; }
  /// What stands right before and after a status, for a scanner to look for.
  [[nodiscard]] std::string before_status() const;
  [[nodiscard]] std::string after_status() const;

 private:
  struct Piece {
    Field field = Field::skipped;
    std::string after;  ///< literal behind the field; empty: the line ends, or goes on as it likes
    bool quoted = false;
  };

  std::string text_;
  std::string head_;  ///< literal before the first field
  std::vector<Piece> pieces_;
  bool open_ = false;  ///< the line may go on behind the last piece
};

/// "log_format main '...' '...';" or the text between its quotes, as nginx' configuration has it; Apache's LogFormat.
[[nodiscard]] Result<Layout> layout_of_nginx(std::string_view log_format);
[[nodiscard]] Result<Layout> layout_of_apache(std::string_view log_format);
/// The layout that these lines have in common; for formats that nobody told us of.
[[nodiscard]] Result<Layout> infer_layout(const std::vector<std::string_view>& lines, const Clock& clock);

/// A field by a name that people give it in key=value and JSON logs; `skipped` where it means nothing to us.
[[nodiscard]] Field field_named(std::string_view name);
/// Writes a field's text into the record; false where the text cannot be that.
[[nodiscard]] bool put(Field field, std::string_view text, const Clock& clock, Record& record);

/// A line shape that is known by name.
struct Format {
  std::string_view name;
  std::string_view gateway;  ///< empty: several write it
  std::string_view layout;
  std::string_view sample;  ///< a test refuses a format that does not read its own sample
};
[[nodiscard]] const std::vector<Format>& formats();

}  // namespace fix502
