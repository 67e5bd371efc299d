#include <fmt/format.h>

#include <algorithm>
#include <map>

#include "base/text.hpp"
#include "sys/proxy_rules.hpp"

namespace fix502 {
namespace {

using Values = std::map<std::string, std::string, std::less<>>;

std::string at(const Values& values, std::string_view key) {
  const auto found = values.find(key);
  return found == values.end() ? std::string() : found->second;
}

/// GVariant's text form of a string ('...'); lists become their elements between commas.
std::string unquoted(std::string_view text) {
  std::string result;
  for (const char c : trim(text))
    if (c != '\'' && c != '"' && c != '[' && c != ']') result += c;
  return result.starts_with("@as") ? std::string() : result;  // the empty list
}

/// "org.gnome.system.proxy.http host 'proxy.example'" becomes {"http host", "proxy.example"}.
Values gnome_values(std::string_view text) {
  constexpr std::string_view kSchema = "org.gnome.system.proxy";
  Values values;
  for (const auto line : split(text, '\n')) {
    const auto column = words(line);
    if (column.size() < 3 || !column[0].starts_with(kSchema)) continue;
    const auto group = column[0].substr(kSchema.size());
    const auto value = line.substr(static_cast<std::size_t>(column[2].data() - line.data()));
    values.emplace(
        group.starts_with('.') ? std::string(group.substr(1)) + " " + std::string(column[1]) : std::string(column[1]),
        unquoted(value));
  }
  return values;
}

/// The lines of one section of an INI file.
Values section_values(std::string_view text, std::string_view section) {
  Values values;
  bool inside = false;
  for (const auto line : split(text, '\n')) {
    if (line.starts_with('[')) inside = line == section;
    const auto equals = line.find('=');
    if (!inside || equals == line.npos) continue;
    // "key[$e]" lets variables be expanded in it; the key is what stands before.
    const auto key = trim(line.substr(0, std::min(equals, line.find('['))));
    values.insert_or_assign(std::string(key), std::string(trim(line.substr(equals + 1))));
  }
  return values;
}

}  // namespace

ProxyChoice proxy_of_gnome(std::string_view text, std::string_view scheme) {
  const Values values = gnome_values(text);
  ProxyChoice choice;
  const std::string mode = at(values, "mode");
  if (mode == "auto") {
    choice.pac = at(values, "autoconfig-url");
    if (choice.pac.empty()) choice.pac = "http://wpad/wpad.dat";  // no URL: discovery
  } else if (mode == "manual") {
    struct Kind {
      std::string key, prefix;
    };
    for (const auto& [key, prefix] : {Kind{std::string(scheme), "http://"}, Kind{"socks", "socks5://"}}) {
      const std::string host = at(values, key + " host");
      const std::string port = at(values, key + " port");
      if (host.empty()) continue;
      choice.proxy = port.empty() || port == "0" ? prefix + host : fmt::format("{}{}:{}", prefix, host, port);
      break;
    }
    choice.no_proxy = at(values, "ignore-hosts");
  }
  if (!choice.proxy.empty() || !choice.pac.empty()) choice.source = "GNOME";
  return choice;
}

ProxyChoice proxy_of_kde(std::string_view text, std::string_view scheme) {
  const Values values = section_values(text, "[Proxy Settings]");
  ProxyChoice choice;
  const std::string type = at(values, "ProxyType");
  if (type == "1") {
    // "http://proxy.example 8080": KDE puts a blank where a colon belongs.
    for (const auto& key : {std::string(scheme) + "Proxy", std::string("socksProxy")}) {
      const std::string value = at(values, key);
      const auto parts = words(value);
      if (parts.empty()) continue;
      choice.proxy = parts.size() > 1 ? fmt::format("{}:{}", parts[0], parts[1]) : std::string(parts[0]);
      if (key == "socksProxy" && choice.proxy.starts_with("socks://")) choice.proxy.replace(0, 5, "socks5");
      break;
    }
    choice.no_proxy = at(values, "NoProxyFor");
  } else if (type == "2") {
    choice.pac = at(values, "Proxy Config Script");
  } else if (type == "3") {
    choice.pac = "http://wpad/wpad.dat";
  }
  if (!choice.proxy.empty() || !choice.pac.empty()) choice.source = "KDE";
  return choice;
}

}  // namespace fix502
