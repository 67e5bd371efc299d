#pragma once

// How browsers name what they store. Both keep what one site's pages brought apart from what another's did.

#include <string>
#include <string_view>
#include <vector>

#include "target/target.hpp"

namespace fix502 {

/// A key under which the page may be stored as a document of its own.
struct PageKey {
  std::string key;
  std::string reached_by;  ///< as StoredAnswer has it
};

/// Chromium: "1/0/_dk_http://shop.example http://shop.example http://shop.example/cart", with _dk_cn_ for a page that
/// a link of another site opened, and the bare address as it was before caches were split.
/// Source: chromium, net/http/http_cache.cc (GenerateCacheKey).
[[nodiscard]] std::vector<PageKey> chromium_page_keys(const Target& page);
/// The address in such a key: what follows the last blank, or the second slash.
[[nodiscard]] std::string address_in_chromium_key(std::string_view key);
/// Anything that the site's pages brought, or that came from the site's hosts.
[[nodiscard]] bool chromium_key_is_of_site(std::string_view key, std::string_view host);

/// Firefox: "O^partitionKey=%28http%2Cshop.example%29,:http://shop.example/cart"; also each container's.
/// Source: gecko, netwerk/cache2/CacheFileUtils.cpp (AppendKeyPrefix), caps/OriginAttributes.cpp.
[[nodiscard]] std::vector<PageKey> firefox_page_keys(const Target& page);
[[nodiscard]] std::string address_in_firefox_key(std::string_view key);
[[nodiscard]] bool firefox_key_is_of_site(std::string_view key, std::string_view host);

}  // namespace fix502
