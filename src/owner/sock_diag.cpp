#include "owner/sock_diag.hpp"

#include <arpa/inet.h>
#include <linux/inet_diag.h>
#include <linux/netlink.h>
#include <linux/rtnetlink.h>
#include <linux/sock_diag.h>
#include <linux/unix_diag.h>
#include <netinet/tcp.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <functional>

#include "base/text.hpp"
#include "sys/linux/fd.hpp"

namespace fix502 {
namespace {

constexpr std::size_t kMostSockets = 200'000;
constexpr std::size_t kMostPath = 108;  // sockaddr_un

/// A struct out of the bytes, wherever it stands.
template <typename T>
bool read_struct(std::string_view bytes, T& value) {
  if (bytes.size() < sizeof value) return false;
  std::memcpy(&value, bytes.data(), sizeof value);
  return true;
}

std::size_t aligned(std::size_t size) {
  return (size + 3) & ~std::size_t{3};
}

/// Calls `take` with the payload of each message; false when the kernel says that there are no more (or an error).
bool each_message(std::string_view bytes, const std::function<void(std::string_view)>& take) {
  nlmsghdr header{};
  while (read_struct(bytes, header)) {
    if (header.nlmsg_len < sizeof header || header.nlmsg_len > bytes.size()) return false;
    if (header.nlmsg_type == NLMSG_DONE || header.nlmsg_type == NLMSG_ERROR) return false;
    if (header.nlmsg_type == SOCK_DIAG_BY_FAMILY) take(bytes.substr(sizeof header, header.nlmsg_len - sizeof header));
    bytes.remove_prefix(std::min(aligned(header.nlmsg_len), bytes.size()));
  }
  return true;
}

void each_attribute(std::string_view bytes, const std::function<void(unsigned, std::string_view)>& take) {
  rtattr attribute{};
  while (read_struct(bytes, attribute)) {
    if (attribute.rta_len < sizeof attribute || attribute.rta_len > bytes.size()) return;
    take(attribute.rta_type, bytes.substr(sizeof attribute, attribute.rta_len - sizeof attribute));
    bytes.remove_prefix(std::min(aligned(attribute.rta_len), bytes.size()));
  }
}

std::string address_text(int family, const std::uint32_t* words) {
  const auto* bytes = reinterpret_cast<const unsigned char*>(words);
  constexpr std::array<unsigned char, 12> kMapped = {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff};  // RFC 4291 2.5.5.2
  const bool mapped = family == AF_INET6 && std::memcmp(bytes, kMapped.data(), kMapped.size()) == 0;
  std::array<char, INET6_ADDRSTRLEN> text{};
  inet_ntop(mapped ? AF_INET : family, bytes + (mapped ? kMapped.size() : 0), text.data(), text.size());
  return text.data();
}

void read_inet(std::string_view payload, std::vector<InetSocket>& sockets) {
  inet_diag_msg message{};
  if (!read_struct(payload, message) || sockets.size() >= kMostSockets) return;
  if (message.idiag_family != AF_INET && message.idiag_family != AF_INET6) return;
  InetSocket socket;
  socket.ipv6 = message.idiag_family == AF_INET6;
  socket.local = address_text(message.idiag_family, message.id.idiag_src);
  socket.remote = address_text(message.idiag_family, message.id.idiag_dst);
  socket.local_port = ntohs(message.id.idiag_sport);
  socket.remote_port = ntohs(message.id.idiag_dport);
  socket.state = message.idiag_state;
  socket.receive_queue = message.idiag_rqueue;
  socket.send_queue = message.idiag_wqueue;
  socket.inode = message.idiag_inode;
  each_attribute(payload.substr(std::min(aligned(sizeof message), payload.size())),
                 [&](unsigned type, std::string_view value) {
                   if (type == INET_DIAG_SKV6ONLY && !value.empty()) socket.only_ipv6 = value[0] != 0;
                 });
  sockets.push_back(std::move(socket));
}

void read_unix(std::string_view payload, std::vector<UnixSocket>& sockets) {
  unix_diag_msg message{};
  if (!read_struct(payload, message) || sockets.size() >= kMostSockets || message.udiag_type != SOCK_STREAM) return;
  UnixSocket socket;
  socket.state = message.udiag_state;
  socket.inode = message.udiag_ino;
  each_attribute(payload.substr(std::min(aligned(sizeof message), payload.size())),
                 [&](unsigned type, std::string_view value) {
                   unix_diag_rqlen length{};
                   if (type == UNIX_DIAG_NAME && !value.empty()) {
                     value = value.substr(0, kMostPath);
                     const bool abstract = value[0] == '\0';
                     if (!abstract) value = value.substr(0, value.find('\0'));
                     socket.path = (abstract ? "@" : "") + std::string(value.substr(abstract ? 1 : 0));
                   } else if (type == UNIX_DIAG_RQLEN && read_struct(value, length)) {
                     socket.receive_queue = length.udiag_rqueue;
                     socket.send_queue = length.udiag_wqueue;
                   }
                 });
  sockets.push_back(std::move(socket));
}

template <typename T>
struct Question {
  nlmsghdr header;
  T request;
};

/// Sends the question and gives `take` each datagram of the reply.
template <typename T>
Result<void> dump(const T& request, const std::function<bool(std::string_view)>& take) {
  const Fd link(socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, NETLINK_SOCK_DIAG));
  if (!link) return fail("no netlink socket", std::strerror(errno));
  const timeval patience{2, 0};  // the kernel answers at once, or not at all
  setsockopt(link.get(), SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
  Question<T> question{};
  question.header.nlmsg_len = sizeof question;
  question.header.nlmsg_type = SOCK_DIAG_BY_FAMILY;
  question.header.nlmsg_flags = NLM_F_REQUEST | NLM_F_DUMP;
  question.request = request;
  if (send(link.get(), &question, sizeof question, 0) < 0) return fail("sock_diag", std::strerror(errno));
  std::string buffer(64UL * 1024, '\0');
  while (true) {
    const auto size = recv(link.get(), buffer.data(), buffer.size(), 0);
    if (size < 0 && errno == EINTR) continue;
    if (size <= 0) return fail("sock_diag", std::strerror(errno));
    if (!take({buffer.data(), static_cast<std::size_t>(size)})) return {};
  }
}

}  // namespace

void read_inet_diag(std::string_view bytes, std::vector<InetSocket>& sockets) {
  each_message(bytes, [&](std::string_view payload) { read_inet(payload, sockets); });
}

void read_unix_diag(std::string_view bytes, std::vector<UnixSocket>& sockets) {
  each_message(bytes, [&](std::string_view payload) { read_unix(payload, sockets); });
}

Result<std::vector<InetSocket>> inet_sockets(std::uint32_t states) {
  std::vector<InetSocket> sockets;
  for (const int family : {AF_INET, AF_INET6}) {
    inet_diag_req_v2 request{};
    request.sdiag_family = static_cast<std::uint8_t>(family);
    request.sdiag_protocol = IPPROTO_TCP;
    request.idiag_states = states;
    auto done = dump(request, [&](std::string_view bytes) {
      return each_message(bytes, [&](std::string_view payload) { read_inet(payload, sockets); });
    });
    if (!done) return std::unexpected(done.error());
  }
  return sockets;
}

Result<std::vector<UnixSocket>> unix_sockets(std::uint32_t states) {
  std::vector<UnixSocket> sockets;
  unix_diag_req request{};
  request.sdiag_family = AF_UNIX;
  request.udiag_states = states;
  request.udiag_show = UDIAG_SHOW_NAME | UDIAG_SHOW_RQLEN;
  auto done = dump(request, [&](std::string_view bytes) {
    return each_message(bytes, [&](std::string_view payload) { read_unix(payload, sockets); });
  });
  if (!done) return std::unexpected(done.error());
  return sockets;
}

}  // namespace fix502
