#pragma once

#include <string>
#include <vector>

#include "headless/headless.hpp"

namespace fix502 {

/// Copies of a profile what decides which stored answer is shown for the pages: their cache entries, the service
/// workers, what is remembered about secure and HTTP/3 ways, certificates trusted, settings. Cookies, passwords,
/// history and extensions stay where they are: the copy then differs from a clean profile in one thing only, and holds
/// no secret that a neighbour on this machine could fetch over the browser's port. `into` is the new profile's folder.
[[nodiscard]] Result<void> copy_profile(const OwnProfile& from, const std::vector<std::string>& pages,
                                        const std::string& into);

/// The names of the files in which a cache would keep the page as a document of its own: one for each way in which the
/// browser may draw the site's border (the public suffix list is not asked: all of them are tried).
[[nodiscard]] std::vector<std::string> cache_files_of(const std::string& page, BrowserProtocol protocol);

}  // namespace fix502
