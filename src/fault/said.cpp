#include "fault/said.hpp"

#include <fmt/format.h>

namespace fix502 {

std::string said_fault(const HttpExchange& http) {
  return http.failure == Failure::none || http.status ? identify(http).fault : std::string{};
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
  finding.summary =
      fmt::format("{}: {} says {}{}.", info->title, signature.product.empty() ? "the gateway" : signature.product,
                  story(*error), signature.code.empty() ? "" : " (" + printable(signature.code, 40) + ")");
  return finding;
}

}  // namespace fix502
