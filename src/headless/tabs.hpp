#pragma once

// One page in a browser that runs already, whether we started it or the visitor did.

#include <string>

#include "headless/conversation.hpp"
#include "observation/browser_visit.hpp"

namespace fix502 {

/// How a page is asked for.
struct PageWish {
  std::string url;
  bool past_the_cache = false;  ///< as a hard reload: what is stored is not looked at, and replaced
  std::string user_agent;       ///< instead of its own; empty: its own
};

/// Opens a tab of its own, loads the page (its main document alone), closes the tab. `visit` may hold a part where an
/// error is given: what was seen until then.
[[nodiscard]] Task<Result<void>> devtools_page(Conversation& talk, PageWish wish, BrowserVisit& visit);
[[nodiscard]] Task<Result<void>> bidi_page(Conversation& talk, PageWish wish, BrowserVisit& visit);

}  // namespace fix502
