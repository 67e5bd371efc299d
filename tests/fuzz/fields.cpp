// The header fields that tell who answered: Proxy-Status, Cache-Status, and those about caching and waiting.
#include "fuzz.hpp"
#include "signature/sf.hpp"
#include "signature/signature.hpp"

FUZZ(value) {
  using namespace fix502;
  static_cast<void>(sf::parse_list(value));
  static_cast<void>(parse_proxy_status(value));
  static_cast<void>(parse_cache_status(value));

  HttpExchange exchange;
  exchange.status = 502;
  for (const char* name : {"proxy-status", "cache-status", "via", "age", "x-cache", "cache-control", "expires", "date",
                           "last-modified", "retry-after", "vary", "server"})
    exchange.headers.push_back({name, std::string(fuzz::take(value, '\n'))});
  static_cast<void>(read_cache(exchange));
  static_cast<void>(identify(exchange));
  static_cast<void>(cdn_in_front(exchange));
  const auto storable = browser_would_store(exchange);
  fuzz::promise(!storable.fresh_seconds || *storable.fresh_seconds >= 0);
  const auto wait = retry_after(exchange);
  fuzz::promise(!wait || (*wait >= 0 && *wait <= 86'400));
}
