#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "base/result.hpp"
#include "browser/places.hpp"
#include "observation/browser_profile.hpp"
#include "target/target.hpp"

namespace fix502 {

inline constexpr std::size_t kMaxCookies = 64UL * 1024 * 1024;  ///< bytes of a cookie database that is read

/// The size of the Cookie field that the browser would send with the page (RFC 6265 5.4), from its cookie database:
/// names and lengths alone are asked for, values never leave the database. `image` is the database's bytes with its log
/// applied (sqlite_image.hpp).
[[nodiscard]] Result<CookieSize> cookie_size(std::string image, Engine engine, const Target& page, WallTime now);

}  // namespace fix502
