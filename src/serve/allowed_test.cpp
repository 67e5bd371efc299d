#include "serve/allowed.hpp"

#include <gtest/gtest.h>

namespace fix502 {
namespace {

Prefix network(std::string_view text) {
  auto read = parse_network(text);
  EXPECT_TRUE(read) << text;
  return read.value_or(Prefix{});
}

TEST(Allowed, NetworksAreReadWholeOrNotAtAll) {
  for (const char* text : {"10.0.0.0/8", "::/0", "192.0.2.7", "2001:db8::/33", "0.0.0.0/0"})
    EXPECT_TRUE(parse_network(text)) << text;
  for (const char* text : {"", "/8", "10.0.0.0/", "10.0.0.0/33", "10.0.0.0/-1", "::/129", "10/8", "shop.example",
                           "10.0.0.0/8x", "10.0.0.0/8/8", "::ffff:10.0.0.0/104", "010.0.0.1", "fe80::1%eth0/64"})
    EXPECT_FALSE(parse_network(text)) << text;
}

TEST(Allowed, WhoServesOthersConnectsToPublicAddressesOnly) {
  const AllowedTargets allowed(true, {});
  for (const char* address : {"8.8.8.8", "1.1.1.1", "172.32.0.1", "100.128.0.1", "2606:4700::1111", "2a00::1"})
    EXPECT_TRUE(allowed.allows(address)) << address;
  for (const char* address : {"127.0.0.1",
                              "10.1.2.3",
                              "172.16.0.1",
                              "172.31.255.255",
                              "192.168.0.1",
                              "169.254.169.254",
                              "100.64.0.1",
                              "0.0.0.0",
                              "224.0.0.1",
                              "255.255.255.255",
                              "::1",
                              "::",
                              "fe80::1",
                              "fe80::1%eth0",
                              "fc00::1",
                              "fd00:ec2::254",
                              "::ffff:127.0.0.1",
                              "::ffff:10.0.0.1",
                              "64:ff9b::7f00:1",
                              "2002:7f00:1::",
                              "ff02::1",
                              "",
                              "shop.example",
                              "127.1",
                              "0x7f.0.0.1"})
    EXPECT_FALSE(allowed.allows(address)) << address;
}

TEST(Allowed, OnLoopbackEverythingButLinkLocalIs) {
  const AllowedTargets allowed(false, {});
  for (const char* address : {"127.0.0.1", "10.1.2.3", "::1", "fd12::1", "8.8.8.8"})
    EXPECT_TRUE(allowed.allows(address)) << address;
  for (const char* address : {"169.254.169.254", "fe80::1", "::ffff:169.254.169.254", "fd00:ec2::254"})
    EXPECT_FALSE(allowed.allows(address)) << address;
}

TEST(Allowed, WhatTheOperatorNamesIs) {
  const AllowedTargets allowed(true, {network("10.2.0.0/16"), network("169.254.1.1"), network("fd00::/8")});
  for (const char* address : {"10.2.3.4", "169.254.1.1", "fd12::1"}) EXPECT_TRUE(allowed.allows(address)) << address;
  for (const char* address : {"10.3.0.1", "169.254.1.2", "fe80::1"}) EXPECT_FALSE(allowed.allows(address)) << address;
}

}  // namespace
}  // namespace fix502
