#pragma once

#include "fault/rule.hpp"

namespace fix502 {

/// Who answered well was not the site: its address is none of the zone's, at a true address another page stands, and
/// this one speaks of a block or sends its reader to another host. Null where that is not so; else the try at the true
/// address. A certificate that was accepted proves the site, so only plain HTTP can be forged in this way.
[[nodiscard]] const Try* behind_impostor(const Picture& picture);

}  // namespace fix502
