#include "browser/cache_key.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "base/text.hpp"
#include "browser/site.hpp"
#include "target/target.hpp"

namespace fix502 {
namespace {

/// Firefox numbers containers from 1; it comes with four, and few people make more.
constexpr int kContainers = 9;

bool is_of(std::string_view address, std::string_view host) {
  const auto target = parse_target(address);
  return target && is_same_site(target->host, host);
}

/// Percent-decoded, as far as a partition key needs it: %28 %2C %29.
std::string decoded(std::string_view text) {
  std::string plain;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const auto code = text.substr(i, 3);
    const char c = code == "%28" ? '(' : code == "%29" ? ')' : code == "%2C" ? ',' : '\0';
    plain += c != '\0' ? c : text[i];
    if (c != '\0') i += 2;
  }
  return plain;
}

/// The host in "O^partitionKey=%28http%2Cshop.example%29,": the second part of three at most.
std::string host_in_partition(std::string_view key) {
  constexpr std::string_view kName = "partitionKey=";
  const auto begin = key.find(kName);
  if (begin == key.npos) return {};
  const std::string value = decoded(key.substr(begin + kName.size(), 512));
  const auto parts = split(std::string_view(value).substr(0, value.find(')')), ',');
  return parts.size() < 2 ? std::string{} : std::string(parts[1]);
}

}  // namespace

std::vector<PageKey> chromium_page_keys(const Target& page) {
  const std::string site = site_of(page);
  return {{fmt::format("1/0/_dk_{} {} {}", site, site, page.url), ""},
          {fmt::format("1/0/_dk_cn_{} {} {}", site, site, page.url), "link"},
          {fmt::format("1/0/{}", page.url), ""}};
}

std::string address_in_chromium_key(std::string_view key) {
  if (const auto blank = key.rfind(' '); blank != key.npos) return std::string(key.substr(blank + 1));
  const auto first = key.find('/');
  const auto second = first == key.npos ? key.npos : key.find('/', first + 1);
  // Before 2019 the key was the address itself.
  const bool numbered = second != key.npos && key.find_first_not_of("0123456789/") > second;
  return std::string(numbered ? key.substr(second + 1) : key);
}

bool chromium_key_is_of_site(std::string_view key, std::string_view host) {
  // Taking a hundred thousand addresses apart takes a second; nearly all of them do not even hold the name.
  if (key.find(registrable_domain(host)) == key.npos) return false;
  for (const auto word : words(key)) {
    const auto scheme = word.find("http");
    if (scheme != word.npos && is_of(word.substr(scheme), host)) return true;
  }
  return false;
}

std::vector<PageKey> firefox_page_keys(const Target& page) {
  const std::string domain = bracketed(registrable_domain(page.host));
  std::vector<std::string> partitions = {fmt::format("%28{}%2C{}%29", page.scheme, domain)};
  // What has no registrable domain keeps its port (OriginAttributes.cpp, PopulateTopLevelInfoFromURI).
  const bool usual = page.port == (page.scheme == "https" ? 443 : 80);
  if (!usual) partitions.push_back(fmt::format("%28{}%2C{}%2C{}%29", page.scheme, domain, page.port));
  std::vector<PageKey> keys;
  for (const auto& partition : partitions) {
    keys.push_back({fmt::format("O^partitionKey={},:{}", partition, page.url), ""});
    for (int container = 1; container <= kContainers; ++container)
      keys.push_back({fmt::format("O^userContextId={}&partitionKey={},:{}", container, partition, page.url), ""});
  }
  keys.push_back({":" + page.url, ""});  // not partitioned: older versions, or switched off
  return keys;
}

std::string address_in_firefox_key(std::string_view key) {
  // Tags end with a comma each, and a comma in a value is doubled; the address follows ",:" or a ':' at the start.
  if (key.starts_with(':')) return std::string(key.substr(1));
  const auto mark = key.find(",:");
  return mark == key.npos ? std::string{} : std::string(key.substr(mark + 2));
}

bool firefox_key_is_of_site(std::string_view key, std::string_view host) {
  if (key.find(registrable_domain(host)) == key.npos) return false;
  const std::string partition = host_in_partition(key);
  if (!partition.empty() && is_same_site(partition, host)) return true;
  return is_of(address_in_firefox_key(key), host);
}

}  // namespace fix502
