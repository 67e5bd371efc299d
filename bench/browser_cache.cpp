// What bench/browser-cache measures: how long it takes to look for one page in a Chromium profile, and to find
// everything of its site. Usage: bench_browser_cache PROFILE URL; prints both in milliseconds, and how much was found.

#include <fmt/format.h>

#include <chrono>

#include "browser/browsers.hpp"
#include "browser/clear.hpp"

int main(int count, char** arguments) {
  using namespace fix502;
  using Clock = std::chrono::steady_clock;
  const auto page = count == 3 ? parse_target(arguments[2]) : fail("usage: bench_browser_cache PROFILE URL");
  const auto browsers = page ? installed_browsers({arguments[1]}, {}) : std::unexpected(page.error());
  const auto profiles = profiles_at(count == 3 ? arguments[1] : "", {}, this_system());
  if (!page || !browsers || !profiles) {
    fmt::print(stderr, "{}\n", page ? "that folder is no browser's profile" : page.error().message());
    return 2;
  }
  const auto now = std::chrono::floor<std::chrono::seconds>(std::chrono::system_clock::now());
  const auto milliseconds = [](Clock::duration time) {
    return std::chrono::duration<double, std::milli>(time).count();
  };
  const auto start = Clock::now();
  const auto seen = (*browsers)->look({*page}, now);
  const auto looked = Clock::now();
  const auto changes = clear_cache(profiles->front(), *page);
  const auto scanned = Clock::now();
  fmt::print("{:.2f} {} {:.1f} {}\n", milliseconds(looked - start), seen.front().stored.size(),
             milliseconds(scanned - looked), changes ? changes->move_away.size() : 0);
  return 0;
}
