// https://www.w3.org/TR/webdriver-bidi/ (network, browsingContext); what Firefox 153 really sends is in
// tests/headless/*.jsonl. It names neither the peer's address nor a service worker.

#include <algorithm>

#include "base/text.hpp"
#include "headless/message.hpp"
#include "headless/net_errors.hpp"
#include "headless/reader.hpp"
#include "net/redaction.hpp"

namespace fix502 {
namespace {

/// [{"name": ..., "value": {"type": "string", "value": ...}}]
std::vector<HeaderField> read_bidi_headers(const Json* list) {
  std::vector<HeaderField> fields;
  if (list == nullptr || !list->is_array()) return fields;
  for (const auto& item : *list) {
    if (fields.size() >= kMostHeaders) break;
    HeaderField field;
    field.name = lower(text_at(item, {"name"}, 80));
    const Json* value = member(item, {"value", "value"});
    if (field.name.empty() || value == nullptr || !value->is_string()) continue;
    field.value = printable(without_secret(field.name, value->get_ref<const std::string&>()), 500);
    fields.push_back(std::move(field));
  }
  return fields;
}

}  // namespace

bool BidiReader::is_document(const Json& message) const {
  return id_at(message, {"params", "context"}) == context_ &&
         id_at(message, {"params", "request", "destination"}) == "document" &&
         !id_at(message, {"params", "navigation"}).empty();
}

void BidiReader::answered(const Json& message, bool whole) {
  const auto status = number_at(message, {"params", "response", "status"});
  if (!status || *status < 100 || *status > 999) return;
  const std::string url = text_at(message, {"params", "request", "url"}, kLongestUrl);
  // A redirect only if the browser goes on; without a Location the same status is the page.
  if (is_redirect_status(static_cast<int>(*status))) stop_ = BrowserRedirect{url, static_cast<int>(*status)};
  visit_.final_url = url;
  visit_.status = static_cast<int>(*status);
  visit_.protocol = text_at(message, {"params", "response", "protocol"}, 20);
  visit_.from_cache = flag_at(message, {"params", "response", "fromCache"});
  visit_.headers = read_bidi_headers(member(message, {"params", "response", "headers"}));
  const bool goes_on =
      stop_ && std::ranges::find(visit_.headers, "location", &HeaderField::name) != visit_.headers.end();
  if (whole && !goes_on) finish();
}

void BidiReader::finish() {
  done_ = true;
  visit_.requests = std::max(0, passed_ - (visit_.from_cache ? 1 : 0));
}

void BidiReader::failed(const std::string& net_error) {
  // What is saved to a file and a page without content end the navigation, and the answer was good.
  const bool ended = net_error == "NS_BINDING_ABORTED" || net_error == "NS_ERROR_ABORT";
  if (ended && visit_.status) return finish();
  visit_.net_error = net_error;
  visit_.failure = failure_of(net_error);
  if (browser_declined(net_error)) visit_.trouble = "it would not ask: " + net_error;
  finish();
}

std::optional<Held> BidiReader::read(const Json& message) {
  const std::string method = id_at(message, {"method"});
  const bool document = !done_ && is_document(message);
  if (method == "network.beforeRequestSent") {
    if (document && stop_ && visit_.redirects.size() < kMostRedirects) {
      visit_.redirects.push_back(std::move(*stop_));
      visit_.status.reset();
      visit_.headers.clear();
    }
    if (document) {
      stop_.reset();
      visit_.final_url = text_at(message, {"params", "request", "url"}, kLongestUrl);
    }
    Held held{id_at(message, {"params", "request", "request"}), document};
    if (!flag_at(message, {"params", "isBlocked"}) || held.request.empty()) return std::nullopt;
    if (held.pass) visit_.requests = ++passed_;
    return held;
  }
  if (!document) return std::nullopt;
  if (method == "network.responseStarted") answered(message, false);
  if (method == "network.responseCompleted") answered(message, true);
  if (method == "network.fetchError") failed(text_at(message, {"params", "errorText"}, 160));
  return std::nullopt;
}

void BidiReader::navigated(const Json& answer) {
  if (done_ || id_at(answer, {"type"}) != "error") return;
  const std::string name = error_name(text_at(answer, {"message"}, 160));
  if (!name.empty()) return failed(name);
  visit_.trouble = "it would not go there: " + text_at(answer, {"message"}, 120);
  finish();
}

}  // namespace fix502
