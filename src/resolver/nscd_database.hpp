#pragma once

// What nscd keeps, as it shares it with every program that asks (glibc 2.36 nscd/nscd-client.h: struct
// database_pers_head, hashentry, datahead, ai_response_header). Pure: bytes in, records out; nothing in them is
// trusted.

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace fix502 {

struct NscdRecord {
  bool denial = false;  ///< stored is that there is no such name
  std::vector<std::string> addresses;
  std::int64_t until = 0;  ///< seconds since 1970

  bool operator==(const NscdRecord&) const = default;
};

/// Every answer to getaddrinfo(3) for the name that the database of "hosts" holds; nullopt: it is none.
[[nodiscard]] std::optional<std::vector<NscdRecord>> read_nscd_database(std::string_view bytes, std::string_view name);

/// A whole reply to the question for a name (ai_response_header and what follows it).
struct NscdReply {
  bool disabled = false;  ///< nscd keeps no hosts
  bool found = false;
  std::vector<std::string> addresses;
};
[[nodiscard]] std::optional<NscdReply> read_nscd_reply(std::string_view bytes);
/// The bytes of such a reply, as its header announces them; 0: the header is not there yet, or is none.
[[nodiscard]] std::size_t nscd_reply_size(std::string_view bytes);
/// A question: request_header and the name with its NUL.
[[nodiscard]] std::string nscd_question(std::int32_t type, std::string_view name);

inline constexpr std::int32_t kNscdHostsDatabase = 13;  ///< GETFDHST
inline constexpr std::int32_t kNscdAddresses = 14;      ///< GETAI

}  // namespace fix502
