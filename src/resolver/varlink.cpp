#include "resolver/varlink.hpp"

#include <arpa/inet.h>

#include <array>
#include <cstdint>

#include "resolver/bounds.hpp"

namespace fix502 {
namespace {

// SD_RESOLVED_* (systemd src/resolve/resolved-def.h)
constexpr std::uint64_t kNoSearch = 1U << 8;
constexpr std::uint64_t kNoNetwork = 1U << 15;
constexpr std::uint64_t kFromCache = 1U << 20;

std::string address_of(const Json& item) {
  const auto family = item.find("family");
  const auto bytes = item.find("address");
  if (family == item.end() || !family->is_number_integer() || bytes == item.end() || !bytes->is_array()) return {};
  const bool ipv6 = *family == AF_INET6;
  if (bytes->size() != (ipv6 ? 16U : 4U)) return {};
  std::array<unsigned char, 16> raw{};
  for (std::size_t i = 0; i < bytes->size(); ++i) {
    const auto& byte = (*bytes)[i];
    if (!byte.is_number_unsigned() || byte.get<std::uint64_t>() > 255) return {};
    raw[i] = static_cast<unsigned char>(byte.get<std::uint64_t>());
  }
  std::array<char, INET6_ADDRSTRLEN> text{};
  inet_ntop(ipv6 ? AF_INET6 : AF_INET, raw.data(), text.data(), text.size());
  return text.data();
}

}  // namespace

std::string resolved_question(const std::string& name, int family) {
  const Json question = {{"method", "io.systemd.Resolve.ResolveHostname"},
                         {"parameters", {{"name", name}, {"family", family}, {"flags", kNoNetwork | kNoSearch}}}};
  return question.dump(-1, ' ', true, Json::error_handler_t::replace) + '\0';
}

ResolvedAnswer read_resolved_answer(std::string_view bytes) {
  ResolvedAnswer answer;
  const Json json = Json::parse(bytes.substr(0, bytes.find('\0')), nullptr, false);
  if (!json.is_object()) return answer;
  if (const auto error = json.find("error"); error != json.end() && error->is_string()) {
    const auto& word = error->get_ref<const std::string&>();
    // NoSource: nothing but the network could answer. DNSError: a stored NXDOMAIN. A name without this kind of address
    // (NoSuchResourceRecord) is no wrong answer: most have no IPv6 one.
    if (word == "io.systemd.Resolve.NoSource" || word == "io.systemd.Resolve.NoSuchResourceRecord")
      answer.cached = Cached::no;
    if (word == "io.systemd.Resolve.DNSError") answer.cached = Cached::yes;
    return answer;
  }
  const auto parameters = json.find("parameters");
  if (parameters == json.end() || !parameters->is_object()) return answer;
  const auto flags = parameters->find("flags");
  const auto addresses = parameters->find("addresses");
  if (flags == parameters->end() || !flags->is_number_unsigned() || addresses == parameters->end()) return answer;
  // Not from the cache: from the hosts file, or made up for a name like localhost.
  answer.cached = (flags->get<std::uint64_t>() & kFromCache) != 0 ? Cached::yes : Cached::no;
  if (!addresses->is_array() || answer.cached == Cached::no) return answer;
  for (const auto& item : *addresses)
    if (item.is_object() && answer.addresses.size() < kMaxAddresses)
      if (auto address = address_of(item); !address.empty()) answer.addresses.push_back(std::move(address));
  return answer;
}

}  // namespace fix502
