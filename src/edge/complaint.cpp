#include "edge/complaint.hpp"

#include <algorithm>
#include <iterator>
#include <string_view>

#include "signature/signature.hpp"

namespace fix502 {
namespace {

struct CauseRow {
  std::string_view cause;  ///< RFC 9209 2.3
  EdgeComplaint complaint;
};

constexpr CauseRow kCauses[] = {
    {"connection_refused", EdgeComplaint::refused},
    {"connection_timeout", EdgeComplaint::connect_timeout},
    {"destination_ip_unroutable", EdgeComplaint::no_route},
    {"dns_error", EdgeComplaint::no_name},
    {"dns_timeout", EdgeComplaint::no_name},
    {"tls_protocol_error", EdgeComplaint::tls},
    {"tls_alert_received", EdgeComplaint::tls},
    {"tls_certificate_error", EdgeComplaint::certificate},
    {"connection_read_timeout", EdgeComplaint::read_timeout},
    {"http_response_timeout", EdgeComplaint::read_timeout},
    {"connection_terminated", EdgeComplaint::bad_response},
    {"http_protocol_error", EdgeComplaint::bad_response},
    {"http_response_incomplete", EdgeComplaint::bad_response},
    {"http_response_transfer_coding", EdgeComplaint::bad_response},
    {"http_response_header_section_size", EdgeComplaint::header_size},
    {"http_response_header_size", EdgeComplaint::header_size},
};

struct CodeRow {
  int status;
  EdgeComplaint complaint;
};

// Statuses that only edges use: Cloudflare's list, taken over by others.
// https://developers.cloudflare.com/support/troubleshooting/http-status-codes/cloudflare-5xx-errors/
constexpr CodeRow kCodes[] = {
    {520, EdgeComplaint::bad_response}, {521, EdgeComplaint::refused},      {522, EdgeComplaint::connect_timeout},
    {523, EdgeComplaint::no_route},     {524, EdgeComplaint::read_timeout}, {525, EdgeComplaint::tls},
    {526, EdgeComplaint::certificate},  {530, EdgeComplaint::no_name},
};

}  // namespace

EdgeComplaint complaint_of(const HttpExchange& edge) {
  if (!edge.status || *edge.status < 400) return EdgeComplaint::none;
  const auto code = std::ranges::find(kCodes, *edge.status, &CodeRow::status);
  const Signature signature = identify(edge);
  const bool own = signature.self_made && signature.kind == ResponderKind::cdn;
  if (own || code != std::end(kCodes)) {
    const auto cause = std::ranges::find(kCauses, std::string_view(signature.cause), &CauseRow::cause);
    if (cause != std::end(kCauses)) return cause->complaint;
    if (code != std::end(kCodes)) return code->complaint;
  }
  if (!own || *edge.status < 500) return EdgeComplaint::none;
  return *edge.status == 504 ? EdgeComplaint::read_timeout : EdgeComplaint::unknown;
}

bool before_an_answer(EdgeComplaint complaint) {
  switch (complaint) {
    case EdgeComplaint::refused:
    case EdgeComplaint::connect_timeout:
    case EdgeComplaint::no_route:
    case EdgeComplaint::no_name:
    case EdgeComplaint::tls:
    case EdgeComplaint::certificate:
      return true;
    default:
      return false;
  }
}

}  // namespace fix502
