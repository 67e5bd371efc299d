#pragma once

// What has happened to a page that is watched, as JSON and as a sentence.

#include <string>

#include "watch/watch.hpp"

namespace fix502 {

/// fix502.watch/1: one event as one object. `url`: how the page is to be called there.
[[nodiscard]] Json event_json(const WatchEvent& event, const std::string& url);
/// "https://shop.example/ works again after 6 min": one event for a person, without the time of day.
[[nodiscard]] std::string event_text(const WatchEvent& event, const std::string& url);
/// What is known of why it fails; null where nothing is.
[[nodiscard]] Json cause_json(const Watched& page);
/// What the page said last, "no answer" where it said nothing.
[[nodiscard]] std::string said(const Watched& page);

}  // namespace fix502
