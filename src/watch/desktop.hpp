#pragma once

#include <string>

#include "base/result.hpp"

namespace fix502 {

/// Shows a notification by org.freedesktop.Notifications; false where this user has no bus, or nobody shows any.
/// https://specifications.freedesktop.org/notification-spec/latest/
[[nodiscard]] bool notify_desktop(const std::string& title, const std::string& text);

}  // namespace fix502
