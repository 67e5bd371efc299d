#pragma once

#include <string_view>

#include "cause/scene.hpp"

namespace fix502 {

/// Another program of this machine that gives the page: the application may have moved there.
struct Elsewhere {
  const Replay* replay = nullptr;  ///< null: there is none
  /// It is the likely one: the same port on another address, a socket beside, a port close by; and no other page of
  /// this site is sent there.
  bool sure = false;
};

/// What answers with an error page, or at a port far away, need not be this application.
[[nodiscard]] Elsewhere find_elsewhere(const Scene& scene, const Way& way);
/// Adds to the finding what was seen there, and the change of address; only a sure one may be made without being asked.
/// False where there is none.
bool add_elsewhere(const Scene& scene, const Way& way, CauseFinding& finding, MendingKind change);

}  // namespace fix502
