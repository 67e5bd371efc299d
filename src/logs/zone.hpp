#pragma once

#include <map>
#include <memory>
#include <mutex>
#include <string>

#include "logline/stamp.hpp"

namespace fix502 {

/// This machine's zone, with its seasons. Asking the C library is slow, so each hour is asked for once.
class LocalZone final : public Zone {
 public:
  [[nodiscard]] std::chrono::sys_seconds to_utc(std::chrono::sys_seconds clock) const override;

 private:
  mutable std::mutex mutex_;
  mutable std::map<std::int64_t, std::int64_t> offsets_;  // hour of the clock to seconds
};

/// "local", "UTC", "+02:00", "Europe/Berlin". A named zone becomes this process' own (TZ), so call it before threads
/// start.
[[nodiscard]] Result<std::unique_ptr<Zone>> zone_named(const std::string& name);

}  // namespace fix502
