#pragma once

// What gateways and applications write about a broken way to the server behind: one row per wording. Both `fix502 logs`
// and `fix502 gateway` read these tables, so that a line means the same to both.

#include <array>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace fix502 {

/// How much a line by itself says about its fault.
enum class Sureness : std::uint8_t {
  certain,   ///< nothing else makes the program write this
  likely,    ///< the usual reason
  possible,  ///< one of several; another line or a replay has to settle it
};
[[nodiscard]] std::string_view to_word(Sureness sureness);
[[nodiscard]] bool from_word(std::string_view word, Sureness& sureness);

/// What a line is to the request that it is about.
enum class Weight : std::uint8_t {
  failure,    ///< the request got no answer from the upstream; another upstream may still have been tried
  cut,        ///< the client had the head of the answer already; an access log shows 200
  secondary,  ///< a consequence of an earlier failure ("no live upstreams"), its cause stands elsewhere
  trouble,    ///< an application's own line: about no single request
  mark,       ///< a health check: says why an upstream is down, counts no request
  change,     ///< a reload, restart or new certificate: what happened at the minute
};

/// "If `program` writes that, it means this fault."
struct Message {
  std::string_view program;  ///< nginx, haproxy, apache, go (Caddy, Traefik ...), php-fpm, ...
  std::string_view pattern;  ///< literal pieces in this order; `*` between them stands for anything
  std::string_view fault;    ///< of the catalogue; empty for a change
  std::string_view cause;    ///< RFC 9209 error type; empty where none fits
  Sureness sureness = Sureness::certain;
  Weight weight = Weight::failure;
  std::string_view source;  ///< the version that was seen to write it, or the document or source file that says so
  std::string_view sample;  ///< a whole line; a test finds this row by it
  std::string_view upstream_after = {};  ///< the upstream stands behind this text, where no field names it
};

/// All rows. A program's own rows stand in order: the first that fits decides.
[[nodiscard]] const std::vector<Message>& messages();

/// Do the pattern's pieces stand in the text, in order?
[[nodiscard]] bool fits(std::string_view pattern, std::string_view text);
/// The piece of a pattern that a scanner looks for first: the longest.
[[nodiscard]] std::string_view key_of(std::string_view pattern);

/// The first row of the program (or of "go", where it is written in Go) that fits; null: none does.
[[nodiscard]] const Message* find_message(std::string_view program, std::string_view text);
/// The same, whatever program wrote the text.
[[nodiscard]] const Message* find_message(std::string_view text);

/// What texts of one program meant: it words the same trouble alike, thousands of times. Of a fixed size; for one
/// thread.
class MessageMemo {
 public:
  explicit MessageMemo(std::string_view program) : program_(program) {}
  /// The same as find_message(program, text).
  [[nodiscard]] const Message* find(std::string_view text);

 private:
  struct Place {
    std::string text;
    const Message* message = nullptr;
  };
  std::string_view program_;
  std::array<Place, 256> places_;
};

namespace tables {
[[nodiscard]] std::span<const Message> nginx_messages();
[[nodiscard]] std::span<const Message> haproxy_messages();
[[nodiscard]] std::span<const Message> apache_messages();
[[nodiscard]] std::span<const Message> go_messages();
[[nodiscard]] std::span<const Message> other_gateway_messages();
[[nodiscard]] std::span<const Message> application_messages();
}  // namespace tables

}  // namespace fix502
