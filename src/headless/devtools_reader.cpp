// https://chromedevtools.github.io/devtools-protocol/tot/Network/ and /Fetch/; what Chromium 156 really sends is in
// tests/headless/*.jsonl.

#include <algorithm>

#include "base/text.hpp"
#include "headless/message.hpp"
#include "headless/net_errors.hpp"
#include "headless/reader.hpp"
#include "net/redaction.hpp"

namespace fix502 {
namespace {

/// {"Name": "value"}; several fields of one name come joined by line feeds.
std::vector<HeaderField> read_devtools_headers(const Json* object) {
  std::vector<HeaderField> fields;
  if (object == nullptr || !object->is_object()) return fields;
  for (const auto& [name, value] : object->items()) {
    if (fields.size() >= kMostHeaders) break;
    if (!value.is_string()) continue;
    HeaderField field;
    field.name = lower(printable(name, 80));
    for (const auto line : split(value.get_ref<const std::string&>(), '\n')) {
      if (fields.size() >= kMostHeaders) break;
      field.value = printable(without_secret(field.name, line), 500);
      fields.push_back(field);
    }
  }
  return fields;
}

std::optional<int> status_at(const Json& message, std::initializer_list<std::string_view> path) {
  const auto status = number_at(message, path);
  if (!status || *status < 100 || *status > 999) return std::nullopt;
  return static_cast<int>(*status);
}

std::string host_only(std::string address) {
  if (address.size() > 2 && address.front() == '[' && address.back() == ']')
    return address.substr(1, address.size() - 2);
  return address;
}

}  // namespace

void DevtoolsReader::about_to_send(const Json& message) {
  const std::string request = id_at(message, {"params", "requestId"});
  const bool ours = !request.empty() && id_at(message, {"params", "loaderId"}) == request &&
                    id_at(message, {"params", "frameId"}) == frame_ && id_at(message, {"params", "type"}) == "Document";
  if (!ours || (!document_.empty() && document_ != request)) return;
  document_ = request;
  if (member(message, {"params", "redirectResponse"}) != nullptr && visit_.redirects.size() < kMostRedirects)
    visit_.redirects.push_back({text_at(message, {"params", "redirectResponse", "url"}, kLongestUrl),
                                status_at(message, {"params", "redirectResponse", "status"})});
  visit_.final_url = text_at(message, {"params", "request", "url"}, kLongestUrl);
}

void DevtoolsReader::answered(const Json& message) {
  visit_.status = status_at(message, {"params", "response", "status"});
  visit_.protocol = text_at(message, {"params", "response", "protocol"}, 20);
  visit_.from_cache = flag_at(message, {"params", "response", "fromDiskCache"});
  visit_.from_worker = flag_at(message, {"params", "response", "fromServiceWorker"});
  visit_.address = host_only(text_at(message, {"params", "response", "remoteIPAddress"}, 60));
  const auto port = number_at(message, {"params", "response", "remotePort"});
  visit_.port = port && *port > 0 && *port < 65'536 ? static_cast<std::uint16_t>(*port) : std::uint16_t{0};
  visit_.headers = read_devtools_headers(member(message, {"params", "response", "headers"}));
}

void DevtoolsReader::finish() {
  done_ = true;
  visit_.requests = std::max(0, passed_ - (visit_.from_cache && !visit_.from_worker ? 1 : 0));
}

void DevtoolsReader::failed(const std::string& net_error) {
  // What is saved to a file, and a page without content (204, 205), end the navigation, and the answer was good.
  if (net_error == "net::ERR_ABORTED" && visit_.status) return finish();
  visit_.net_error = net_error;
  visit_.failure = failure_of(net_error);
  if (browser_declined(net_error)) visit_.trouble = "it would not ask: " + net_error;
  finish();
}

std::optional<Held> DevtoolsReader::read(const Json& message) {
  const std::string method = id_at(message, {"method"});
  if (method == "Fetch.requestPaused") {
    Held held{id_at(message, {"params", "requestId"}), false};
    if (held.request.empty()) return std::nullopt;
    const std::string network = id_at(message, {"params", "networkId"});
    held.pass = !done_ && id_at(message, {"params", "frameId"}) == frame_ &&
                id_at(message, {"params", "resourceType"}) == "Document" &&
                (document_.empty() || network.empty() || network == document_);
    if (held.pass) visit_.requests = ++passed_;
    return held;
  }
  if (done_) return std::nullopt;
  if (method == "Network.requestWillBeSent") about_to_send(message);
  if (document_.empty() || id_at(message, {"params", "requestId"}) != document_) return std::nullopt;
  if (method == "Network.responseReceivedExtraInfo" && !visit_.status) {
    // Comes for each redirect as well: only a status that ends the visit is kept, in case no other event does.
    const auto status = status_at(message, {"params", "statusCode"});
    if (status && !is_redirect_status(*status)) visit_.status = status;
  }
  if (method == "Network.responseReceived") answered(message);
  if (method == "Network.loadingFinished") finish();
  if (method == "Network.loadingFailed") failed(text_at(message, {"params", "errorText"}, 120));
  return std::nullopt;
}

void DevtoolsReader::navigated(const Json& answer) {
  if (done_) return;
  const std::string net_error = text_at(answer, {"result", "errorText"}, 120);
  if (flag_at(answer, {"result", "isDownload"}) && visit_.status) return finish();
  if (!net_error.empty()) return failed(net_error);
  if (member(answer, {"error"}) == nullptr) return;
  visit_.trouble = "it would not go there: " + text_at(answer, {"error", "message"}, 120);
  finish();
}

}  // namespace fix502
