#include "fault/browser_views.hpp"
#include "fault/rule.hpp"

namespace fix502::faults {

extern const Fault browser_cached_error{
    .info = {.id = "browser.cached-error",
             .hop = Hop::browser,
             .side = Side::visitor,
             .title = "Your browser shows a stored error",
             .meaning = "A stored error answer (or a service worker's) is shown while the network gives a good one."},
    .layer = Layer::visitor,
    .explains = {},
    .match = stored_error_shown,
};

}  // namespace fix502::faults
