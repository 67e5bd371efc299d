#include "resolver/talk.hpp"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <random>

#include "base/text.hpp"
#include "net/net.hpp"
#include "net/wire.hpp"
#include "resolver/fd.hpp"
#include "target/target.hpp"

namespace fix502 {
namespace {

constexpr std::size_t kMaxSpoken = 1024 * 1024;
constexpr std::size_t kMaxDatagram = 65'535;
constexpr std::chrono::milliseconds kAskAgain{400};

std::unexpected<Error> failed(std::string_view where) {
  return fail(std::strerror(errno), std::string(where));
}

/// getaddrinfo(3) would do as well, and would take locks that a process forked meanwhile would find held.
struct Address {
  sockaddr_storage bytes{};
  socklen_t size = 0;  ///< 0: no address
  [[nodiscard]] const sockaddr* get() const { return reinterpret_cast<const sockaddr*>(&bytes); }
  [[nodiscard]] int family() const { return bytes.ss_family; }
};

Address numeric_address(const std::string& host, std::uint16_t port) {
  Address address;
  auto* ipv4 = reinterpret_cast<sockaddr_in*>(&address.bytes);
  auto* ipv6 = reinterpret_cast<sockaddr_in6*>(&address.bytes);
  if (inet_pton(AF_INET, host.c_str(), &ipv4->sin_addr) == 1) {
    ipv4->sin_family = AF_INET;
    ipv4->sin_port = htons(port);
    address.size = sizeof *ipv4;
  } else if (inet_pton(AF_INET6, host.c_str(), &ipv6->sin6_addr) == 1) {
    ipv6->sin6_family = AF_INET6;
    ipv6->sin6_port = htons(port);
    address.size = sizeof *ipv6;
  }
  return address;
}

pid_t peer_of(int socket) {
  ucred who{};
  socklen_t size = sizeof who;
  return getsockopt(socket, SOL_SOCKET, SO_PEERCRED, &who, &size) == 0 ? who.pid : 0;
}

/// The question's bytes. Without EDNS its class is the last two of them (RFC 1035 4.1.2).
Result<std::string> message_of(const Question& question) {
  DnsQuery query;
  query.name = question.name;
  query.type = question.type;
  query.recursion_desired = question.recurse;
  std::random_device random;
  auto message = build_query(query, static_cast<std::uint16_t>(random()), false);
  if (message && question.chaos && message->size() > 2) message->back() = 3;
  return message;
}

}  // namespace

bool wait_for(int descriptor, short events, Moment deadline) {
  for (;;) {
    const auto left = std::chrono::ceil<std::chrono::milliseconds>(deadline - std::chrono::steady_clock::now());
    if (left.count() <= 0) return false;
    pollfd waiting{descriptor, events, 0};
    const int ready = poll(&waiting, 1, static_cast<int>(std::min<std::int64_t>(left.count(), 60'000)));
    if (ready > 0) return true;
    if (ready < 0 && errno != EINTR) return false;
  }
}

Result<Spoken> speak(const std::string& socket_path, std::string_view bytes, bool (*enough)(std::string_view so_far),
                     Moment deadline) {
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  if (socket_path.size() >= sizeof address.sun_path) return fail("the path is too long for a socket", socket_path);
  std::memcpy(address.sun_path, socket_path.data(), socket_path.size());
  const Fd connection(socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0));
  if (!connection) return failed(socket_path);
  // On a Unix socket this succeeds or fails at once; EAGAIN: its queue is full.
  if (connect(connection.get(), reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0)
    return failed(socket_path);
  Spoken spoken;
  spoken.pid = peer_of(connection.get());
  while (!bytes.empty()) {
    const auto sent = send(connection.get(), bytes.data(), bytes.size(), MSG_NOSIGNAL);
    if (sent > 0)
      bytes.remove_prefix(static_cast<std::size_t>(sent));
    else if (errno != EAGAIN || !wait_for(connection.get(), POLLOUT, deadline))
      return failed(socket_path);
  }
  std::array<char, 16 * 1024> block{};
  while (!enough(spoken.bytes) && spoken.bytes.size() < kMaxSpoken) {
    if (!wait_for(connection.get(), POLLIN, deadline)) return fail("no answer in time", socket_path);
    const auto got = recv(connection.get(), block.data(), block.size(), 0);
    if (got < 0 && errno == EAGAIN) continue;
    if (got <= 0) break;
    spoken.bytes.append(block.data(), static_cast<std::size_t>(got));
  }
  return spoken;
}

Result<DnsExchange> ask_server(const Question& question, Moment deadline) {
  const auto server = parse_endpoint(question.server);
  if (!server) return std::unexpected(server.error());
  const Address address = numeric_address(server->host, server->port == 0 ? std::uint16_t{53} : server->port);
  if (address.size == 0) return fail("not an address", question.server);
  const auto message = message_of(question);
  if (!message) return std::unexpected(message.error());
  const Fd socket_of(socket(address.family(), SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0));
  if (!socket_of || connect(socket_of.get(), address.get(), address.size) != 0) return failed(question.server);
  std::string reply(kMaxDatagram, '\0');
  while (std::chrono::steady_clock::now() < deadline) {
    if (send(socket_of.get(), message->data(), message->size(), MSG_NOSIGNAL) < 0) return failed(question.server);
    const Moment again = std::min(deadline, std::chrono::steady_clock::now() + kAskAgain);
    while (wait_for(socket_of.get(), POLLIN, again)) {
      const auto got = recv(socket_of.get(), reply.data(), reply.size(), 0);
      if (got < 0 && errno == EAGAIN) continue;
      if (got < 0) return failed(question.server);
      const std::string_view datagram(reply.data(), static_cast<std::size_t>(got));
      if (!is_reply_to(datagram, *message)) continue;
      DnsExchange asked;
      asked.server = question.server;
      asked.name = lower(question.name);
      asked.type = question.type;
      return read_answer(datagram, asked);
    }
  }
  return fail("no answer in time", question.server);
}

std::vector<std::string> chaos_texts(const std::string& server, std::string_view name, Moment deadline) {
  Question question;
  question.server = server;
  question.name = name;
  question.type = "TXT";
  question.chaos = true;
  std::vector<std::string> texts;
  const auto answer = ask_server(question, deadline);
  if (!answer) return texts;
  for (const auto& record : answer->answer) {
    if (record.type != "TXT") continue;
    // Several texts of one record stand side by side: "a" "b".
    for (const auto part : split(record.data, '"'))
      if (!part.empty()) texts.push_back(printable(part, 200));
  }
  return texts;
}

bool is_own_address(const std::string& address) {
  const Address numeric = numeric_address(address, 0);
  if (numeric.size == 0) return false;
  const Fd probe(socket(numeric.family(), SOCK_DGRAM | SOCK_CLOEXEC, 0));
  // Only an address that an interface has can be bound to (ip(7); ip_nonlocal_bind aside).
  return probe && bind(probe.get(), numeric.get(), numeric.size) == 0;
}

}  // namespace fix502
