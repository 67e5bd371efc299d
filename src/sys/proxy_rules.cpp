#include "sys/proxy_rules.hpp"

#include <curl/urlapi.h>
#include <fmt/format.h>

#include <memory>
#include <optional>
#include <vector>

#include "base/text.hpp"

namespace fix502 {
namespace {

constexpr std::size_t kMaxText = 2048;

struct CloseUrl {
  void operator()(CURLU* url) const noexcept { curl_url_cleanup(url); }
};
using Url = std::unique_ptr<CURLU, CloseUrl>;
struct FreeText {
  void operator()(char* text) const noexcept { curl_free(text); }
};

struct DefaultPort {
  std::string_view scheme;
  std::string_view port;
};

// As browsers have it; curl would take 1080 for all of them.
constexpr DefaultPort kDefaultPorts[] = {{"http", "80"},      {"https", "443"},   {"socks4", "1080"},
                                         {"socks4a", "1080"}, {"socks5", "1080"}, {"socks5h", "1080"}};

std::string part(const Url& url, CURLUPart which, unsigned flags = 0) {
  char* text = nullptr;
  if (curl_url_get(url.get(), which, &text, flags) != CURLUE_OK) return {};
  const std::unique_ptr<char, FreeText> owned(text);
  return text;
}

struct ProxyUrl {
  std::string shown, whole;
};

/// "proxy.example:3128" and URLs of the known kinds; nothing for what no browser could use.
std::optional<ProxyUrl> parse_proxy(std::string_view text) {
  if (text.size() > kMaxText || text.contains('\0')) return std::nullopt;
  const std::string with_scheme = text.contains("://") ? std::string(text) : fmt::format("http://{}", text);
  const Url url(curl_url());
  if (curl_url_set(url.get(), CURLUPART_URL, with_scheme.c_str(), CURLU_NON_SUPPORT_SCHEME) != CURLUE_OK)
    return std::nullopt;
  const std::string scheme = lower(part(url, CURLUPART_SCHEME));
  std::string port = part(url, CURLUPART_PORT);
  std::string_view usual;
  for (const auto& row : kDefaultPorts)
    if (row.scheme == scheme) usual = row.port;
  const std::string host = lower(part(url, CURLUPART_HOST));
  if (usual.empty() || host.empty()) return std::nullopt;
  if (port.empty()) port = usual;
  const std::string user = part(url, CURLUPART_USER);
  const std::string password = part(url, CURLUPART_PASSWORD);
  const std::string credentials = user.empty() && password.empty() ? "" : user + ":" + password + "@";
  return ProxyUrl{fmt::format("{}://{}:{}", scheme, printable(host, 300), port),
                  fmt::format("{}://{}{}:{}", scheme, credentials, host, port)};
}

}  // namespace

ProxyChoice proxy_of_environment(const Environment& environment, std::string_view scheme) {
  const std::string own = lower(scheme) + "_proxy";
  const std::string own_upper = scheme == "https" ? "HTTPS_PROXY" : "HTTP_PROXY";
  const auto value = [&environment](const std::string& name) {
    const auto found = environment.find(name);
    return found == environment.end() ? std::string() : std::string(trim(found->second));
  };
  ProxyChoice choice;
  for (const auto& name : {own, own_upper, std::string("all_proxy"), std::string("ALL_PROXY")}) {
    choice.proxy = value(name);
    if (choice.proxy.empty()) continue;
    choice.source = "environment " + name;
    break;
  }
  choice.pac = value("auto_proxy");
  if (choice.source.empty() && !choice.pac.empty()) choice.source = "environment auto_proxy";
  choice.no_proxy = value("no_proxy");
  if (choice.no_proxy.empty()) choice.no_proxy = value("NO_PROXY");
  return choice;
}

ProxySettings settle_proxy(const ProxyChoice& choice, const Target& target, std::string& proxy_url) {
  proxy_url.clear();
  ProxySettings settings;
  settings.source = choice.source;
  settings.pac = printable(choice.pac, kMaxText);
  const auto proxy = choice.proxy.empty() ? std::nullopt : parse_proxy(choice.proxy);
  if (!proxy) {
    if (choice.pac.empty()) settings.source.clear();
    return settings;
  }
  settings.bypassed_by = printable(proxy_bypassed(choice.no_proxy, target.host, target.port), 300);
  if (!settings.bypassed_by.empty()) return settings;
  settings.proxy = proxy->shown;
  proxy_url = proxy->whole;
  return settings;
}

}  // namespace fix502
