#include "fault/said.hpp"

#include <fmt/format.h>

namespace fix502 {

std::string said_fault(const HttpExchange& http) {
  if (http.failure != Failure::none && !http.status) return {};
  std::string said = identify(http).fault;
  // Numbers that only CDNs use speak for themselves (Cloudflare's list, taken over by others).
  if (said.empty() && has_status(&http, {520})) said = "cdn.origin-bad-response";
  if (said.empty() && has_status(&http, {521, 522, 523, 530})) said = "cdn.origin-unreachable";
  if (said.empty() && has_status(&http, {525, 526})) said = "cdn.origin-tls";
  return said;
}

std::string speaker(const HttpExchange& http) {
  const Signature signature = identify(http);
  if (signature.product.empty() || signature.product == "application") return "the gateway";
  return signature.kind == ResponderKind::cdn ? signature.product : fmt::format("the gateway ({})", signature.product);
}

std::optional<Finding> as_the_answer_says(const Picture& picture, std::string_view fault) {
  const HttpExchange* error = steady_error(picture);
  if (error == nullptr || said_fault(*error) != fault) return std::nullopt;
  const Signature signature = identify(*error);
  Finding finding = about_error(picture, Certainty::proven, {});
  finding.scope = Scope::everyone;
  finding.subject = signature.code;
  const FaultInfo* info = find_fault(fault);
  const std::string said = story(*error);
  // A status like 521 is a code of its own.
  const bool known = signature.code.empty() || said.find(signature.code) != std::string::npos;
  finding.summary =
      fmt::format("{}: {} says {}{}.", info->title, signature.product.empty() ? "the gateway" : signature.product, said,
                  known ? "" : " (" + printable(signature.code, 40) + ")");
  return finding;
}

}  // namespace fix502
