// Web addresses, typed by a person or sent by a server as a redirect's target.
#include "fuzz.hpp"
#include "target/host_name.hpp"
#include "target/target.hpp"

namespace {

// What was accepted is in its normal form: it reads back as itself, and nothing in it can break a line or a request.
void promise_normal(const fix502::Target& target) {
  using fix502::fuzz::promise;
  const auto again = fix502::parse_target(target.url);
  promise(again.has_value() && *again == target);
  promise(target.scheme == "http" || target.scheme == "https");
  promise(!target.host.empty() && target.port != 0 && target.path.starts_with('/'));
  for (const char byte : target.url) promise(static_cast<unsigned char>(byte) > 0x20 && byte != 0x7f);
}

}  // namespace

FUZZ(text) {
  using namespace fix502;
  if (const auto target = parse_target(text)) promise_normal(*target);
  static const Target base = *parse_target("https://shop.example/a/b?c=d");
  if (const auto target = resolve_reference(base, text)) promise_normal(*target);
  if (const auto endpoint = parse_endpoint(text)) static_cast<void>(to_text(*endpoint));
  static_cast<void>(parse_status_set(text));
  static_cast<void>(normalise_host(text));
}
