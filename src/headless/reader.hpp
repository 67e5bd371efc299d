#pragma once

// What a browser reports while it loads one page, read message by message into a visit. Pure: no clock, no socket; a
// recorded transcript gives the same visit. Only the main document of our own navigation counts. Everything else that
// the page wants (scripts, images, frames, its icon, the browser's own reload of an error page) is to be stopped, so
// that one visit is one request, redirects aside.

#include <optional>
#include <string>

#include "base/fields.hpp"
#include "observation/browser_visit.hpp"

namespace fix502 {

/// A request that the browser holds until it is told.
struct Held {
  std::string request;  ///< the browser's name for it
  bool pass = false;
};

/// Chrome DevTools: events of Network and Fetch, and the answer to Page.navigate.
class DevtoolsReader {
 public:
  /// The target that was navigated; its id is the main frame's.
  explicit DevtoolsReader(std::string frame) : frame_(std::move(frame)) {}

  [[nodiscard]] std::optional<Held> read(const Json& message);
  /// The answer to Page.navigate.
  void navigated(const Json& answer);
  [[nodiscard]] bool done() const { return done_; }
  [[nodiscard]] const BrowserVisit& visit() const { return visit_; }

 private:
  void about_to_send(const Json& message);
  void answered(const Json& message);
  void failed(const std::string& net_error);
  void finish();

  std::string frame_;
  std::string document_;  ///< the request (and loader) of our navigation
  BrowserVisit visit_;
  int passed_ = 0;
  bool done_ = false;
};

/// WebDriver BiDi: events of network and browsingContext, and the answer to browsingContext.navigate.
class BidiReader {
 public:
  explicit BidiReader(std::string context) : context_(std::move(context)) {}

  [[nodiscard]] std::optional<Held> read(const Json& message);
  /// The answer to browsingContext.navigate, an error among them.
  void navigated(const Json& answer);
  [[nodiscard]] bool done() const { return done_; }
  [[nodiscard]] const BrowserVisit& visit() const { return visit_; }

 private:
  [[nodiscard]] bool is_document(const Json& message) const;
  void answered(const Json& message, bool whole);
  void failed(const std::string& net_error);
  void finish();

  std::string context_;
  BrowserVisit visit_;
  std::optional<BrowserRedirect> stop_;  ///< a redirect's answer, until the browser follows it
  int passed_ = 0;
  bool done_ = false;
};

/// "NS_ERROR_NET_RESET" out of "Error: NS_ERROR_NET_RESET"; empty where that is no name of an error.
[[nodiscard]] std::string error_name(const std::string& text);
/// RFC 9110 15.4: a status by which a browser goes on to another address.
[[nodiscard]] bool is_redirect_status(int status);

inline constexpr std::size_t kMostRedirects = 25;
inline constexpr std::size_t kMostHeaders = 60;

}  // namespace fix502
