// What httpd 2.4.71 itself did: its configuration ran on loopback before servers that wrote down each request. The
// answers stand in tests/gateway/apache/recorded.json.
#include <gtest/gtest.h>

#include <fstream>
#include <sstream>

#include "base/fields.hpp"
#include "gateway/kind.hpp"
#include "gateway/map_files.hpp"

namespace fix502 {
namespace {

std::string read_data(const std::string& name) {
  std::ifstream file(std::string(FIX502_SOURCE_DIR "/tests/gateway/apache/") + name, std::ios::binary);
  std::stringstream text;
  text << file.rdbuf();
  return text.str();
}

Incoming incoming_of(const Json& request) {
  Incoming incoming;
  incoming.host = request.value("host", "shop.example");
  incoming.port = request.value("port", std::uint16_t{8080});
  incoming.address = "127.0.0.1";
  incoming.target = request["target"];
  incoming.method = request.value("method", "GET");
  const Json headers = request.value("headers", Json::parse(R"([["User-Agent", "ua"], ["Accept", "*/*"]])"));
  for (const Json& header : headers) incoming.headers.push_back({header[0], header[1]});
  return incoming;
}

std::string bytes_of(const UpstreamRequest& request) {
  std::string text =
      request.method + " " + request.target + (request.protocol == Protocol::http1_0 ? " HTTP/1.0" : " HTTP/1.1");
  text += "\r\n";
  for (const auto& [name, value] : request.headers) text += name + ": " + value + "\r\n";
  return text + "\r\n" + request.body;
}

TEST(ApacheRecorded, EveryRequestIsSentAsHttpdSentIt) {
  const Json recorded = Json::parse(read_data("recorded.json"));
  int compared = 0;
  for (const Json& world : recorded) {
    test::MapFiles files(std::map<std::string, std::string>{{"/srv/site/httpd.conf", read_data(world["config"])}});
    ReadRequest request;
    request.config = "/srv/site/httpd.conf";
    request.prefix = "/srv/site";
    request.version = "2.4.71";
    request.environment = {{"PATH", "/usr/sbin:/usr/bin"}};
    const auto configuration = find_gateway_kind("apache")->read(request, files);
    ASSERT_TRUE(configuration);
    for (const Problem& problem : (*configuration)->problems) EXPECT_FALSE(problem.fatal) << problem.what;
    for (const Json& one : world["requests"]) {
      const Route route = (*configuration)->route(incoming_of(one));
      SCOPED_TRACE(one.dump());
      ++compared;
      if (!one.contains("endpoint")) {
        EXPECT_NE(route.kind, RouteKind::proxied) << route.location;
        if (one.contains("location")) {
          EXPECT_NE(route.answer.find(one["location"].get<std::string>()), std::string::npos) << route.answer;
        }
        continue;
      }
      ASSERT_EQ(route.kind, RouteKind::proxied) << route.answer;
      ASSERT_FALSE(route.servers.empty());
      UpstreamServer server = route.servers[0];
      if (server.host == "localhost") server.host = "127.0.0.1";
      EXPECT_EQ(server.endpoint(), one["endpoint"].get<std::string>());
      if (!one.contains("sent")) continue;
      if (one["sent"].is_string()) {
        EXPECT_EQ(bytes_of(route.request), one["sent"].get<std::string>());
        continue;
      }
      Json params = Json::array();
      for (const auto& [name, value] : route.request.params)
        if (name != "REMOTE_PORT" && name != "SERVER_SOFTWARE") params.push_back({name, value});
      EXPECT_EQ(params, one["sent"]);
    }
  }
  EXPECT_GT(compared, 90);
}

}  // namespace
}  // namespace fix502
