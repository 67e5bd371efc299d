#include "watch/desktop.hpp"

#include <systemd/sd-bus.h>

#include <chrono>
#include <cstdint>
#include <memory>

#include "base/text.hpp"

namespace fix502 {
namespace {

/// The bus answers within milliseconds; a desktop that is busy is not waited for.
constexpr std::chrono::microseconds kPatience{2'000'000};
constexpr std::int32_t kUntilTheDesktopThinks = -1;

struct CloseBus {
  void operator()(sd_bus* bus) const noexcept { sd_bus_close_unref(bus); }
};
using Bus = std::unique_ptr<sd_bus, CloseBus>;

}  // namespace

bool notify_desktop(const std::string& title, const std::string& text) {
  sd_bus* raw = nullptr;
  const bool open = sd_bus_open_user(&raw) >= 0;
  const Bus bus(raw);
  if (!open) return false;
  sd_bus_set_method_call_timeout(bus.get(), static_cast<std::uint64_t>(kPatience.count()));
  const std::string shown = html_text(text);  // a body may hold a little markup: what looks like it is meant as text
  // app_name, replaces_id, app_icon, summary, body, actions, hints, expire_timeout
  return sd_bus_call_method(bus.get(), "org.freedesktop.Notifications", "/org/freedesktop/Notifications",
                            "org.freedesktop.Notifications", "Notify", nullptr, nullptr, "susssasa{sv}i", "fix502",
                            std::uint32_t{0}, "network-transmit-receive", title.c_str(), shown.c_str(), 0, 0,
                            kUntilTheDesktopThinks) >= 0;
}

}  // namespace fix502
