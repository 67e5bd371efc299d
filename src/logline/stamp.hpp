#pragma once

// The moment that a log line names, in any of the ways that gateways write one.

#include <array>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>

#include "base/fields.hpp"

namespace fix502 {

/// A moment as it stands in a line.
struct Stamp {
  std::chrono::sys_seconds clock{};  ///< what the clock showed; UTC where `zoned`
  std::int32_t micros = 0;
  bool zoned = false;      ///< the line names its zone, or counts from 1970
  bool has_year = true;    ///< false: syslog's "Nov 22 04:54:03"
  std::size_t length = 0;  ///< bytes of the text that it takes
};

/// The stamp at the head of the text: "2026/11/22 04:54:03", "2026-11-22T04:54:03.1Z", "22/Nov/2026:04:54:03 +0000",
/// "22-Nov-2026 04:54:03", "Sun Nov 22 04:54:03.1 2026", "Nov 22 04:54:03", "1795323663.41", "20261122.04h54m03s".
[[nodiscard]] std::optional<Stamp> parse_stamp(std::string_view text);

/// What UTC is when a clock without a zone shows this; reading local time is the caller's, so that this stays pure.
class Zone {
 public:
  virtual ~Zone() = default;
  [[nodiscard]] virtual std::chrono::sys_seconds to_utc(std::chrono::sys_seconds clock) const = 0;
};

/// A zone without seasons: "+02:00".
class FixedZone final : public Zone {
 public:
  explicit FixedZone(std::chrono::seconds offset = {}) : offset_(offset) {}
  [[nodiscard]] std::chrono::sys_seconds to_utc(std::chrono::sys_seconds clock) const override {
    return clock - offset_;
  }

 private:
  std::chrono::seconds offset_;
};

/// In UTC. `near` gives a stamp without a year the one that brings it nearest.
[[nodiscard]] WallTime moment_of(const Stamp& stamp, const Zone& zone, WallTime near);

/// When a line was written, and how much of its head says so.
struct LogMoment {
  WallTime at{};
  std::int32_t micros = 0;
  std::size_t length = 0;
};

/// The stamp that was read last. Hundreds of lines in a row name the same second, and comparing twenty bytes is quicker
/// than the calendar. For one file and one thread.
class StampMemo {
 public:
  [[nodiscard]] const LogMoment* find(std::string_view text) const;
  void keep(std::string_view stamp, const LogMoment& moment);
  void clear() { length_ = 0; }

 private:
  std::array<char, 40> text_{};
  std::size_t length_ = 0;
  LogMoment moment_;
};

/// What the moment of a line depends on beside the line.
struct Clock {
  const Zone& zone;
  WallTime near{};            ///< for stamps without a year
  StampMemo* memo = nullptr;  ///< may be null
};

/// The stamp at the head of the text, in UTC.
[[nodiscard]] std::optional<LogMoment> read_moment(std::string_view text, const Clock& clock);

}  // namespace fix502
