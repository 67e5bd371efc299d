#pragma once

// The port to browsers' profiles. Looking reads, and never writes: a browser may be running.

#include <memory>
#include <string>
#include <vector>

#include "base/result.hpp"
#include "browser/places.hpp"
#include "observation/browser_profile.hpp"
#include "target/target.hpp"

namespace fix502 {

class Browsers {
 public:
  Browsers() = default;
  Browsers(const Browsers&) = delete;
  Browsers& operator=(const Browsers&) = delete;
  virtual ~Browsers() = default;

  /// What each profile holds for the pages; the first is the one that was asked about, the others are where the network
  /// redirects it to. Stored redirects are followed inside the profile. Takes milliseconds: a page is found by its
  /// hash.
  [[nodiscard]] virtual std::vector<BrowserProfile> look(const std::vector<Target>& pages, WallTime now) const = 0;
};

/// The browsers of this machine's user; `named` profiles instead of those found, where there are any.
[[nodiscard]] Result<std::unique_ptr<Browsers>> installed_browsers(const std::vector<std::string>& named,
                                                                   const Roots& roots);

}  // namespace fix502
