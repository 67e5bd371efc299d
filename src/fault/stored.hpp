#pragma once

#include <optional>
#include <string>

#include "fault/picture.hpp"

namespace fix502 {

/// What a browser would show for the page out of its own store, the network not asked.
struct StoredError {
  const Observation* profile = nullptr;  ///< a BrowserProfile
  const StoredAnswer* answer = nullptr;  ///< the error, or the redirect that leads to one
  const Observation* end = nullptr;      ///< where that redirect leads: what the network says there
  HttpExchange exchange;                 ///< the error as if it had just come
};

/// The first browser that would show an error: its store walked through as the browser does, redirects included.
[[nodiscard]] std::optional<StoredError> find_stored_error(const Picture& picture);

/// "Chromium and Firefox"; empty where no profile was looked into.
[[nodiscard]] std::string browsers_looked_into(const Picture& picture);
/// The first browser in which a service worker controls the page; null where none does.
[[nodiscard]] const Observation* profile_with_worker(const Picture& picture);
/// The page asked for with as many bytes of cookies as a browser has for it; null where that was not tried.
struct StoredCookies {
  const Observation* profile = nullptr;  ///< whose
  const Observation* large = nullptr;    ///< as many bytes in the Cookie field
  const Observation* filled = nullptr;   ///< as many in another field
};
[[nodiscard]] StoredCookies stored_cookies(const Picture& picture);

/// The profiles that were looked into.
[[nodiscard]] std::vector<const Observation*> profiles_in(const Picture& picture);

}  // namespace fix502
