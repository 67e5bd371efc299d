#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/fields.hpp"
#include "observation/words.hpp"

namespace fix502 {

/// One field line of an answer; the name in lower case, both made printable when they were seen.
struct HeaderField {
  std::string name;
  std::string value;

  bool operator==(const HeaderField&) const = default;
  static constexpr void fields(auto&& field) {
    field("name", &HeaderField::name);
    field("value", &HeaderField::value);
  }
};

/// One certificate of the peer's chain, the leaf first.
struct Certificate {
  std::string subject;
  std::string issuer;
  std::vector<std::string> names;  ///< the subject alternative names, "DNS:" left out
  std::optional<WallTime> not_before;
  std::optional<WallTime> not_after;
  std::string fingerprint = {};  ///< SHA-256 of its DER form, lower-case hexadecimal

  bool operator==(const Certificate&) const = default;
  static constexpr void fields(auto&& field) {
    field("subject", &Certificate::subject);
    field("issuer", &Certificate::issuer);
    field("names", &Certificate::names);
    field("not_before", &Certificate::not_before);
    field("not_after", &Certificate::not_after);
    field("fingerprint", &Certificate::fingerprint);
  }
};

/// How long each phase took, in itself (not cumulative as curl's figures are).
struct PhaseTimes {
  std::optional<Duration> connect;     ///< to the TCP handshake's end
  std::optional<Duration> tls;         ///< TLS greeting
  std::optional<Duration> first_byte;  ///< from the request's last byte to the answer's first
  std::optional<Duration> body;        ///< from the first byte to the end

  bool operator==(const PhaseTimes&) const = default;
  static constexpr void fields(auto&& field) {
    field("connect_ms", &PhaseTimes::connect);
    field("tls_ms", &PhaseTimes::tls);
    field("first_byte_ms", &PhaseTimes::first_byte);
    field("body_ms", &PhaseTimes::body);
  }
};

/// One request and what came back: a single exchange, a redirect is never followed inside it.
struct HttpExchange {
  // What was asked.
  std::string url;
  std::string method = "GET";
  std::string client;               ///< the client profile: "browser", "curl", ...
  std::string proxy;                ///< "http://proxy.example:3128", credentials left out; empty: direct
  std::uint64_t request_bytes = 0;  ///< request head as sent, approximately
  int request_on_connection = 1;    ///< 1: the connection's first request

  // Whom, and over what.
  std::string address;  ///< the peer's address, no port; empty when no connection was made
  std::uint16_t port = 0;
  Family family = Family::unknown;
  std::string http_version;  ///< as answered: "0.9", "1.0", "1.1", "2"; empty without an answer
  std::string tls_version;   ///< "TLSv1.3"; empty without TLS
  std::vector<Certificate> chain;
  int verify_error = 0;  ///< X509_V_ERR_*, 0 = accepted or not checked

  // What came back.
  Failure failure = Failure::none;
  Phase reached = Phase::resolve;  ///< the last phase that began
  std::string detail;              ///< the failure in the library's words
  int alert = -1;                  ///< TLS alert description (RFC 8446 6), -1 = none seen
  std::optional<int> status;
  std::string reason;                ///< the reason phrase, HTTP/1 only
  std::optional<int> tunnel_status;  ///< the proxy's answer to CONNECT
  std::vector<HeaderField> headers;
  std::uint64_t body_bytes = 0;  ///< received and decoded, up to the reading bound
  bool body_cut_by_us = false;   ///< there was more than we were willing to read
  std::string body_sample;       ///< the first 2 KiB, made printable, markup kept
  std::string body_digest;       ///< of what was read; equal bodies have equal digests
  std::string first_bytes;       ///< hexadecimal, where the answer is not HTTP
  std::string location;          ///< absolute target of a redirect
  PhaseTimes times;
  std::optional<WallTime> date;   ///< the Date field
  std::optional<WallTime> local;  ///< this machine's clock when the header came

  static constexpr std::string_view kind = "http";
  bool operator==(const HttpExchange&) const = default;
  static constexpr void fields(auto&& field) {
    field("url", &HttpExchange::url);
    field("method", &HttpExchange::method);
    field("client", &HttpExchange::client);
    field("proxy", &HttpExchange::proxy);
    field("request_bytes", &HttpExchange::request_bytes);
    field("request_on_connection", &HttpExchange::request_on_connection);
    field("address", &HttpExchange::address);
    field("port", &HttpExchange::port);
    field("family", &HttpExchange::family);
    field("http_version", &HttpExchange::http_version);
    field("tls_version", &HttpExchange::tls_version);
    field("chain", &HttpExchange::chain);
    field("verify_error", &HttpExchange::verify_error);
    field("failure", &HttpExchange::failure);
    field("reached", &HttpExchange::reached);
    field("detail", &HttpExchange::detail);
    field("alert", &HttpExchange::alert);
    field("status", &HttpExchange::status);
    field("reason", &HttpExchange::reason);
    field("tunnel_status", &HttpExchange::tunnel_status);
    field("headers", &HttpExchange::headers);
    field("body_bytes", &HttpExchange::body_bytes);
    field("body_cut_by_us", &HttpExchange::body_cut_by_us);
    field("body_sample", &HttpExchange::body_sample);
    field("body_digest", &HttpExchange::body_digest);
    field("first_bytes", &HttpExchange::first_bytes);
    field("location", &HttpExchange::location);
    field("times", &HttpExchange::times);
    field("date", &HttpExchange::date);
    field("local", &HttpExchange::local);
  }

  /// The first field of that (lower-case) name; null where there is none. Lives as long as the exchange.
  [[nodiscard]] const std::string* header(std::string_view name) const {
    for (const auto& field : headers)
      if (field.name == name) return &field.value;
    return nullptr;
  }
  [[nodiscard]] bool has_header(std::string_view name, std::string_view part = {}) const;
  /// A whole answer that sends its reader on (RFC 9110 15.4).
  [[nodiscard]] bool redirects() const {
    return failure == Failure::none && status && *status >= 301 && *status <= 308 && *status != 304 &&
           !location.empty();
  }
};

}  // namespace fix502
