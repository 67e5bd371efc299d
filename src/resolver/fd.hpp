#pragma once

#include "resolver/talk.hpp"
#include "sys/linux/fd.hpp"

namespace fix502 {

/// Whether it is ready (poll(2)) before the deadline.
[[nodiscard]] bool wait_for(int descriptor, short events, Moment deadline);

}  // namespace fix502
