#include "remedy/bypass_proxy.hpp"

#include <fmt/format.h>

#include "base/text.hpp"

namespace fix502 {
namespace {

/// A line "key=..." of the file becomes `line`; it is added at the end of `section` (or of the file) where it is
/// missing.
std::string with_line(std::string_view text, std::string_view section, std::string_view key, std::string_view line) {
  std::string result;
  bool inside = section.empty(), placed = false;
  const auto place = [&] {
    if (!placed) result += fmt::format("{}\n", line);
    placed = true;
  };
  while (!text.empty()) {
    const auto end = text.find('\n');
    const auto old = text.substr(0, end);
    text.remove_prefix(end == text.npos ? text.size() : end + 1);
    if (old.starts_with('[')) {
      if (inside) place();
      inside = trim(old) == section;
    }
    const auto name = trim(old.substr(0, std::min(old.find('='), old.find('['))));
    if (inside && old.find('=') != old.npos && name == key)
      place();
    else
      result += fmt::format("{}\n", old);
  }
  if (!inside && !placed) result += fmt::format("{}\n", section);
  place();
  return result;
}

Work by_environment(const ProxyPlace& place, std::string_view host) {
  const std::string value = no_proxy_with(place.exceptions, host);
  Work work;
  std::string bytes = place.text;
  for (const std::string_view name : {"no_proxy", "NO_PROXY"})
    bytes = with_line(bytes, "", name, fmt::format("{}={}", name, value));
  work.steps.push_back({fmt::format("except {} from the proxy in {}", host, place.file), Risk::this_user,
                        WriteFile{.path = place.file, .bytes = std::move(bytes)}});
  work.tell = {
      "Programs that you start after your next login go round the proxy for this site. In a shell that is open:",
      fmt::format("  export no_proxy={0} NO_PROXY={0}", shell_quoted(value)),
      "For one command alone: fix502 fix bypass-proxy URL -- COMMAND"};
  return work;
}

Work by_gnome(const ProxyPlace& place, std::string_view host) {
  const std::vector<std::string> set{"gsettings", "set", "org.gnome.system.proxy", "ignore-hosts"};
  // GVariant's text form: ['localhost', '127.0.0.0/8'], or @as [] for none.
  const auto bracket = place.exceptions.rfind(']');
  const bool none = bracket == std::string::npos || place.exceptions.find('\'') == std::string::npos;
  const std::string list =
      none ? fmt::format("['{}']", host) : fmt::format("{}, '{}']", place.exceptions.substr(0, bracket), host);
  RunCommand run{.words = set, .undo = set};
  run.words.push_back(list);
  run.undo.push_back(none ? "@as []" : place.exceptions);
  Work work;
  work.steps.push_back({fmt::format("except {} from the proxy in GNOME's settings", host), Risk::this_user, run});
  return work;
}

Work by_kde(const ProxyPlace& place, std::string_view host) {
  Work work;
  const std::string line = fmt::format("NoProxyFor={}", no_proxy_with(place.exceptions, host));
  work.steps.push_back(
      {fmt::format("except {} from the proxy in {}", host, place.file), Risk::this_user,
       WriteFile{
           .path = place.file, .bytes = with_line(place.text, "[Proxy Settings]", "NoProxyFor", line), .mode = 0600}});
  work.tell = {"Programs of KDE that are open take it up when they are started again."};
  return work;
}

}  // namespace

std::string no_proxy_with(std::string_view no_proxy, std::string_view host) {
  const auto old = trim(no_proxy);
  return old.empty() ? std::string(host) : fmt::format("{},{}", old, host);
}

Work bypass_proxy(const ProxyPlace& place, std::string_view host) {
  if (place.source.starts_with("environment")) return by_environment(place, host);
  if (place.source == "GNOME") return by_gnome(place, host);
  if (place.source == "KDE") return by_kde(place, host);
  Work work;
  work.nothing = "no proxy is set on this machine for this site";
  return work;
}

}  // namespace fix502
