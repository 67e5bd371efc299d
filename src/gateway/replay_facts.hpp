#pragma once

// What an upstream did when it was sent the gateway's own request, or that request with one thing changed.

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "gateway/route.hpp"
#include "observation/http_exchange.hpp"

namespace fix502 {

// The keys of Replay::varied, and what their values say. One key a contrast, so that what differs is known.
//   family "ipv4"|"ipv6" · tls "on"|"off" · sni NAME · name NAME (verified against) · trust FILE · verify "off" ·
//   tls_version "TLSv1.2" · protocol WORD (protocols.def; with "script" FILE for FastCGI) · script FILE · http "1.0" ·
//   time MS (a longer limit) · address ENDPOINT (another program of this machine) · upgrade "websocket" · check PATH ·
//   method "GET" (in place of an unsafe one)

/// What is wrong with a response's header, whoever judges it.
enum class HeaderFlaw {
  none,
  no_status_line,  ///< bytes came, and they are no HTTP response (HTTP/0.9, another protocol)
  no_colon,        ///< a line without a colon
  space_before_colon,
  bad_name,            ///< a byte that no field name has
  bad_byte,            ///< NUL or another control in a value
  twice_length,        ///< Content-Length twice
  length_and_chunked,  ///< Content-Length beside Transfer-Encoding
  bad_length,          ///< Content-Length is no number
  bad_coding,          ///< Transfer-Encoding is none that is known, or stands there twice
  bad_status,          ///< a status that is no number of three digits
  never_ends,          ///< no blank line within what was read
};
[[nodiscard]] std::string_view to_word(HeaderFlaw flaw);
[[nodiscard]] bool from_word(std::string_view word, HeaderFlaw& flaw);

/// How the body's end is known, and whether it came.
enum class BodyEnd { none, whole, short_of_length, no_last_chunk, bad_chunk, until_close, stalled, not_read };
[[nodiscard]] std::string_view to_word(BodyEnd end);
[[nodiscard]] bool from_word(std::string_view word, BodyEnd& end);

/// One exchange with one upstream.
struct Replay {
  std::size_t server = 0;  ///< index in Route::servers
  std::string endpoint;    ///< where it went: "127.0.0.1:8000", "unix:/run/app.sock"
  std::map<std::string, std::string>
      varied;  ///< what differs from the gateway's own request, e.g. {"tls": "on"}; empty: nothing
  Protocol protocol = Protocol::http1_0;
  std::string reproduce;  ///< a command that does the same, where there is one (curl, cgi-fcgi)

  Failure failure = Failure::none;  ///< of the whole exchange; `none`: a whole response came, of any status
  Phase reached = Phase::resolve;
  int system_error = 0;                ///< errno of connect, read or write; 0: none
  std::string detail;                  ///< in the library's or system's words, printable
  std::vector<std::string> addresses;  ///< that the name has now, as the gateway would look it up; empty for an address

  std::optional<int> status;
  std::string http_version;          ///< "1.1"; empty: not HTTP
  std::vector<HeaderField> headers;  ///< printable, at most 200
  std::uint64_t header_bytes = 0;    ///< from the first byte through the blank line
  std::uint64_t longest_field = 0;   ///< the longest header line, its line end counted in
  int field_count = 0;
  HeaderFlaw flaw = HeaderFlaw::none;
  std::string flawed_line;  ///< printable, cut
  BodyEnd body_end = BodyEnd::none;
  std::uint64_t body_bytes = 0;
  std::optional<std::uint64_t> announced;  ///< Content-Length
  std::string first_bytes;                 ///< hexadecimal, where it is no response of the protocol
  std::string looks_like;     ///< what the bytes are, where known: "TLS", "HTTP", "FastCGI", "SSH", "HTTP/2"
  std::string body_sample;    ///< the first 2 KiB, printable
  std::string errors;         ///< FastCGI's error stream, printable
  bool closed_after = false;  ///< the upstream closed when the response was over

  Duration connect{}, tls{}, first_byte{}, total{};
  std::string tls_version;
  std::vector<Certificate> chain;
  int verify_error = 0;  ///< X509_V_ERR_*, with the gateway's own trust and name
  int alert = -1;

  /// The gateway's own request; one whose method is not safe is sent as a GET.
  [[nodiscard]] bool is_own() const { return varied.empty() || (varied.size() == 1 && varied.contains("method")); }
  [[nodiscard]] const std::string* header(std::string_view name) const;
  bool operator==(const Replay&) const = default;
  static constexpr void fields(auto&& field) {
    field("server", &Replay::server);
    field("endpoint", &Replay::endpoint);
    field("varied", &Replay::varied);
    field("protocol", &Replay::protocol);
    field("reproduce", &Replay::reproduce);
    field("failure", &Replay::failure);
    field("reached", &Replay::reached);
    field("system_error", &Replay::system_error);
    field("detail", &Replay::detail);
    field("addresses", &Replay::addresses);
    field("status", &Replay::status);
    field("http_version", &Replay::http_version);
    field("headers", &Replay::headers);
    field("header_bytes", &Replay::header_bytes);
    field("longest_field", &Replay::longest_field);
    field("field_count", &Replay::field_count);
    field("flaw", &Replay::flaw);
    field("flawed_line", &Replay::flawed_line);
    field("body_end", &Replay::body_end);
    field("body_bytes", &Replay::body_bytes);
    field("announced", &Replay::announced);
    field("first_bytes", &Replay::first_bytes);
    field("looks_like", &Replay::looks_like);
    field("body_sample", &Replay::body_sample);
    field("errors", &Replay::errors);
    field("closed_after", &Replay::closed_after);
    field("connect_ms", &Replay::connect);
    field("tls_ms", &Replay::tls);
    field("first_byte_ms", &Replay::first_byte);
    field("total_ms", &Replay::total);
    field("tls_version", &Replay::tls_version);
    field("chain", &Replay::chain);
    field("verify_error", &Replay::verify_error);
    field("alert", &Replay::alert);
  }
};

/// How long an upstream keeps a connection on which nothing is asked (one harmless request, then silence).
struct IdleWatch {
  std::size_t server = 0;
  bool kept = false;                 ///< it was kept after the response at all
  std::optional<Duration> limit;     ///< until the upstream closed; nothing: still open when we stopped
  Duration watched{};                ///< how long we looked
  std::optional<Duration> promised;  ///< "Keep-Alive: timeout=5"

  bool operator==(const IdleWatch&) const = default;
  static constexpr void fields(auto&& field) {
    field("server", &IdleWatch::server);
    field("kept", &IdleWatch::kept);
    field("limit_ms", &IdleWatch::limit);
    field("watched_ms", &IdleWatch::watched);
    field("promised_ms", &IdleWatch::promised);
  }
};

}  // namespace fix502
