#include "sys/resolver_files.hpp"

#include <arpa/inet.h>
#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "base/text.hpp"

namespace fix502 {
namespace {

constexpr std::size_t kMaxServers = 3;  // MAXNS of <resolv.h>
constexpr std::size_t kMaxSearch = 32;
constexpr std::size_t kMaxAddresses = 64;

/// Takes the next line off `text`.
std::string_view next_line(std::string_view& text) {
  const auto end = std::min(text.find('\n'), text.size());
  const auto line = text.substr(0, end);
  text.remove_prefix(std::min(end + 1, text.size()));
  return line;
}

/// Takes the next word off `line`; empty at its end.
std::string_view next_word(std::string_view& line) {
  const auto begin = std::min(line.find_first_not_of(" \t\r"), line.size());
  const auto end = std::min(line.find_first_of(" \t\r", begin), line.size());
  const auto word = line.substr(begin, end - begin);
  line.remove_prefix(end);
  return word;
}

/// As inet_ntop(3) writes it; empty where the word is no address.
std::string address_text(std::string_view word) {
  const std::string text(word);
  std::array<char, INET6_ADDRSTRLEN> shown{};
  std::array<unsigned char, sizeof(in6_addr)> bytes{};
  for (const int family : {AF_INET, AF_INET6})
    if (inet_pton(family, text.c_str(), bytes.data()) == 1)
      return inet_ntop(family, bytes.data(), shown.data(), shown.size());
  return {};
}

/// inet_aton(3) for IPv4 ("127.1" is one), IPv6 with the scope that link-local servers need.
std::string server_text(std::string_view word) {
  in_addr address{};
  std::array<char, INET_ADDRSTRLEN> shown{};
  if (inet_aton(std::string(word).c_str(), &address) == 1)
    return std::string(inet_ntop(AF_INET, &address, shown.data(), shown.size())) + ":53";
  const auto percent = std::min(word.find('%'), word.size());
  const std::string text = address_text(word.substr(0, percent));
  return text.empty() ? text : fmt::format("[{}{}]:53", text, printable(word.substr(percent), 32));
}

/// Does an action such as "[NOTFOUND=return]" or "[!UNAVAIL=return]" end the search where a source has not got the
/// name? nsswitch.conf(5).
bool ends_where_not_found(std::string_view action) {
  bool ends = false;
  const std::string text = lower(action);
  for (const auto word : words(text)) {
    const auto equals = word.find('=');
    if (equals == word.npos) continue;
    std::string_view status = word.substr(0, equals);
    const bool negated = status.starts_with('!');
    if (negated) status.remove_prefix(1);
    if ((status == "notfound") != negated) ends = word.substr(equals + 1) == "return";
  }
  return ends;
}

/// The sources of one line that can be reached for a name that is in no file. Only `files` is sure to be there to say
/// "not found"; others may be missing, or speak for some names only.
std::vector<std::string> reachable_sources(std::string_view line) {
  std::vector<std::string> sources;
  while (!line.empty()) {
    const auto open = std::min(line.find('['), line.size());
    for (const auto source : words(line.substr(0, open))) sources.push_back(printable(source, 40));
    const auto close = std::min(line.find(']', open), line.size());
    const auto action = line.substr(std::min(open + 1, line.size()), close - std::min(open + 1, close));
    if (!sources.empty() && sources.back() == "files" && ends_where_not_found(action)) break;
    line.remove_prefix(std::min(close + 1, line.size()));
  }
  return sources;
}

}  // namespace

ResolvConf parse_resolv_conf(std::string_view text) {
  ResolvConf conf;
  while (!text.empty()) {
    auto line = next_line(text);
    // Keywords stand at the line's very beginning; "  nameserver" is none.
    if (line.empty() || line.front() == ' ' || line.front() == '\t') continue;
    const auto keyword = next_word(line);
    if (keyword == "nameserver" && conf.nameservers.size() < kMaxServers) {
      if (std::string server = server_text(next_word(line)); !server.empty())
        conf.nameservers.push_back(std::move(server));
    } else if (keyword == "search" || keyword == "domain") {
      conf.search.clear();  // the last one holds
      const std::size_t most = keyword == "domain" ? 1 : kMaxSearch;
      for (auto word = next_word(line); !word.empty() && conf.search.size() < most; word = next_word(line))
        conf.search.push_back(lower(printable(word, 253)));
    }
  }
  return conf;
}

std::vector<std::string> parse_nsswitch(std::string_view text) {
  // nss/nss_database.c: "dns [!UNAVAIL=return] files" where the file has no such line.
  std::vector<std::string> sources{"dns", "files"};
  while (!text.empty()) {
    auto line = next_line(text);
    line = trim(line.substr(0, line.find('#')));
    if (!line.starts_with("hosts:")) continue;
    sources = reachable_sources(line.substr(6));
  }
  return sources;
}

HostsEntry parse_hosts(std::string_view text, std::string_view name) {
  HostsEntry entry;
  entry.name = name;
  for (int number = 1; !text.empty(); ++number) {
    auto line = next_line(text);
    line = line.substr(0, line.find('#'));
    const auto first = next_word(line);
    for (auto word = next_word(line); !word.empty(); word = next_word(line)) {
      if (!equals_ignoring_case(word, name)) continue;
      const std::string address = address_text(first);
      if (address.empty() || entry.addresses.size() >= kMaxAddresses) break;
      if (entry.line == 0) entry.line = number;
      if (std::ranges::find(entry.addresses, address) == entry.addresses.end()) entry.addresses.push_back(address);
      break;
    }
  }
  return entry;
}

}  // namespace fix502
