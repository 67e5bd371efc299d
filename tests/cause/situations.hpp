#pragma once

// A gateway in order, and what can be broken about it: the ground of the rules' cases.

#include <string>

#include "cause/cause.hpp"

namespace fix502::test {

inline Limit a_limit(std::int64_t amount, std::string directive) {
  return {.amount = amount,
          .from = {.directive = std::move(directive),
                   .value = std::to_string(amount),
                   .source = Source::set,
                   .place = {.file = "/etc/nginx/nginx.conf", .line = 9, .begin = 90, .end = 99}}};
}

inline Replay good_replay() {
  Replay replay;
  replay.endpoint = "127.0.0.1:8000";
  replay.protocol = Protocol::http1_1;
  replay.reached = Phase::done;
  replay.status = 200;
  replay.http_version = "1.1";
  replay.header_bytes = 200;
  replay.longest_field = 60;
  replay.body_end = BodyEnd::whole;
  return replay;
}

inline GatewayAnswer an_answer(int status) {
  GatewayAnswer answer;
  answer.http.status = status;
  return answer;
}

/// nginx with one upstream at 127.0.0.1:8000 that answers.
inline GatewayEvidence in_order() {
  GatewayEvidence seen;
  seen.kind = "nginx";
  seen.gateway_version = "1.22.1";
  seen.running = true;
  seen.main_file = "/etc/nginx/nginx.conf";
  seen.incoming.host = "shop.example";
  Route& route = seen.route;
  route.kind = RouteKind::proxied;
  route.server = "shop.example";
  route.location = "location /";
  route.place = {.file = "/etc/nginx/nginx.conf", .line = 7, .begin = 70, .end = 80};
  route.upstream = "127.0.0.1:8000";
  UpstreamServer server;
  server.name = "127.0.0.1:8000";
  server.host = "127.0.0.1";
  server.port = 8000;
  server.place = {.file = "/etc/nginx/nginx.conf", .line = 7, .begin = 70, .end = 80};
  route.servers = {server};
  route.request.protocol = Protocol::http1_1;
  route.limits["read_timeout"] = a_limit(60'000, "proxy_read_timeout");
  route.limits["response_header"] = a_limit(4096, "proxy_buffer_size");
  route.limits["request_field"] = a_limit(8192, "large_client_header_buffers");
  route.limits["connections"] = a_limit(512, "worker_connections");
  seen.replays = {good_replay()};
  seen.answers = {an_answer(200)};
  seen.machine.listening = {
      {.address = "127.0.0.1", .port = 8000, .path = {}, .pid = 12, .program = "app", .unit = {}, .backlog = 128}};
  return seen;
}

/// The replay ends so, and the gateway answers `status`.
inline GatewayEvidence failing(Failure failure, int status = 502) {
  GatewayEvidence seen = in_order();
  Replay& own = seen.replays.front();
  own.failure = failure;
  own.status.reset();
  own.header_bytes = 0;
  own.longest_field = 0;
  own.body_end = BodyEnd::none;
  seen.answers = {an_answer(status)};
  return seen;
}

inline Replay contrast(std::string key, std::string value, std::string endpoint = "127.0.0.1:8000") {
  Replay replay = good_replay();
  replay.varied = {{std::move(key), std::move(value)}};
  replay.endpoint = std::move(endpoint);
  return replay;
}

inline LogSign logged(std::string fault, std::string upstream = "127.0.0.1:8000", std::uint64_t count = 3) {
  LogSign sign;
  sign.fault = std::move(fault);
  sign.upstream = std::move(upstream);
  sign.count = count;
  sign.first_seen = WallTime(std::chrono::seconds(1'795'000'000));
  sign.last_seen = WallTime(std::chrono::seconds(1'795'000'100));
  sign.sample = "a line";
  sign.file = "/var/log/nginx/error.log";
  return sign;
}

}  // namespace fix502::test
