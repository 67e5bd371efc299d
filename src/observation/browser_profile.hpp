#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/fields.hpp"
#include "observation/http_exchange.hpp"

namespace fix502 {

/// An answer that a browser's HTTP cache holds for the page, and what the browser would do with it.
struct StoredAnswer {
  std::string url;
  std::string reached_by;  ///< "" : however it is opened; "link": only by a link from another site (Chromium's _dk_cn_)
  int status = 0;
  std::vector<HeaderField> headers;
  std::optional<WallTime> stored;
  std::optional<long> fresh_seconds;  ///< from the moment of looking; nothing: for ever, if `served`
  bool served = false;                ///< the browser would show it without asking anybody
  std::string why;                    ///< what decides that: "Cache-Control: max-age"
  std::string location;               ///< absolute target, where it is a redirect
  std::uint64_t body_bytes = 0;       ///< as stored, encoded
  std::string body_sample;            ///< the first 2 KiB, decoded and made printable, markup kept
  std::string address;                ///< whom the browser had it from; empty: not kept

  bool operator==(const StoredAnswer&) const = default;
  static constexpr void fields(auto&& field) {
    field("url", &StoredAnswer::url);
    field("reached_by", &StoredAnswer::reached_by);
    field("status", &StoredAnswer::status);
    field("headers", &StoredAnswer::headers);
    field("stored", &StoredAnswer::stored);
    field("fresh_seconds", &StoredAnswer::fresh_seconds);
    field("served", &StoredAnswer::served);
    field("why", &StoredAnswer::why);
    field("location", &StoredAnswer::location);
    field("body_bytes", &StoredAnswer::body_bytes);
    field("body_sample", &StoredAnswer::body_sample);
    field("address", &StoredAnswer::address);
  }
};

/// A service worker that the site has registered: it may answer in the network's place, and a reload does not pass it.
struct ServiceWorker {
  std::string origin;  ///< "https://shop.example"
  std::string scope;   ///< the addresses that it controls begin so
  std::string script;

  bool operator==(const ServiceWorker&) const = default;
  static constexpr void fields(auto&& field) {
    field("origin", &ServiceWorker::origin);
    field("scope", &ServiceWorker::scope);
    field("script", &ServiceWorker::script);
  }
};

/// The cookies that a browser would send with the page: how many and how large, never what they hold.
struct CookieSize {
  int count = 0;
  std::uint64_t bytes = 0;  ///< of the Cookie field's value
  std::uint64_t doubt = 0;  ///< it may be so many bytes more or less: some browsers store values encrypted and padded

  bool operator==(const CookieSize&) const = default;
  static constexpr void fields(auto&& field) {
    field("count", &CookieSize::count);
    field("bytes", &CookieSize::bytes);
    field("doubt", &CookieSize::doubt);
  }
};

/// What one profile of an installed browser holds for the site.
struct BrowserProfile {
  std::string browser;  ///< "Chromium", "Firefox"
  std::string profile;  ///< its folder, the visitor's own written as ~
  bool running = false;
  std::string cache;                    ///< how its cache is made: "simple", "blockfile", "cache2"; empty: none found
  std::vector<StoredAnswer> stored;     ///< for the page, and for what leads to it
  std::vector<ServiceWorker> workers;   ///< of the page's origin, those that control the page first
  std::optional<CookieSize> cookies;    ///< nothing: could not be read
  std::vector<std::string> unreadable;  ///< what could not be read, and why: a line each

  static constexpr std::string_view kind = "browser_profile";
  bool operator==(const BrowserProfile&) const = default;
  static constexpr void fields(auto&& field) {
    field("browser", &BrowserProfile::browser);
    field("profile", &BrowserProfile::profile);
    field("running", &BrowserProfile::running);
    field("cache", &BrowserProfile::cache);
    field("stored", &BrowserProfile::stored);
    field("workers", &BrowserProfile::workers);
    field("cookies", &BrowserProfile::cookies);
    field("unreadable", &BrowserProfile::unreadable);
  }
};

}  // namespace fix502
