// A file of Firefox's cache2: any bytes where an entry should be.
#include "browser/cache2.hpp"

#include "browser/cache_key.hpp"
#include "browser/freshness.hpp"
#include "fuzz.hpp"

FUZZ(input) {
  using namespace fix502;
  constexpr WallTime kNow{std::chrono::seconds(1'800'000'000)};
  const auto half = input.size() / 2;
  static_cast<void>(firefox_key_is_of_site(input, "shop.example"));
  for (const auto& [head, tail] : {std::pair{input, input}, std::pair{input.substr(0, half), input.substr(half)}}) {
    const auto entry = read_cache2_entry(head, tail, input.size());
    if (!entry) continue;
    fuzz::promise(entry->body_bytes < input.size() && entry->headers.size() <= 200);
    fuzz::promise(body_sample(*entry).size() <= 2048);
    const Serving serving = firefox_serves(*entry, kNow);
    fuzz::promise(!serving.why.empty() && (!serving.served || !serving.fresh_seconds || *serving.fresh_seconds > 0));
  }
}
