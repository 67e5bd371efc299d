// A browser's cookie database and its log: any bytes; the log begins behind the first "|LOG|".
#include "browser/cookies.hpp"

#include "browser/sqlite_image.hpp"
#include "fuzz.hpp"

FUZZ(input) {
  using namespace fix502;
  constexpr std::string_view kMark = "|LOG|";
  constexpr WallTime kNow{std::chrono::seconds(1'795'352'250)};
  const auto cut = input.find(kMark);
  const auto log = cut == input.npos ? std::string_view{} : input.substr(cut + kMark.size());
  const auto image = with_log(std::string(input.substr(0, cut)), log);
  if (!image) return;
  for (const Engine engine : {Engine::chromium, Engine::firefox}) {
    const auto size = cookie_size(*image, engine, *parse_target("http://shop.example/"), kNow);
    fuzz::promise(!size || size->count >= 0);
  }
}
