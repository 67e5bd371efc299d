// A file of Chromium's simple cache: any bytes where an entry should be, and behind a zero byte any stored header alone
// (a check sum keeps most of those from being reached through the file).
#include "browser/simple_cache.hpp"

#include "browser/freshness.hpp"
#include "browser/response_info.hpp"
#include "fuzz.hpp"

FUZZ(input) {
  using namespace fix502;
  constexpr WallTime kNow{std::chrono::seconds(1'800'000'000)};
  const auto half = input.size() / 2;
  static_cast<void>(read_simple_key(input));
  for (const auto& [head, tail] : {std::pair{input, input}, std::pair{input.substr(0, half), input.substr(half)}}) {
    const auto entry = read_simple_entry(head, tail, input.size());
    if (!entry) continue;
    fuzz::promise(entry->status >= 100 && entry->status <= 999 && entry->body_bytes < input.size());
    fuzz::promise(body_sample(*entry).size() <= 2048);
  }
  CacheEntry entry;
  if (!read_response_info(input, entry)) return;
  fuzz::promise(entry.status >= 100 && entry.headers.size() <= 200);
  entry.body = input;
  fuzz::promise(body_sample(entry).size() <= 2048);
  const Serving serving = chromium_serves(entry, kNow);
  fuzz::promise(!serving.why.empty() && (!serving.served || !serving.fresh_seconds || *serving.fresh_seconds > 0));
}
