#pragma once

// What real browsers got, beside what fix502's own client got at the same time. A browser differs from the probes in
// more than one thing (its trust store, its resolver, extensions of its maker), so that only some of what it says
// speaks about the site: the rest is left out here.

#include <optional>
#include <string>
#include <vector>

#include "fault/picture.hpp"

namespace fix502 {

/// One visit of a real browser that says something about the site.
struct BrowserView {
  const Observation* seen = nullptr;    ///< never null
  const BrowserVisit* visit = nullptr;  ///< the same
  bool works = false;
};

struct BrowserViews {
  std::vector<BrowserView> clean;  ///< with a new profile, answered by the network
  std::vector<BrowserView> copy;   ///< with a copy of the visitor's own
  /// The probe that was made beside them, cookies and given fields left out; null where there was none.
  const Observation* probe = nullptr;
  bool probe_works = false;
  /// Browsers that could not be run, or said nothing about the site.
  std::vector<const Observation*> silent;
};
[[nodiscard]] BrowserViews browser_views(const Picture& picture);

/// browser.client-profile: the browsers differ among themselves, or all of them from the probes.
[[nodiscard]] std::optional<Finding> browsers_differ(const Picture& picture);
/// browser.cached-error: a copy of the visitor's profile shows a stored error, where the network gives a good answer.
[[nodiscard]] std::optional<Finding> stored_error_shown(const Picture& picture);

/// A browser that was to visit the page and did not come, one with a copy of the visitor's profile before others: what
/// it stores may be what the visitor sees. Null where each did.
[[nodiscard]] const BrowserVisit* unseen_browser(const Picture& picture);
/// "Firefox", of "firefox-esr".
[[nodiscard]] std::string product_of(const BrowserVisit& visit);

/// "Chromium and Firefox"
[[nodiscard]] std::string names_of(const std::vector<BrowserView>& views);

/// Running installed browsers would decide what the other experiments leave open. False where it works, where a
/// browser would meet the same, and where the site asked for rest.
[[nodiscard]] bool browsers_would_tell(const Evidence& evidence);

}  // namespace fix502
