#include "sys/linux/linux_host.hpp"

#include <ifaddrs.h>
#include <net/if.h>
#include <netdb.h>
#include <netinet/in.h>
#include <unistd.h>

#include <algorithm>
#include <array>

#include "base/text.hpp"
#include "sys/linux/files.hpp"
#include "sys/resolver_files.hpp"
#include "sys/routes.hpp"

namespace fix502 {
namespace {

constexpr std::size_t kMaxSettings = 1024 * 1024;
constexpr std::size_t kMaxHosts = 10 * 1024 * 1024;  // block lists have hundreds of thousands of lines
constexpr std::size_t kMaxRoutes = 4 * 1024 * 1024;
constexpr std::chrono::milliseconds kGsettingsTime{700};

struct FreeInterfaces {
  void operator()(ifaddrs* list) const noexcept { freeifaddrs(list); }
};
using InterfaceList = std::unique_ptr<ifaddrs, FreeInterfaces>;

/// The numeric address; empty for link-local ones (RFC 3927, RFC 4291 2.5.6), with which nobody reaches the internet.
std::string routable_address(const sockaddr* address) {
  if (!address || (address->sa_family != AF_INET && address->sa_family != AF_INET6)) return {};
  const bool ipv6 = address->sa_family == AF_INET6;
  const socklen_t size = ipv6 ? sizeof(sockaddr_in6) : sizeof(sockaddr_in);
  std::array<char, NI_MAXHOST> host{};
  if (getnameinfo(address, size, host.data(), host.size(), nullptr, 0, NI_NUMERICHOST) != 0) return {};
  const std::string text = host.data();
  const bool link_local = ipv6 ? IN6_IS_ADDR_LINKLOCAL(&reinterpret_cast<const sockaddr_in6*>(address)->sin6_addr)
                               : text.starts_with("169.254.");
  return link_local ? std::string() : text;
}

class LinuxHost : public Host {
 public:
  LinuxHost(LinuxPlaces places, Environment environment)
      : places_(std::move(places)), environment_(std::move(environment)) {}

  [[nodiscard]] ResolverConfig resolver_config() const override {
    auto conf = parse_resolv_conf(read_text(places_.resolv_conf, kMaxSettings));
    ResolverConfig config;
    config.nameservers = std::move(conf.nameservers);
    config.search = std::move(conf.search);
    config.sources = parse_nsswitch(read_text(places_.nsswitch, kMaxSettings));
    config.path = places_.resolv_conf.string();
    return config;
  }

  [[nodiscard]] HostsEntry hosts_entry(const std::string& name) const override {
    HostsEntry entry = parse_hosts(read_text(places_.hosts, kMaxHosts), name);
    entry.path = places_.hosts.string();
    return entry;
  }

  [[nodiscard]] Interfaces interfaces() const override {
    Interfaces found;
    ifaddrs* raw = nullptr;
    const InterfaceList list(getifaddrs(&raw) == 0 ? raw : nullptr);
    for (const ifaddrs* each = list.get(); each; each = each->ifa_next) add(found.interfaces, *each);
    found.default_route_ipv4 = has_default_route_ipv4(read_text(places_.route, kMaxRoutes));
    found.default_route_ipv6 = has_default_route_ipv6(read_text(places_.ipv6_route, kMaxRoutes));
    return found;
  }

  [[nodiscard]] ProxySettings proxy_settings(const Target& target, std::string& proxy_url) const override {
    ProxyChoice choice = proxy_of_environment(environment_, target.scheme);
    if (choice.source.empty()) choice = proxy_of_gnome(gnome_settings(), target.scheme);
    if (choice.source.empty() && !places_.settings.empty())
      choice = proxy_of_kde(read_text(places_.settings / "kioslaverc", kMaxSettings), target.scheme);
    return settle_proxy(choice, target, proxy_url);
  }

  [[nodiscard]] WallTime now() const override {
    return std::chrono::floor<std::chrono::seconds>(std::chrono::system_clock::now());
  }

 private:
  static void add(std::vector<Interface>& all, const ifaddrs& each) {
    auto found = std::ranges::find(all, each.ifa_name, &Interface::name);
    if (found == all.end()) found = all.emplace(all.end());
    found->name = each.ifa_name;
    // RUNNING: the cable is in.
    found->up = (each.ifa_flags & IFF_UP) != 0 && (each.ifa_flags & IFF_RUNNING) != 0;
    found->loopback = (each.ifa_flags & IFF_LOOPBACK) != 0;
    if (std::string address = routable_address(each.ifa_addr); !address.empty())
      found->addresses.push_back(std::move(address));
  }

  /// Without the user's own database there is nothing but defaults, which are "none".
  [[nodiscard]] std::string gnome_settings() const {
    std::error_code ignored;
    if (places_.settings.empty() || !std::filesystem::exists(places_.settings / "dconf" / "user", ignored)) return {};
    return output_of({places_.gsettings, "list-recursively", "org.gnome.system.proxy"}, kGsettingsTime);
  }

  LinuxPlaces places_;
  Environment environment_;
};

Environment own_environment() {
  Environment environment;
  for (char** each = environ; each && *each; ++each) {
    const std::string_view pair(*each);
    const auto equals = pair.find('=');
    if (equals != pair.npos) environment.emplace(pair.substr(0, equals), pair.substr(equals + 1));
  }
  return environment;
}

}  // namespace

std::unique_ptr<Host> linux_host(LinuxPlaces places, Environment environment) {
  return std::make_unique<LinuxHost>(std::move(places), std::move(environment));
}

std::unique_ptr<Host> this_host() {
  Environment environment = own_environment();
  LinuxPlaces places;
  if (const auto& given = environment["XDG_CONFIG_HOME"]; given.starts_with('/'))
    places.settings = given;
  else if (const auto& home = environment["HOME"]; home.starts_with('/'))
    places.settings = std::filesystem::path(home) / ".config";
  return linux_host(std::move(places), std::move(environment));
}

}  // namespace fix502
