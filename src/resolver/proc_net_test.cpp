#include "resolver/proc_net.hpp"

#include <gtest/gtest.h>

namespace fix502 {
namespace {

// Lines as Linux 6.1 wrote them on a little-endian machine.
constexpr std::string_view kUdp =
    "   sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode ref pointer "
    "drops\n"
    "  512: 3500007F:0035 00000000:0000 07 00000000:00000000 00:00000000 00000000   994        0 18123 2 0000 0\n"
    "  513: 00000000:0035 00000000:0000 07 00000000:00000000 00:00000000 00000000     0        0 77 2 0000 0\n"
    "  514: 020200C0:8C3B 010200C0:0035 01 00000000:00000000 00:00000000 00000000     0        0 78 2 0000 0\n";
constexpr std::string_view kUdp6 =
    "  1: 00000000000000000000000001000000:0035 00000000000000000000000000000000:0000 07 0:0 00:0 0 106 0 9001 2 0 0\n"
    "  2: 0000000000000000FFFF00000100007F:0035 00000000000000000000000000000000:0000 07 0:0 00:0 0 107 0 9002 2 0 0\n";

TEST(ProcNetUdp, ReadsWhoListens) {
  const auto listeners = parse_proc_net_udp(kUdp);
  ASSERT_EQ(listeners.size(), 2U) << "a connected socket serves nobody";
  EXPECT_EQ(listeners[0], (UdpListener{"127.0.0.53", 53, 994, 18123}));
  EXPECT_EQ(listeners[1], (UdpListener{"0.0.0.0", 53, 0, 77}));
}

TEST(ProcNetUdp, ReadsIpv6) {
  const auto listeners = parse_proc_net_udp(kUdp6);
  ASSERT_EQ(listeners.size(), 2U);
  EXPECT_EQ(listeners[0], (UdpListener{"::1", 53, 106, 9001}));
  EXPECT_EQ(listeners[1].address, "127.0.0.1");
}

TEST(ProcNetUdp, TakesAnything) {
  for (const std::string_view text : {"", "\n\n", "1: x y", "1: 3500007F:0035 0:0 a b c d e f g",
                                      ":::::", "1: 3500007F:10035 00000000:0000 07 0:0 00:0 0 0 0 1",
                                      "1: 3500007G:0035 00000000:0000 07 0:0 00:0 0 0 0 1"})
    EXPECT_TRUE(parse_proc_net_udp(text).empty()) << text;
  for (std::size_t cut = 0; cut < kUdp.size(); ++cut) (void)parse_proc_net_udp(kUdp.substr(0, cut));
}

}  // namespace
}  // namespace fix502
