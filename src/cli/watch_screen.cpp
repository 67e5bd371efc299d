#include "cli/watch_screen.hpp"

#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <cstdio>

#include "base/text.hpp"
#include "cli/session.hpp"
#include "history/times.hpp"
#include "report/columns.hpp"
#include "watch/event_words.hpp"

namespace fix502 {
namespace {

constexpr std::size_t kMostText = 600;  // bytes of a line
constexpr std::size_t kSaid = 28;       // columns of the live line for what the site said

std::string typical_text(const Typical& typical) {
  if (typical.outages == 0) return {};
  return fmt::format("sites like this were back after: median {} ({} seen)", length_text(typical.median),
                     typical.outages);
}

}  // namespace

WatchScreen::WatchScreen(bool json) : json_(json), live_(isatty(STDERR_FILENO) != 0) {
  const TerminalStyle style = style_of_stdout(false);
  unicode_ = style.unicode;
  width_ = style.width;
}

WatchScreen::~WatchScreen() {
  erase();
}

void WatchScreen::erase() const {
  if (!live_) return;
  fmt::print(stderr, "\r\x1b[K");
  std::fflush(stderr);
}

void WatchScreen::complain(const std::string& line) {
  erase();
  fmt::print(stderr, "fix502: {}\n", printable(line, kMostText));
}

void WatchScreen::tell(const WatchEvent& event) {
  const Watched& page = *event.page;
  const std::string& url = page.target.url;
  if (json_) {
    fmt::print("{}\n", event_json(event, url).dump(-1, ' ', false, Json::error_handler_t::replace));
    std::fflush(stdout);
    return;
  }
  std::string& last = said_[url];
  // A try that fails as the one before is no news: that is what the live line is for.
  const bool news = event.happening != Happening::tried || (last != page.what && !last.empty());
  last = page.what;
  if (!news) return;
  erase();
  const auto print = [&](const std::string& text) {
    const std::string clean = printable(text, kMostText);
    fmt::print("{}\n", unicode_ ? clean : plain_ascii(clean));
  };
  print(local_clock(event.when) + " " + event_text(event, url));
  const std::string typical = typical_text(page.typical);
  if (page.failing && !typical.empty() && event.happening != Happening::tried) print("         " + typical);
  std::fflush(stdout);
}

void WatchScreen::draw(const std::vector<Watched>& pages, std::chrono::steady_clock::time_point now, WallTime today) {
  if (!live_) return;
  const Watched* next = nullptr;
  for (const Watched& page : pages)
    if (page.next_try && !page.gave_up && (next == nullptr || *page.next_try < *next->next_try)) next = &page;
  std::string text = "looking ...";
  if (next != nullptr) {
    const auto left = std::chrono::ceil<std::chrono::seconds>(*next->next_try - now);
    const auto failing = std::ranges::count(pages, true, &Watched::failing);
    text = pages.size() == 1 ? "" : fmt::format("{} of {} broken; {}: ", failing, pages.size(), next->target.host);
    if (next->failing)
      text += fmt::format("broken for {}, {}; ", length_text(today - next->began), clipped(said(*next), kSaid, "..."));
    text += fmt::format("next try in {}", length_text(left));
    if (const auto typical = typical_text(next->typical); next->failing && !typical.empty()) text += "; " + typical;
  }
  text = printable(text, kMostText);
  if (!unicode_) text = plain_ascii(text);
  const auto columns = static_cast<std::size_t>(std::max(width_ - 1, 20));
  fmt::print(stderr, "\r\x1b[K{}", clipped(text, columns, unicode_ ? "…" : "..."));
  std::fflush(stderr);
}

}  // namespace fix502
