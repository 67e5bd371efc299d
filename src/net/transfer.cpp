#include "net/transfer.hpp"

#include <algorithm>
#include <charconv>

#include "base/text.hpp"
#include "net/redaction.hpp"

namespace fix502 {
namespace {

constexpr long kRaceMilliseconds = 250;  // RFC 8305 8, Connection Attempt Delay

std::string url_part(CURLU* url, CURLUPart which, unsigned flags = 0) {
  char* text = nullptr;
  if (curl_url_get(url, which, &text, flags) != CURLUE_OK) return {};
  const CurlText owned(text);
  return text;
}

bool is_address(const std::string& text) {
  return is_ipv4(text) || is_ipv6(text);
}

/// A line of a request must not become two (RFC 9112 11.1).
std::string one_line(std::string text) {
  std::ranges::replace_if(text, [](char c) { return c == '\r' || c == '\n' || c == '\0'; }, ' ');
  return text;
}

bool asks_upgrade(const HttpRequest& request) {
  return std::ranges::any_of(request.headers,
                             [](const auto& header) { return equals_ignoring_case(header.first, "upgrade"); });
}

struct VersionRow {
  ClientProfile::Http http;
  long option;
};
constexpr VersionRow kVersions[] = {
    {ClientProfile::Http::any, CURL_HTTP_VERSION_2TLS},
    {ClientProfile::Http::http1_0, CURL_HTTP_VERSION_1_0},
    {ClientProfile::Http::http1_1, CURL_HTTP_VERSION_1_1},
    {ClientProfile::Http::http2, CURL_HTTP_VERSION_2TLS},
};
struct TlsRow {
  ClientProfile::Tls tls;
  long option;
};
constexpr long tls_range(long from, long to) {
  return from | to;
}
constexpr TlsRow kTls[] = {
    {ClientProfile::Tls::browser, tls_range(CURL_SSLVERSION_TLSv1_2, CURL_SSLVERSION_MAX_DEFAULT)},
    {ClientProfile::Tls::only_1_2, tls_range(CURL_SSLVERSION_TLSv1_2, CURL_SSLVERSION_MAX_TLSv1_2)},
    {ClientProfile::Tls::only_1_3, tls_range(CURL_SSLVERSION_TLSv1_3, CURL_SSLVERSION_MAX_TLSv1_3)},
    {ClientProfile::Tls::any, tls_range(CURL_SSLVERSION_TLSv1_0, CURL_SSLVERSION_MAX_DEFAULT)},
};

}  // namespace

Result<ProxyAddress> parse_proxy(const std::string& text) {
  const CurlUrl url(curl_url());
  if (!url || curl_url_set(url.get(), CURLUPART_URL, text.c_str(), CURLU_DEFAULT_SCHEME | CURLU_NON_SUPPORT_SCHEME) !=
                  CURLUE_OK)
    return fail("the proxy is no web address", printable(without_credentials(text), 120));
  if (url_part(url.get(), CURLUPART_SCHEME) != "http" && text.contains("://"))
    return fail("only http:// proxies can be used", printable(without_credentials(text), 120));
  ProxyAddress proxy;
  proxy.host = url_part(url.get(), CURLUPART_HOST);
  if (proxy.host.starts_with('[')) proxy.host = proxy.host.substr(1, proxy.host.size() - 2);
  const std::string port = url_part(url.get(), CURLUPART_PORT);
  proxy.port = 80;
  std::from_chars(port.data(), port.data() + port.size(), proxy.port);
  proxy.user = url_part(url.get(), CURLUPART_USER, CURLU_URLDECODE);
  proxy.password = url_part(url.get(), CURLUPART_PASSWORD, CURLU_URLDECODE);
  return proxy;
}

Transfer::Transfer(HttpRequest request, TlsWatch& tls, X509_STORE* trust)
    : request_(std::move(request)),
      tls_(tls),
      trust_(trust),
      reader_(request_.max_body, asks_upgrade(request_)),
      easy_(curl_easy_init()) {}

EndingOutcome Transfer::prepare(const std::vector<std::string>& cookies) {
  constexpr EndingOutcome kCannot{Failure::other, Phase::resolve, ""};
  auto target = parse_target(request_.url);
  if (!easy_ || !target) {
    wrong_ = easy_ ? target.error().message() : "curl has no memory left";
    return kCannot;
  }
  target_ = std::move(*target);
  const EndingOutcome way = set_way();
  if (way.failure != Failure::none) return way;
  set_limits();
  set_callbacks();
  set_request();
  set_headers();
  set_tls();
  set_cookies(cookies);
  return {};
}

void Transfer::set_limits() {
  CURL* const easy = easy_.get();
  const auto milliseconds = [](Milliseconds time) {
    return static_cast<long>(std::max(time, Milliseconds{1}).count());
  };
  curl_easy_setopt(easy, CURLOPT_NOSIGNAL, 1L);
  curl_easy_setopt(easy, CURLOPT_TIMEOUT_MS, milliseconds(request_.timeout));
  curl_easy_setopt(easy, CURLOPT_CONNECTTIMEOUT_MS, milliseconds(request_.connect_timeout));
  curl_easy_setopt(easy, CURLOPT_HAPPY_EYEBALLS_TIMEOUT_MS, kRaceMilliseconds);
  curl_easy_setopt(easy, CURLOPT_FOLLOWLOCATION, 0L);
  curl_easy_setopt(easy, CURLOPT_PROTOCOLS_STR, "http,https");
  if (request_.session == 0) require_fresh_connection();
  if (request_.session == 0) curl_easy_setopt(easy, CURLOPT_FORBID_REUSE, 1L);
}

void Transfer::set_callbacks() {
  CURL* const easy = easy_.get();
  curl_easy_setopt(easy, CURLOPT_ERRORBUFFER, words_.data());
  curl_easy_setopt(easy, CURLOPT_HEADERFUNCTION, on_header);
  curl_easy_setopt(easy, CURLOPT_HEADERDATA, this);
  curl_easy_setopt(easy, CURLOPT_WRITEFUNCTION, on_body);
  curl_easy_setopt(easy, CURLOPT_WRITEDATA, this);
  curl_easy_setopt(easy, CURLOPT_PREREQFUNCTION, on_request);
  curl_easy_setopt(easy, CURLOPT_PREREQDATA, this);
  curl_easy_setopt(easy, CURLOPT_OPENSOCKETFUNCTION, on_open);
  curl_easy_setopt(easy, CURLOPT_OPENSOCKETDATA, this);
  curl_easy_setopt(easy, CURLOPT_SOCKOPTFUNCTION, on_opened);
  curl_easy_setopt(easy, CURLOPT_SOCKOPTDATA, this);
  // Where several addresses fail, curl tells of the last one only; what it says on the way has the others.
  if (request_.addresses.size() < 2) return;
  curl_easy_setopt(easy, CURLOPT_VERBOSE, 1L);
  curl_easy_setopt(easy, CURLOPT_DEBUGFUNCTION, on_words);
  curl_easy_setopt(easy, CURLOPT_DEBUGDATA, this);
}

void Transfer::require_fresh_connection() {
  curl_easy_setopt(easy_.get(), CURLOPT_FRESH_CONNECT, 1L);
}

EndingOutcome Transfer::set_way() {
  CURL* const easy = easy_.get();
  const std::uint16_t port = request_.connect_port ? request_.connect_port : target_.port;
  if (request_.connect_port) append(way_, "::" + bracketed(target_.host) + ":" + std::to_string(port));
  curl_easy_setopt(easy, CURLOPT_CONNECT_TO, way_.get());
  curl_easy_setopt(easy, CURLOPT_NOPROXY, "");
  if (request_.proxy.empty()) {
    curl_easy_setopt(easy, CURLOPT_PROXY, "");  // not even the environment's
    if (!target_.host_is_address && request_.addresses.empty()) return {Failure::name_not_resolved, Phase::resolve, ""};
    if (!target_.host_is_address) pin(target_.host, port, request_.addresses);
  } else {
    const auto proxy = parse_proxy(request_.proxy);
    if (!proxy) {
      wrong_ = proxy.error().message();
      return {Failure::other, Phase::resolve, ""};
    }
    if (!is_address(proxy->host) && request_.proxy_addresses.empty())
      return {Failure::proxy_unresolved, Phase::resolve, ""};
    if (!is_address(proxy->host)) pin(proxy->host, proxy->port, request_.proxy_addresses);
    curl_easy_setopt(easy, CURLOPT_PROXY, ("http://" + bracketed(proxy->host)).c_str());
    curl_easy_setopt(easy, CURLOPT_PROXYPORT, static_cast<long>(proxy->port));
    if (!proxy->user.empty()) curl_easy_setopt(easy, CURLOPT_PROXYUSERNAME, proxy->user.c_str());
    if (!proxy->user.empty()) curl_easy_setopt(easy, CURLOPT_PROXYPASSWORD, proxy->password.c_str());
  }
  curl_easy_setopt(easy, CURLOPT_RESOLVE, pinned_.get());
  // The prefix keeps curl from looking a device's name up as a host's.
  const std::string& from = request_.interface;
  if (!from.empty()) curl_easy_setopt(easy, CURLOPT_INTERFACE, ((is_address(from) ? "host!" : "if!") + from).c_str());
  return {};
}

void Transfer::pin(const std::string& host, std::uint16_t port, const std::vector<std::string>& addresses) {
  std::string entry = host + ":" + std::to_string(port) + ":";
  for (const auto& address : addresses) {
    if (!is_address(address)) continue;
    if (!entry.ends_with(':')) entry += ',';
    entry += bracketed(address);
  }
  append(pinned_, entry);
}

void Transfer::set_request() {
  CURL* const easy = easy_.get();
  const ClientProfile& client = request_.client;
  curl_easy_setopt(easy, CURLOPT_URL, request_.url.c_str());
  curl_easy_setopt(easy, CURLOPT_PATH_AS_IS, 1L);
  if (!request_.data.empty()) {
    curl_easy_setopt(easy, CURLOPT_POSTFIELDSIZE_LARGE, static_cast<curl_off_t>(request_.data.size()));
    curl_easy_setopt(easy, CURLOPT_POSTFIELDS, request_.data.data());
  }
  if (request_.method == "HEAD") curl_easy_setopt(easy, CURLOPT_NOBODY, 1L);
  if (request_.method != "HEAD" && !request_.method.empty())
    curl_easy_setopt(easy, CURLOPT_CUSTOMREQUEST, one_line(request_.method).c_str());
  if (!client.user_agent.empty()) curl_easy_setopt(easy, CURLOPT_USERAGENT, one_line(client.user_agent).c_str());
  if (!client.accept_encoding.empty()) curl_easy_setopt(easy, CURLOPT_ACCEPT_ENCODING, client.accept_encoding.c_str());
  const auto version = std::ranges::find(kVersions, client.http, &VersionRow::http);
  curl_easy_setopt(easy, CURLOPT_HTTP_VERSION, version->option);
  curl_easy_setopt(easy, CURLOPT_HTTP09_ALLOWED, 1L);
}

void Transfer::set_headers() {
  const auto given = [](const auto& list, std::string_view name) {
    return std::ranges::any_of(list, [&](const auto& field) { return equals_ignoring_case(field.first, name); });
  };
  // "Name;" is curl's spelling of a field without a value, "Name:" of none at all.
  const auto add = [&](const auto& field) {
    append(headers_, one_line(field.second.empty() ? field.first + ";" : field.first + ": " + field.second));
  };
  for (const auto& field : request_.client.headers)
    if (!given(request_.headers, field.first)) add(field);
  for (const auto& field : request_.headers) add(field);
  // What curl would add by itself and the profile does not have.
  for (const char* name : {"Accept", "Expect"})
    if (!given(request_.headers, name) && !given(request_.client.headers, name))
      append(headers_, std::string(name) + ":");
  if (!request_.client.names_form && !given(request_.headers, "Content-Type")) append(headers_, "Content-Type:");
  curl_easy_setopt(easy_.get(), CURLOPT_HTTPHEADER, headers_.get());
  curl_easy_setopt(easy_.get(), CURLOPT_HEADEROPT, static_cast<long>(CURLHEADER_SEPARATE));
}

void Transfer::set_tls() {
  CURL* const easy = easy_.get();
  const auto row = std::ranges::find(kTls, request_.client.tls, &TlsRow::tls);
  curl_easy_setopt(easy, CURLOPT_SSLVERSION, row->option);
  if (row->tls == ClientProfile::Tls::any) curl_easy_setopt(easy, CURLOPT_SSL_CIPHER_LIST, "ALL:@SECLEVEL=0");
  // The trusted authorities come by the context (TlsWatch), which also checks the name; curl checks it once more.
  curl_easy_setopt(easy, CURLOPT_CAINFO, nullptr);
  curl_easy_setopt(easy, CURLOPT_CAPATH, nullptr);
  curl_easy_setopt(easy, CURLOPT_SSL_VERIFYPEER, request_.verify_certificate ? 1L : 0L);
  curl_easy_setopt(easy, CURLOPT_SSL_VERIFYHOST, request_.verify_certificate ? 2L : 0L);
  // A resumed session shows no certificates.
  curl_easy_setopt(easy, CURLOPT_SSL_SESSIONID_CACHE, 0L);
  curl_easy_setopt(easy, CURLOPT_SSL_CTX_FUNCTION, on_tls);
  curl_easy_setopt(easy, CURLOPT_SSL_CTX_DATA, this);
}

void Transfer::set_cookies(const std::vector<std::string>& cookies) {
  CURL* const easy = easy_.get();
  if (!request_.cookie.empty()) curl_easy_setopt(easy, CURLOPT_COOKIE, one_line(request_.cookie).c_str());
  if (request_.cookie_jar == 0) return;
  curl_easy_setopt(easy, CURLOPT_COOKIEFILE, "");  // turns curl's cookie engine on, reads nothing
  for (const auto& line : cookies) curl_easy_setopt(easy, CURLOPT_COOKIELIST, line.c_str());
}

std::vector<std::string> Transfer::cookies() const {
  curl_slist* list = nullptr;
  curl_easy_getinfo(easy_.get(), CURLINFO_COOKIELIST, &list);
  const CurlStrings owned(list);
  std::vector<std::string> lines;
  for (const curl_slist* line = list; line; line = line->next) lines.emplace_back(line->data);
  return lines;
}

}  // namespace fix502
