// What nginx 1.22.1 did with requests, recorded with upstreams that kept what they got: the same place, the same bytes.

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <fstream>
#include <nlohmann/json.hpp>

#include "gateway/kind.hpp"
#include "gateway/map_files.hpp"

namespace fix502 {
namespace {

using Json = nlohmann::json;

std::string latin1(std::string_view bytes) {
  std::string text;
  for (const char c : bytes) {
    const auto byte = static_cast<unsigned char>(c);
    if (byte < 0x80) {
      text += c;
      continue;
    }
    text += static_cast<char>(0xC0 | byte >> 6);
    text += static_cast<char>(0x80 | (byte & 0x3F));
  }
  return text;
}

std::string bytes_of(const UpstreamRequest& request) {
  std::string text = fmt::format("{} {} HTTP/{}\r\n", request.method, request.target,
                                 request.protocol == Protocol::http1_0 ? "1.0" : "1.1");
  for (const auto& field : request.headers) text += field.name + ": " + field.value + "\r\n";
  return latin1(text + "\r\n" + request.body);
}

void compare(const Route& route, const Json& truth) {
  if (truth.contains("status")) {
    EXPECT_NE(route.kind, RouteKind::proxied);
    return;
  }
  ASSERT_EQ(route.kind, RouteKind::proxied) << route.answer;
  bool there = false;
  for (const auto& server : route.servers)
    there = there || (truth["to"].is_string() ? server.socket == truth["to"].get<std::string>()
                                              : server.port == truth["to"].get<int>());
  EXPECT_TRUE(there) << "sent to " << truth["to"] << ", not to " << route.upstream;
  if (truth.contains("sent")) {
    EXPECT_EQ(bytes_of(route.request), truth["sent"].get<std::string>());
    return;
  }
  Json params = Json::array();
  for (const auto& param : route.request.params)
    if (param.name != "REMOTE_PORT") params.push_back({param.name, latin1(param.value)});
  EXPECT_EQ(params, truth["params"]);
}

TEST(NginxRequests, GoWhereNginxSentThemByteForByte) {
  std::ifstream file(FIX502_SOURCE_DIR "/tests/gateway/nginx/requests.json");
  const auto recorded = Json::parse(file);
  test::MapFiles files(recorded["files"].get<std::map<std::string, std::string>>());
  ReadRequest request;
  request.config = "/srv/nginx/nginx.conf", request.prefix = "/srv/nginx/", request.version = "1.22.1";
  const auto nginx = find_gateway_kind("nginx")->read(request, files);
  ASSERT_TRUE(nginx);
  EXPECT_TRUE((*nginx)->problems.empty());
  for (const auto& truth : recorded["requests"]) {
    Incoming incoming;
    incoming.host = truth["host"], incoming.port = truth["port"], incoming.target = truth["target"];
    incoming.method = truth.value("method", "GET");
    incoming.address = "127.0.0.1";
    incoming.headers = {{"User-Agent", "ua"}, {"Accept", "*/*"}};
    if (truth.contains("headers")) {
      incoming.headers.clear();
      for (const auto& field : truth["headers"]) incoming.headers.push_back({field[0], field[1]});
    }
    incoming.headers.push_back({"Connection", "close"});
    SCOPED_TRACE(fmt::format("{} {}:{}{}", incoming.method, incoming.host, incoming.port, incoming.target));
    compare((*nginx)->route(incoming), truth);
  }
}

}  // namespace
}  // namespace fix502
