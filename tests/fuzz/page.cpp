// An error page of whatever gateway or CDN: "STATUS REASON\nname: value\n...\n\nbody".
#include <charconv>

#include "base/text.hpp"
#include "fuzz.hpp"
#include "observation/observation.hpp"
#include "signature/signature.hpp"
#include "signature/works.hpp"

FUZZ(input) {
  using namespace fix502;
  HttpExchange exchange;
  exchange.http_version = "1.1";
  std::string_view first = fuzz::take(input, '\n');
  const std::string_view number = fuzz::take(first, ' ');
  int status = 0;
  std::from_chars(number.data(), number.data() + number.size(), status);
  exchange.status = status;
  exchange.reason = printable(first, 200);
  while (!input.empty() && exchange.headers.size() < 100) {
    std::string_view line = fuzz::take(input, '\n');
    if (line.empty()) break;
    const std::string name = lower(fuzz::take(line, ':'));
    exchange.headers.push_back({printable(name, 200), printable(trim(line), 4096)});
  }
  exchange.body_bytes = input.size();
  exchange.body_sample = printable(input, 2048, true);

  const Signature made = identify(exchange);
  fuzz::promise(made.product.empty() || made.kind != ResponderKind::unknown);
  static_cast<void>(cdn_in_front(exchange));
  static_cast<void>(cdn_of_name(exchange.reason));
  static_cast<void>(cdn_of_address(exchange.reason));
  static_cast<void>(blocked_by(exchange));
  static_cast<void>(looks_like_block_page(exchange));
  static_cast<void>(works(exchange, {}));
  Observation observation;
  observation.data = exchange;
  fuzz::promise(!outcome(observation).empty());
}
