#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/fields.hpp"
#include "observation/http_exchange.hpp"
#include "observation/words.hpp"

namespace fix502 {

/// One stop on the way to the page: what redirected, and with which status.
struct BrowserRedirect {
  std::string url;
  std::optional<int> status;

  bool operator==(const BrowserRedirect&) const = default;
  static constexpr void fields(auto&& field) {
    field("url", &BrowserRedirect::url);
    field("status", &BrowserRedirect::status);
  }
};

/// How long each part took: the browser's own start is ours, the rest is what a visitor waits for.
struct BrowserTimes {
  std::optional<Duration> ready;   ///< from its start until it took commands
  std::optional<Duration> answer;  ///< from the command to the page's status line
  std::optional<Duration> page;    ///< from the command to the page's end

  bool operator==(const BrowserTimes&) const = default;
  static constexpr void fields(auto&& field) {
    field("ready_ms", &BrowserTimes::ready);
    field("answer_ms", &BrowserTimes::answer);
    field("page_ms", &BrowserTimes::page);
  }
};

/// One page as a real browser got it: its main document only, redirects followed by the browser.
struct BrowserVisit {
  // Who asked, and for what.
  std::string browser;  ///< "chromium", "firefox-esr": the name of the program
  std::string version;  ///< "156.0.8078.79"; empty where it did not come so far
  std::string user_agent;
  ProfileUse profile = ProfileUse::clean;
  std::string url;

  // What came back.
  Failure failure = Failure::none;
  std::string net_error;  ///< the browser's own name: "net::ERR_CONNECTION_REFUSED", "NS_ERROR_NET_RESET"
  std::optional<int> status;
  std::string protocol;  ///< "http/1.1", "h2", "h3"; empty where the browser does not say
  bool from_cache = false;
  bool from_worker = false;  ///< a service worker made the answer
  std::string address;       ///< the peer's, no port; empty where the browser does not say
  std::uint16_t port = 0;
  std::string final_url;
  std::vector<BrowserRedirect> redirects;
  std::vector<HeaderField> headers;  ///< of the last answer, secrets left out
  int requests = 0;                  ///< that it sent, as far as it says
  BrowserTimes times;

  // What stopped us: the browser did not start, did not answer. Nothing is then known of the page.
  std::string trouble;

  static constexpr std::string_view kind = "browser_visit";
  bool operator==(const BrowserVisit&) const = default;
  static constexpr void fields(auto&& field) {
    field("browser", &BrowserVisit::browser);
    field("version", &BrowserVisit::version);
    field("user_agent", &BrowserVisit::user_agent);
    field("profile", &BrowserVisit::profile);
    field("url", &BrowserVisit::url);
    field("failure", &BrowserVisit::failure);
    field("net_error", &BrowserVisit::net_error);
    field("status", &BrowserVisit::status);
    field("protocol", &BrowserVisit::protocol);
    field("from_cache", &BrowserVisit::from_cache);
    field("from_worker", &BrowserVisit::from_worker);
    field("address", &BrowserVisit::address);
    field("port", &BrowserVisit::port);
    field("final_url", &BrowserVisit::final_url);
    field("redirects", &BrowserVisit::redirects);
    field("headers", &BrowserVisit::headers);
    field("requests", &BrowserVisit::requests);
    field("times", &BrowserVisit::times);
    field("trouble", &BrowserVisit::trouble);
  }
};

/// The visit as an exchange of the last answer, so that it is judged by the same rules as the probes'. The body is not
/// known: what only its text would tell is not seen.
[[nodiscard]] HttpExchange as_exchange(const BrowserVisit& visit);

}  // namespace fix502
