#include "observation/dns_exchange.hpp"

#include <algorithm>

namespace fix502 {
namespace {

// BIND and unbound give up after 16 and 11 links; a longer chain is no chain that works.
constexpr std::size_t kMaxLinks = 16;

const DnsRecord* alias_of(const std::vector<DnsRecord>& records, const std::string& name) {
  const auto found = std::ranges::find_if(
      records, [&name](const DnsRecord& record) { return record.type == "CNAME" && record.name == name; });
  return found == records.end() ? nullptr : &*found;
}

}  // namespace

std::vector<std::string> DnsExchange::chain() const {
  std::vector<std::string> names{name};
  while (names.size() <= kMaxLinks) {
    const DnsRecord* alias = alias_of(answer, names.back());
    if (!alias || std::ranges::find(names, alias->data) != names.end()) break;
    names.push_back(alias->data);
  }
  return names;
}

std::vector<std::string> DnsExchange::addresses() const {
  const std::string end = chain().back();
  std::vector<std::string> found;
  for (const auto& record : answer) {
    const bool is_address = record.type == "A" || record.type == "AAAA";
    if (is_address && record.name == end && std::ranges::find(found, record.data) == found.end())
      found.push_back(record.data);
  }
  return found;
}

}  // namespace fix502
