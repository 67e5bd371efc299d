#include "sys/routes.hpp"

#include <gtest/gtest.h>

#include <string>

namespace fix502 {
namespace {

const std::string kHead = "Iface\tDestination\tGateway \tFlags\tRefCnt\tUse\tMetric\tMask\t\tMTU\tWindow\tIRTT\n";

struct RouteCase {
  const char* what;
  std::string text;
  bool expect;
};

const RouteCase kIpv4[] = {
    {"no file", "", false},
    {"the head alone", kHead, false},
    {"a default route", kHead + "eth0\t00000000\t010200C0\t0003\t0\t0\t100\t00000000\t0\t0\t0\n", true},
    {"the local network", kHead + "eth0\t000200C0\t00000000\t0001\t0\t0\t100\t00FFFFFF\t0\t0\t0\n", false},
    {"a default route that rejects", kHead + "*\t00000000\t00000000\t0201\t0\t0\t0\t00000000\t0\t0\t0\n", false},
    {"a VPN's two halves",
     kHead + "tun0\t00000000\t010200C0\t0003\t0\t0\t0\t00000080\t0\t0\t0\ntun0\t00000080\t010200C0\t0003\t0\t0\t0\t0000"
             "0080\t0\t0\t0\n",
     true},
    {"one half", kHead + "tun0\t00000000\t010200C0\t0003\t0\t0\t0\t00000080\t0\t0\t0\n", false},
};

const std::string kZero(32, '0');
std::string ipv6_route(std::string destination, std::string length, std::string flags, std::string device) {
  return destination + " " + length + " " + kZero + " 00 " + kZero + " 00000400 00000001 00000000 " + flags + " " +
         device + "\n";
}

const RouteCase kIpv6[] = {
    {"no file", "", false},
    {"a default route", ipv6_route(kZero, "00", "00450003", "eth0"), true},
    {"the kernel's own reject route", ipv6_route(kZero, "00", "00200200", "lo"), false},
    {"blackhole", ipv6_route(kZero, "00", "00000201", "eth0"), false},
    {"a network", ipv6_route("20010db8000000000000000000000000", "20", "00000001", "eth0"), false},
    {"all global addresses", ipv6_route("20000000000000000000000000000000", "03", "00000003", "wg0"), true},
};

TEST(DefaultRoute, IsFoundInTheKernelsTables) {
  for (const auto& row : kIpv4) EXPECT_EQ(has_default_route_ipv4(row.text), row.expect) << row.what;
  for (const auto& row : kIpv6) EXPECT_EQ(has_default_route_ipv6(row.text), row.expect) << row.what;
}

}  // namespace
}  // namespace fix502
