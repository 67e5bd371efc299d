#pragma once

#include <boost/asio/io_context.hpp>
#include <optional>

#include "history/past.hpp"
#include "net/net.hpp"
#include "report/report.hpp"
#include "sys/host.hpp"
#include "watch/pace.hpp"

namespace fix502 {

/// What a watch needs to know of a diagnosis.
struct FirstLook {
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
[[nodiscard]] FirstLook first_look(const Report& report);

/// Diagnoses the page on `loop`, over connections of its own.
Task<FirstLook> look_first(boost::asio::io_context& loop, const Host& host, Target target, Settings settings);

}  // namespace fix502
