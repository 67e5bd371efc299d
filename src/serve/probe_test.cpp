#include "serve/probe.hpp"

#include <gtest/gtest.h>

#include "serve/prober.hpp"

namespace fix502 {
namespace {

TEST(ProbeTarget, IsReadAsBlackboxExporterReadsIt) {
  const ProbeModules modules = ProbeModules::built_in();
  const ProbeModule& http = *modules.find("");
  const ProbeModule& tcp = *modules.find("tcp_connect");
  EXPECT_EQ(parse_probe_target("shop.example/cart", http)->page.url, "http://shop.example/cart");
  EXPECT_EQ(parse_probe_target("HTTPS://shop.example", http)->page.url, "https://shop.example/");
  EXPECT_EQ(parse_probe_target("shop.example:8443", tcp)->page.port, 8443);
  EXPECT_EQ(parse_probe_target("tcp://[2001:db8::1]:25", tcp)->page.host, "2001:db8::1");
  EXPECT_FALSE(parse_probe_target("shop.example", tcp));
  EXPECT_FALSE(parse_probe_target("http://", http));
  EXPECT_EQ(modules.find("icmp"), nullptr);
  EXPECT_EQ(parse_probe_target("127.0.0.1:8080", http, "shop.example:81")->host, "shop.example:81");
  EXPECT_FALSE(parse_probe_target("127.0.0.1:8080", http, "shop.example/\r\nX: y"));
}

TEST(ProbeMetrics, ARefusedConnectionIsAllZeros) {
  Probed probed;
  probed.address = "127.0.0.1";
  probed.last = HttpExchange{};
  MetricsText text;
  write_probed(text, probed);
  const std::string written = text.take();
  EXPECT_TRUE(written.contains("probe_success 0\n"));
  EXPECT_TRUE(written.contains("probe_http_content_length 0\n"));
  EXPECT_TRUE(written.contains("probe_ip_addr_hash 3668918509\n"));  // as blackbox_exporter has it
  EXPECT_TRUE(written.contains("probe_http_duration_seconds{phase=\"connect\"} 0\n"));
  EXPECT_FALSE(written.contains("probe_ssl"));
}

TEST(ProbeMetrics, AnAnswerOfNoAnnouncedLengthIsMinusOne) {
  Probed probed;
  probed.address = "2001:db8::1";
  probed.last = HttpExchange{};
  probed.last->status = 200;
  probed.last->http_version = "1.1";
  probed.last->body_bytes = 3000;
  probed.last->headers = {{"last-modified", "Thu, 26 Nov 2026 10:00:00 GMT"}};
  MetricsText text;
  write_probed(text, probed);
  const std::string written = text.take();
  EXPECT_TRUE(written.contains("probe_http_content_length -1\n"));
  EXPECT_TRUE(written.contains("probe_http_version 1.1\n"));
  EXPECT_TRUE(written.contains("probe_ip_protocol 6\n"));
  EXPECT_TRUE(written.contains("probe_http_last_modified_timestamp_seconds 1795687200\n"));
}

TEST(ProbeMetrics, FamiliesAreOneApartFromTheOther) {
  MetricsText text;
  write_families(text, {{6, false, 0.5}, {4, true, 0.25}});
  const std::string written = text.take();
  EXPECT_TRUE(
      written.contains("fix502_family_success{ip_protocol=\"6\"} 0\nfix502_family_success{ip_protocol=\"4\"} 1\n"));
}

TEST(ProbeMetrics, LabelsAreEscaped) {
  MetricsText text;
  write_verdict(text, {"origin.error", "origin", "owner", "a\"b\\c\nd"});
  EXPECT_TRUE(text.take().contains(R"(cause="a\"b\\c\nd"} 1)"));
}

TEST(ProcessMetrics, AreThoseOfThisProcess) {
  MetricsText text;
  write_process(text);
  const std::string written = text.take();
  for (const char* name :
       {"process_cpu_seconds_total", "process_open_fds", "process_resident_memory_bytes", "process_start_time_seconds"})
    EXPECT_TRUE(written.contains(std::string("\n") + name + " ")) << name;
  EXPECT_FALSE(written.contains("process_resident_memory_bytes 0\n"));
}

}  // namespace
}  // namespace fix502
