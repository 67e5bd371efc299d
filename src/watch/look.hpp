#pragma once

#include <boost/asio/io_context.hpp>
#include <optional>

#include "history/past.hpp"
#include "net/net.hpp"
#include "report/report.hpp"
#include "sys/host.hpp"
#include "watch/pace.hpp"

namespace fix502 {

inline constexpr Milliseconds kLookup{5'000};  ///< how long the system may take for a name

/// How much a diagnosis may ask: kQuickLook requests, or as many as the options say.
enum class Depth { quick, thorough };

/// What a watch needs to know of a diagnosis.
struct Look {
  PastRun run;                      ///< as the history keeps it
  bool works = false;               ///< the verdict is healthy
  int requests = 0;                 ///< sent to the site
  std::string what;                 ///< the first visit's last answer, as reports word it
  std::optional<int> status;        ///< its status
  std::optional<Wait> rest;         ///< its Retry-After
  bool in_the_body = false;         ///< a HEAD would not show the fault
  std::optional<Wait> record_left;  ///< how long the wrong DNS record lives on in the resolver
};

/// The diagnosis as the history keeps it.
[[nodiscard]] PastRun past_run(const Report& report);
/// A quick one claims neither hop nor side: what it did not vary may be what matters.
[[nodiscard]] Look read_look(const Report& report, Depth depth);

/// Diagnoses the page on `loop`, over connections of its own: sessions and cookies are numbered per run, so each needs
/// a `net` of its own.
Task<Look> look_at(boost::asio::io_context& loop, Net& net, const Host& host, Target target, Settings settings,
                   Depth depth);
/// The same over the network that this machine is on.
Task<Look> look_at(boost::asio::io_context& loop, const Host& host, Target target, Settings settings, Depth depth);

}  // namespace fix502
