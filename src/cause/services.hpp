#pragma once

#include "cause/scene.hpp"

namespace fix502 {

/// What is known of the services behind the upstreams: those that do not run, with their last words and what starts
/// them; and what the kernel killed. Adds signs and advice to the finding.
void add_services(const Scene& scene, CauseFinding& finding);

}  // namespace fix502
