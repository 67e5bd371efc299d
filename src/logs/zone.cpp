#include "logs/zone.hpp"

#include <unistd.h>

#include <cstdlib>
#include <ctime>

#include "base/text.hpp"

namespace fix502 {

std::chrono::sys_seconds LocalZone::to_utc(std::chrono::sys_seconds clock) const {
  const std::int64_t seconds = clock.time_since_epoch().count();
  const std::int64_t hour = seconds >= 0 ? seconds / 3600 : (seconds - 3599) / 3600;
  const std::scoped_lock lock(mutex_);
  if (const auto found = offsets_.find(hour); found != offsets_.end())
    return clock - std::chrono::seconds(found->second);
  if (offsets_.size() > 10'000) offsets_.clear();
  const std::time_t start = hour * 3600;
  std::tm parts{};
  std::int64_t offset = 0;
  if (gmtime_r(&start, &parts) != nullptr) {
    parts.tm_isdst = -1;
    const std::time_t utc = std::mktime(&parts);
    if (utc != -1) offset = start - utc;
  }
  offsets_[hour] = offset;
  return clock - std::chrono::seconds(offset);
}

Result<std::unique_ptr<Zone>> zone_named(const std::string& name) {
  if (name.empty() || name == "local") return std::make_unique<LocalZone>();
  if (equals_ignoring_case(name, "utc") || name == "Z") return std::make_unique<FixedZone>();
  if (name[0] == '+' || name[0] == '-') {
    std::string digits;
    for (const char c : name.substr(1))
      if (c != ':') digits += c;
    if (digits.size() == 2) digits += "00";
    if (digits.size() != 4 || digits.find_first_not_of("0123456789") != digits.npos)
      return fail("a time zone is local, UTC, +02:00 or a name such as Europe/Berlin, not", name);
    const auto value =
        std::chrono::hours(std::stoi(digits.substr(0, 2))) + std::chrono::minutes(std::stoi(digits.substr(2)));
    return std::make_unique<FixedZone>(name[0] == '-' ? -value : value);
  }
  const bool tame =
      name.find("..") == name.npos && name[0] != '/' &&
      name.find_first_not_of("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_+-/") == name.npos;
  if (!tame || access(("/usr/share/zoneinfo/" + name).c_str(), R_OK) != 0)
    return fail("no such time zone on this machine", name);
  setenv("TZ", name.c_str(), 1);
  tzset();
  return std::make_unique<LocalZone>();
}

}  // namespace fix502
