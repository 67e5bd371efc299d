#pragma once

// The bytes of DNS (RFC 1035 4.1), read and written by ldns. Pure: no sockets here. What comes in is hostile: every
// function takes any bytes, and none throws or trusts a length.

#include <cstdint>
#include <string>
#include <string_view>

#include "base/result.hpp"
#include "net/net.hpp"

namespace fix502 {

/// The question as a message. `edns` adds an OPT record (RFC 6891) that announces 1232 bytes and asks for extended
/// errors. Errors: a name that is no name, a type that nobody knows.
[[nodiscard]] Result<std::string> build_query(const DnsQuery& query, std::uint16_t id, bool edns);

/// Whether `reply` answers exactly the message `sent`: same id, opcode and question. A datagram of which this is not
/// true comes from somebody else (or is forged) and is no answer, not a bad one.
[[nodiscard]] bool is_reply_to(std::string_view reply, std::string_view sent) noexcept;

/// The TC bit: the answer did not fit.
[[nodiscard]] bool is_truncated(std::string_view reply) noexcept;

/// What stands in `reply`, put into a copy of `asked` (which has the question and the server). At most 100 records of
/// each section are kept, each at most 1 KiB long; names come out in lower case, without the last dot, printable.
[[nodiscard]] Result<DnsExchange> read_answer(std::string_view reply, const DnsExchange& asked);

}  // namespace fix502
