#include "net/dns_failure.hpp"

#include <openssl/err.h>
#include <openssl/sslerr.h>

#include <algorithm>
#include <boost/asio/error.hpp>
#include <boost/asio/ssl/error.hpp>

#include "net/certificates.hpp"

namespace fix502 {
namespace {

namespace errc = boost::system::errc;

struct SocketRow {
  int error;
  Failure failure;
};

constexpr SocketRow kSocketErrors[] = {
    {errc::connection_refused, Failure::refused},
    {errc::network_unreachable, Failure::unreachable},
    {errc::host_unreachable, Failure::unreachable},
    {errc::network_down, Failure::unreachable},
    {EHOSTDOWN, Failure::unreachable},
    {errc::no_protocol_option, Failure::unreachable},  // ICMP "protocol unreachable"
    {errc::timed_out, Failure::connect_timeout},
    {errc::permission_denied, Failure::local_denied},
    {errc::operation_not_permitted, Failure::local_denied},
    {errc::address_not_available, Failure::local_address},
    {errc::no_such_device, Failure::local_address},
    {errc::address_family_not_supported, Failure::unreachable},
    {errc::connection_reset, Failure::reset},
    {errc::broken_pipe, Failure::reset},
};

struct ReasonRow {
  int reason;
  Failure failure;
};

// Alerts of the peer are 1000 plus the alert's number (RFC 8446 6); handshake_failure may mean anything.
constexpr ReasonRow kReasons[] = {
    {SSL_R_TLSV1_ALERT_PROTOCOL_VERSION, Failure::tls_version},
    {SSL_R_UNSUPPORTED_PROTOCOL, Failure::tls_version},
    {SSL_R_NO_PROTOCOLS_AVAILABLE, Failure::tls_version},
    {SSL_R_VERSION_TOO_LOW, Failure::tls_version},
    {SSL_R_WRONG_SSL_VERSION, Failure::tls_version},
    {SSL_R_WRONG_VERSION_NUMBER, Failure::tls_not_tls},
    {SSL_R_HTTP_REQUEST, Failure::tls_not_tls},
    {SSL_R_PACKET_LENGTH_TOO_LONG, Failure::tls_not_tls},
    {SSL_R_UNEXPECTED_EOF_WHILE_READING, Failure::tls_closed},
};

}  // namespace

Failure socket_failure(const boost::system::error_code& error) {
  if (error == boost::asio::error::eof) return Failure::closed_early;
  if (error.category() != boost::system::system_category()) return Failure::other;
  const auto* row = std::ranges::find(kSocketErrors, error.value(), &SocketRow::error);
  return row == std::end(kSocketErrors) ? Failure::other : row->failure;
}

Failure greeting_failure(const boost::system::error_code& error, const SSL* session) {
  if (error == boost::asio::error::eof || error == boost::asio::ssl::error::stream_truncated)
    return Failure::tls_closed;
  if (error.category() != boost::asio::error::get_ssl_category()) {
    const Failure failure = socket_failure(error);
    return failure == Failure::reset ? Failure::tls_reset : failure;
  }
  const int reason = ERR_GET_REASON(static_cast<unsigned long>(error.value()));
  if (reason == SSL_R_CERTIFICATE_VERIFY_FAILED)
    return certificate_failure(static_cast<int>(SSL_get_verify_result(session)));
  const auto* row = std::ranges::find(kReasons, reason, &ReasonRow::reason);
  if (row != std::end(kReasons)) return row->failure;
  return reason > SSL_AD_REASON_OFFSET ? Failure::tls_alert : Failure::tls_failed;
}

}  // namespace fix502
