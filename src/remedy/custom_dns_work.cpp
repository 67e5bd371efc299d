// Where another resolver is set, and how that place says it.

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>

#include "base/text.hpp"
#include "remedy/custom_dns.hpp"
#include "target/target.hpp"

namespace fix502 {
namespace {

constexpr std::size_t kMostServers = 3;  // resolv.conf(5): MAXNS

std::vector<std::string> first_servers(const DnsChoice& choice) {
  return {choice.addresses.begin(),
          choice.addresses.begin() + static_cast<long>(std::min(kMostServers, choice.addresses.size()))};
}

bool is_name_server(std::string_view line) {
  const auto column = words(line);
  return !column.empty() && column[0] == "nameserver";
}

RunCommand resolvectl(std::string_view verb, const std::string& interface, const std::vector<std::string>& rest) {
  RunCommand run;
  run.as_root = true;
  run.words = {"resolvectl", std::string(verb), interface};
  run.words.insert(run.words.end(), rest.begin(), rest.end());
  return run;
}

/// `resolvectl dns IF ""` sets an empty list.
std::vector<std::string> or_none(const std::vector<std::string>& list) {
  return list.empty() ? std::vector<std::string>{""} : list;
}

Json secure_dns(const DnsChoice& choice) {
  return {{"Enabled", true}, {"ProviderURL", choice.doh_url}, {"Locked", false}, {"Fallback", false}};
}

const std::string kPortals =
    "Secure DNS keeps some networks' login pages from opening: `fix502 undo` there, and set it again afterwards.";

/// A browser that was used writes its settings anew, and undo leaves what others wrote alone.
std::string by_hand(std::string_view browser, std::string_view where) {
  return fmt::format(
      "Once {} has run, it has written that file anew and `fix502 undo` leaves it alone: {} turns it off.", browser,
      where);
}

bool sets(std::string_view line, std::string_view preference) {
  const auto at = line.find("user_pref(");
  return at != line.npos && trim(line.substr(0, at)).empty() &&
         line.find(fmt::format("\"{}\"", preference)) != line.npos;
}

/// What Firefox calls its modes: 3 asks the resolver that is set and nobody else
/// (https://wiki.mozilla.org/Trusted_Recursive_Resolver).
bool sets_resolver(std::string_view line) {
  return sets(line, "network.trr.mode") || sets(line, "network.trr.uri");
}

}  // namespace

Work dns_by_file(const std::string& path, std::string_view text, bool is_link, const DnsChoice& choice) {
  std::string bytes, servers;
  const auto chosen = first_servers(choice);
  for (const auto& address : chosen) servers += fmt::format("nameserver {}\n", address);
  bool placed = false;
  while (!text.empty()) {
    const auto end = text.find('\n');
    const auto line = text.substr(0, end);
    text.remove_prefix(end == text.npos ? text.size() : end + 1);
    if (is_name_server(line)) {
      if (!placed) bytes += servers;
      placed = true;
      bytes += "# fix502: ";
    }
    bytes += fmt::format("{}\n", line);
  }
  if (!placed) bytes += servers;
  Work work;
  work.steps.push_back({fmt::format("make {} ({}) the name server in {}", choice.title, fmt::join(chosen, ", "), path),
                        Risk::this_machine,
                        WriteFile{.path = path, .bytes = std::move(bytes), .mode = 0644, .replace_link = is_link}});
  work.tell = {"A program that manages this file (a DHCP client, a VPN) may write it anew when the network changes."};
  return work;
}

Work dns_by_resolved(const LinkDns& link, const DnsChoice& choice) {
  std::vector<std::string> servers;
  for (const auto& address : first_servers(choice))
    servers.push_back(choice.over_tls && !is_ipv4(choice.tls_name) && !is_ipv6(choice.tls_name)
                          ? address + "#" + choice.tls_name
                          : address);
  const bool was_default = link.servers.empty() && link.domains.empty();
  const bool revert = link.managed || was_default;
  Work work;
  const auto add = [&](std::string say, RunCommand run, RunCommand back) {
    run.undo = revert ? std::vector<std::string>{"resolvectl", "revert", link.interface} : back.words;
    work.steps.push_back({std::move(say), Risk::this_machine, std::move(run)});
  };
  add(fmt::format("make {} ({}) the name server of {} in systemd-resolved", choice.title, fmt::join(servers, ", "),
                  link.interface),
      resolvectl("dns", link.interface, servers), resolvectl("dns", link.interface, or_none(link.servers)));
  add(fmt::format("send every name there, not to other interfaces' servers"),
      resolvectl("domain", link.interface, {"~."}), resolvectl("domain", link.interface, or_none(link.domains)));
  if (choice.over_tls)
    add("ask it over TLS only", resolvectl("dnsovertls", link.interface, {"yes"}),
        resolvectl("dnsovertls", link.interface, {link.over_tls.empty() ? "no" : link.over_tls}));
  work.tell = {"It lasts until this machine, or the connection, is started again."};
  return work;
}

Work dns_by_network_manager(const std::string& interface, const DnsChoice& choice) {
  std::vector<std::string> ipv4, ipv6;
  for (const auto& address : choice.addresses) (is_ipv6(address) ? ipv6 : ipv4).push_back(address);
  RunCommand run;
  run.as_root = true;
  run.words = {"nmcli",
               "device",
               "modify",
               interface,
               "ipv4.ignore-auto-dns",
               "yes",
               "ipv6.ignore-auto-dns",
               "yes",
               "ipv4.dns",
               fmt::format("{}", fmt::join(ipv4, ",")),
               "ipv6.dns",
               fmt::format("{}", fmt::join(ipv6, ","))};
  // nmcli(1): "modify" changes what is active and not the profile; "reapply" brings the profile back.
  run.undo = {"nmcli", "device", "reapply", interface};
  Work work;
  work.steps.push_back({fmt::format("make {} the name server of {} in NetworkManager", choice.title, interface),
                        Risk::this_machine, std::move(run)});
  work.tell = {"It lasts until the connection is started again."};
  return work;
}

Work dns_by_chromium_policy(const std::string& browser, const std::string& folder, const DnsChoice& choice) {
  // Without an explicit mode a policy file switches secure DNS off.
  const Json policy = {{"DnsOverHttpsMode", "secure"}, {"DnsOverHttpsTemplates", choice.doh_url + "{?dns}"}};
  const std::string path = folder + "/fix502-dns.json";
  Work work;
  work.steps.push_back(
      {fmt::format("have {} resolve names by {} ({}), in {}", browser, choice.title, choice.doh_url, path),
       Risk::this_machine, WriteFile{.path = path, .bytes = policy.dump(2) + "\n"}});
  work.tell = {fmt::format("{} that runs already takes it up when it is started again.", browser), kPortals};
  return work;
}

Result<Work> dns_by_firefox_policy(const std::string& path, std::string_view text, const DnsChoice& choice) {
  Json file = trim(text).empty() ? Json::object() : Json::parse(text, nullptr, false);
  if (!file.is_object()) return fail("is not JSON, so Firefox does not read it either, and it is left alone", path);
  Json& policies = file["policies"];
  if (!policies.is_object() && !policies.is_null()) return fail("has no policies, and is left alone", path);
  if (const auto old = policies.find("DNSOverHTTPS"); old != policies.end() && old->is_object()) {
    const auto locked = old->find("Locked");
    if (locked != old->end() && *locked == true)
      return fail("locks Firefox's secure DNS; ask whoever administers this machine", path);
  }
  policies["DNSOverHTTPS"] = secure_dns(choice);
  Work work;
  work.steps.push_back(
      {fmt::format("have Firefox resolve names by {} ({}), in {}", choice.title, choice.doh_url, path),
       Risk::this_machine,
       WriteFile{.path = path, .bytes = file.dump(2, ' ', false, Json::error_handler_t::replace) + "\n"}});
  work.tell = {"Firefox that runs already takes it up when it is started again.", kPortals};
  return work;
}

Result<Work> dns_by_local_state(const std::string& browser, const std::string& path, std::string_view text,
                                const DnsChoice& choice) {
  Json state = trim(text).empty() ? Json::object() : Json::parse(text, nullptr, false);
  if (!state.is_object()) return fail("is not the JSON that it should be, and is left alone", path);
  state["dns_over_https"] = {{"mode", "secure"}, {"templates", choice.doh_url + "{?dns}"}};
  Work work;
  work.steps.push_back(
      {fmt::format("have {} resolve names by {} ({}), in its own settings ({})", browser, choice.title, choice.doh_url,
                   path),
       Risk::this_user,
       WriteFile{.path = path, .bytes = state.dump(-1, ' ', false, Json::error_handler_t::replace), .mode = 0600}});
  work.tell = {by_hand(browser, "Settings, Privacy and security, Security, \"Use secure DNS\""), kPortals};
  return work;
}

Result<Work> dns_by_firefox_prefs(const std::string& path, std::string_view text, std::string_view user_js,
                                  const DnsChoice& choice) {
  for (const auto line : split(user_js, '\n'))
    if (sets_resolver(line))
      return fail("user.js settles secure DNS there, and goes before what is set otherwise", path);
  if (choice.doh_url.find_first_of("\"\\\n") != std::string::npos)
    return fail("that address cannot be written there", path);
  std::string bytes;
  while (!text.empty()) {
    const auto end = std::min(text.find('\n'), text.size() - 1);
    const auto line = text.substr(0, end + 1);
    text.remove_prefix(line.size());
    if (!sets_resolver(line)) bytes += line;
  }
  if (!bytes.empty() && bytes.back() != '\n') bytes += '\n';
  bytes +=
      fmt::format("user_pref(\"network.trr.mode\", 3);\nuser_pref(\"network.trr.uri\", \"{}\");\n", choice.doh_url);
  Work work;
  work.steps.push_back({fmt::format("have Firefox resolve names by {} ({}), in its own settings ({})", choice.title,
                                    choice.doh_url, path),
                        Risk::this_user, WriteFile{.path = path, .bytes = std::move(bytes), .mode = 0600}});
  work.tell = {by_hand("Firefox", "Settings, Privacy & Security, \"DNS over HTTPS\""), kPortals};
  return work;
}

}  // namespace fix502
