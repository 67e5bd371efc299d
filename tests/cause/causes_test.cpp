// Every fault of the second table: a situation that it must name, and near misses that it must not.

#include <gtest/gtest.h>

#include <algorithm>
#include <functional>
#include <set>

#include "cause/rule.hpp"
#include "cause/situations.hpp"
#include "fault/fault.hpp"

namespace fix502 {
namespace {

using test::contrast;
using test::failing;
using test::in_order;
using test::logged;

GatewayEvidence on_socket() {
  GatewayEvidence seen = failing(Failure::refused);
  seen.route.servers[0].host.clear();
  seen.route.servers[0].port = 0;
  seen.route.servers[0].socket = "/run/app.sock";
  seen.route.servers[0].name = "unix:/run/app.sock";
  seen.replays[0].endpoint = "unix:/run/app.sock";
  return seen;
}

GatewayEvidence with(GatewayEvidence seen, const std::function<void(GatewayEvidence&)>& change) {
  change(seen);
  return seen;
}

GatewayEvidence by_name(GatewayEvidence seen) {
  seen.route.servers[0].host = "app.internal";
  seen.route.servers[0].name = "app.internal:8000";
  seen.route.servers[0].resolved_once = true;
  seen.replays[0].addresses = {"192.0.2.10"};
  seen.resolver = "127.0.0.53:53";
  return seen;
}

GatewayEvidence over_tls(GatewayEvidence seen) {
  seen.route.tls.on = true;
  seen.route.tls.place = seen.route.place;
  return seen;
}

GatewayEvidence idle_for(std::int64_t upstream_ms, std::int64_t gateway_ms) {
  GatewayEvidence seen = in_order();
  seen.route.pool = seen.route.pool_wanted = true;
  seen.route.limits["pool_idle"] = test::a_limit(gateway_ms, "keepalive_timeout");
  seen.idle = {{.server = 0, .kept = true, .limit = Duration(upstream_ms * 1000), .watched = {}, .promised = {}}};
  return seen;
}

GatewayEvidence header_of(std::uint64_t bytes, int status) {
  GatewayEvidence seen = in_order();
  seen.replays[0].header_bytes = bytes;
  seen.answers = {test::an_answer(status)};
  return seen;
}

GatewayEvidence flawed(HeaderFlaw flaw, int status) {
  GatewayEvidence seen = in_order();
  seen.replays[0].flaw = flaw;
  seen.replays[0].flawed_line = "X-Foo : v";
  seen.answers = {test::an_answer(status)};
  return seen;
}

GatewayEvidence pool_of_php(int busy) {
  GatewayEvidence seen = failing(Failure::response_timeout, 504);
  seen.machine.pools = {{.name = "www",
                         .listen = "127.0.0.1:8000",
                         .file = "/etc/php/www.conf",
                         .line = 3,
                         .user = {},
                         .max_children = 2,
                         .running = 2,
                         .busy = busy,
                         .status_path = {},
                         .ping_path = {},
                         .request_timeout_ms = {},
                         .owner = {},
                         .group = {},
                         .mode = {}}};
  seen.machine.listening[0].waiting = busy >= 2 ? 4 : 0;
  return seen;
}

struct Case {
  std::string_view what;
  std::string_view expect;  // the first finding's fault; empty: no present finding at all
  GatewayEvidence seen;
  CauseState state = CauseState::present;
};

std::vector<Case> cases() {
  std::vector<Case> all;
  const auto add = [&](std::string_view what, std::string_view expect, GatewayEvidence seen,
                       CauseState state = CauseState::present) {
    all.push_back({what, expect, std::move(seen), state});
  };
  const auto at_the_door = [](GatewayEvidence seen, std::uint64_t held, std::uint32_t waiting) {
    seen.machine.visitors = held;
    seen.machine.listening.push_back({.address = "0.0.0.0", .port = 80, .path = {}, .program = "nginx", .unit = {}});
    seen.machine.listening.back().waiting = waiting;
    GatewayAnswer silent;
    silent.http.failure = Failure::response_timeout;
    seen.answers = {silent};
    return seen;
  };
  add("as many visitors as it may have, and others wait", "gateway.connection-limit", at_the_door(in_order(), 512, 3));
  add("visitors wait at a gateway that is not full", "", at_the_door(in_order(), 100, 3));
  add("full, and nobody waits", "", at_the_door(in_order(), 512, 0));
  const auto nearly_full = [](auto& seen) {
    seen.machine.workers = {
        {.pid = 5, .user = "www-data", .files_used = 1020, .files_allowed = 1024, .confined_by = {}}};
  };
  add("descriptors nearly used up, and the page works", "gateway.fd-limit", with(in_order(), nearly_full),
      CauseState::latent);
  add("all in order", "", in_order());
  add("nothing listens", "upstream.connection-refused", failing(Failure::refused));
  add("it listens elsewhere", "upstream.connection-refused", with(failing(Failure::refused), [](auto& seen) {
        seen.replays.push_back(contrast("address", "127.0.0.1:8001", "127.0.0.1:8001"));
      }));
  add("refused an hour ago, answers now", "",
      with(in_order(), [](auto& seen) { seen.log = {logged("upstream.connection-refused")}; }));
  add("never answered", "upstream.connection-timeout", failing(Failure::connect_timeout, 504));
  add("no route", "upstream.unreachable", failing(Failure::unreachable));
  add("name unknown", "upstream.name-not-resolved",
      with(by_name(failing(Failure::name_not_resolved)), [](auto& seen) { seen.replays[0].addresses.clear(); }));
  add("the name has moved", "upstream.stale-address", with(by_name(in_order()), [](auto& seen) {
        seen.answers = {test::an_answer(502)};
        seen.log = {logged("upstream.connection-refused", "192.0.2.9:8000")};
      }));
  add("the log's address is the name's own", "", with(by_name(in_order()), [](auto& seen) {
        seen.log = {logged("upstream.connection-refused", "192.0.2.10:8000")};
      }));
  const auto half_dead = [](auto& seen) {
    seen.answers = {test::an_answer(502)};
    seen.log = {logged("upstream.closed-early", "app.internal:8000")};
  };
  add("its old server still listens, and the hosts file was changed", "upstream.stale-address",
      with(with(by_name(in_order()), half_dead), [](auto& seen) { seen.machine.moved_names = {"app.internal"}; }));
  add("the hosts file was changed, and the new server is no better", "upstream.closed-early",
      with(by_name(failing(Failure::closed_early)), [](auto& seen) { seen.machine.moved_names = {"app.internal"}; }));
  add("the hosts file was changed, and the page works", "",
      with(by_name(in_order()), [](auto& seen) { seen.machine.moved_names = {"app.internal"}; }));
  add("a name looked up once, in order", "upstream.stale-address", by_name(in_order()), CauseState::latent);
  add("every server down", "upstream.all-down", with(in_order(), [](auto& seen) {
        seen.answers = {test::an_answer(503)};
        seen.machine.servers = {{.upstream = "b",
                                 .server = "s1",
                                 .address = "127.0.0.1:8000",
                                 .state = "DOWN",
                                 .reason = "L7STS 404",
                                 .down = true,
                                 .by_hand = false}};
        seen.route.check = {.on = true, .method = "GET", .path = "/health", .host = {}, .expect = {}, .place = {}};
      }));
  const auto of_haproxy = [](auto& seen) {
    seen.route.upstream = "shop";
    seen.route.servers[0].name = "shop/s1";
    seen.answers = {test::an_answer(503)};
    seen.machine.servers.resize(2);
    for (auto& server : seen.machine.servers) server.server = "s1", server.address = "127.0.0.1:8000";
    seen.machine.servers[0].upstream = "api";
    seen.machine.servers[1].upstream = "shop";
  };
  add("down here, while another group's server of that name is up", "upstream.all-down",
      with(with(in_order(), of_haproxy), [](auto& seen) { seen.machine.servers[1].down = true; }));
  add("up here, while another group's server of that name is down", "",
      with(with(in_order(), of_haproxy), [](auto& seen) { seen.machine.servers[0].down = true; }));
  add("another group's server of that name has another address", "",
      with(with(by_name(in_order()), of_haproxy), [](auto& seen) {
        seen.machine.servers[0].address = "192.0.2.77:8000";
        seen.machine.servers[1].address = "192.0.2.10:8000";
      }));
  add("every server down because nothing listens", "upstream.connection-refused",
      with(failing(Failure::refused, 503), [](auto& seen) {
        seen.machine.servers = {{.upstream = "b",
                                 .server = "s1",
                                 .address = "127.0.0.1:8000",
                                 .state = "DOWN",
                                 .reason = "L4CON",
                                 .down = true,
                                 .by_hand = false}};
        seen.log = {logged("upstream.all-down")};
      }));
  add("crashes", "upstream.closed-early", failing(Failure::closed_early));
  add("the pool outlives the upstream's patience", "upstream.keepalive-race",
      with(idle_for(1'000, 60'000), [](auto& seen) { seen.log = {logged("upstream.closed-early")}; }));
  add("the same, and nobody was hurt yet", "upstream.keepalive-race", idle_for(1'000, 60'000), CauseState::latent);
  add("the upstream is the more patient", "", with(idle_for(75'000, 60'000), [](auto&) {}));
  add("ends early", "upstream.truncated", with(in_order(), [](auto& seen) {
        seen.replays[0].failure = Failure::truncated;
        seen.replays[0].body_end = BodyEnd::short_of_length;
        seen.replays[0].announced = 1000;
        seen.replays[0].body_bytes = 100;
      }));
  add("slow", "upstream.read-timeout", with(failing(Failure::response_timeout, 504), [](auto& seen) {
        Replay longer = contrast("time", "10000");
        longer.first_byte = Duration(3'200'000);
        seen.replays.push_back(longer);
      }));
  add("slow, within a limit of its own", "gateway.timeout-order",
      with(failing(Failure::response_timeout, 504), [](auto& seen) {
        seen.replays.push_back(contrast("time", "10000"));
        seen.machine.inner_limits = {
            {.endpoint = "127.0.0.1:8000", .read_timeout_ms = 90'000, .said = "gunicorn runs with --timeout 90"}};
      }));
  add("an inner limit that is longer, and nothing slow", "gateway.timeout-order",
      with(in_order(),
           [](auto& seen) {
             seen.machine.inner_limits = {
                 {.endpoint = "127.0.0.1:8000", .read_timeout_ms = 90'000, .said = "gunicorn runs with --timeout 90"}};
           }),
      CauseState::latent);
  add("garbage", "upstream.not-http",
      with(failing(Failure::not_http), [](auto& seen) { seen.replays[0].flaw = HeaderFlaw::no_status_line; }));
  add("a header line that nginx refuses", "upstream.invalid-header", flawed(HeaderFlaw::space_before_colon, 502));
  add("the same line, passed on", "", flawed(HeaderFlaw::space_before_colon, 200));
  add("a header that is too long", "upstream.header-too-large", header_of(10'000, 502));
  add("a header of exactly the buffer", "", header_of(4096, 200));
  add("a header that passes although it is long", "", header_of(10'000, 200));
  add("chunks broken", "upstream.bad-chunking", with(in_order(), [](auto& seen) {
        seen.replays[0].failure = Failure::bad_framing;
        seen.replays[0].body_end = BodyEnd::bad_chunk;
      }));
  add("plain to TLS, silence", "upstream.expects-tls",
      with(failing(Failure::closed_early), [](auto& seen) { seen.replays.push_back(contrast("tls", "on")); }));
  add("plain to nginx' TLS port", "upstream.expects-tls", with(in_order(), [](auto& seen) {
        seen.replays[0].status = 400;
        seen.replays[0].body_sample = "<center>The plain HTTP request was sent to HTTPS port</center>";
        seen.answers = {test::an_answer(400)};
      }));
  add("an application's own 400", "", with(in_order(), [](auto& seen) { seen.replays[0].status = 400; }));
  add("TLS to plain", "upstream.expects-plain", over_tls(failing(Failure::tls_not_tls)));
  add("untrusted", "upstream.certificate", over_tls(failing(Failure::cert_issuer)));
  add("no name in the greeting", "upstream.sni-missing", with(over_tls(failing(Failure::tls_alert)), [](auto& seen) {
        seen.replays[0].alert = 112;
        seen.replays.push_back(contrast("sni", "shop.example"));
      }));
  add("no version in common", "upstream.tls-version", with(over_tls(failing(Failure::tls_version)), [](auto& seen) {
        seen.replays[0].alert = 70;
        Replay other = contrast("tls_version", "TLSv1.2");
        other.tls_version = "TLSv1.2";
        seen.replays.push_back(other);
      }));
  add("FastCGI is spoken there", "upstream.wrong-protocol",
      with(failing(Failure::reset), [](auto& seen) { seen.replays.push_back(contrast("protocol", "fastcgi")); }));
  add("socket missing", "upstream.socket-missing", with(on_socket(), [](auto& seen) {
        seen.replays[0].system_error = 2;
        seen.machine.sockets = {
            {.path = "/run/app.sock", .exists = false, .forbidden_by = {}, .owner = {}, .group = {}, .beside = {}}};
      }));
  add("socket forbidden", "upstream.socket-permission", with(on_socket(), [](auto& seen) {
        seen.replays[0] = test::good_replay();
        seen.machine.sockets = {{.path = "/run/app.sock",
                                 .exists = true,
                                 .is_socket = true,
                                 .listening = true,
                                 .allowed = false,
                                 .forbidden_by = "/run/app.sock (www-data:www-data 0660)",
                                 .owner = "www-data",
                                 .group = "www-data",
                                 .mode = 0660,
                                 .beside = {}}};
      }));
  add("socket allowed", "", with(on_socket(), [](auto& seen) {
        seen.replays[0] = test::good_replay();
        seen.answers = {test::an_answer(200)};
        seen.machine.sockets = {{.path = "/run/app.sock",
                                 .exists = true,
                                 .is_socket = true,
                                 .listening = true,
                                 .allowed = true,
                                 .forbidden_by = {},
                                 .owner = {},
                                 .group = {},
                                 .beside = {}}};
      }));
  add("queue full", "upstream.backlog-full", with(failing(Failure::connect_timeout, 504), [](auto& seen) {
        seen.machine.listening[0].waiting = 129;
        seen.machine.listening[0].backlog = 128;
      }));
  add("workers busy", "upstream.workers-exhausted", pool_of_php(2));
  add("workers idle, script slow", "upstream.read-timeout", pool_of_php(1));
  add("script unknown", "upstream.script-not-found", with(in_order(), [](auto& seen) {
        seen.route.request.protocol = Protocol::fastcgi;
        seen.route.request.params = {{"SCRIPT_FILENAME", "/srv/x.php"}};
        seen.replays[0].status = 404;
        seen.replays[0].errors = "Primary script unknown";
        seen.answers = {test::an_answer(404)};
      }));
  add("a page that the script does not know", "", with(in_order(), [](auto& seen) {
        seen.route.request.protocol = Protocol::fastcgi;
        seen.replays[0].status = 404;
      }));
  add("the other loopback", "upstream.loopback-family", with(failing(Failure::refused, 503), [](auto& seen) {
        seen.route.servers[0].host = "localhost";
        seen.route.servers[0].name = "localhost:8000";
        seen.replays.push_back(contrast("family", "ipv6", "[::1]:8000"));
      }));
  add("no descriptors", "gateway.fd-limit", with(in_order(), [](auto& seen) {
        seen.log = {logged("gateway.fd-limit", "")};
        seen.machine.workers = {
            {.pid = 5, .user = "www-data", .files_used = 30, .files_allowed = 64, .confined_by = {}}};
      }));
  add("no connections", "gateway.connection-limit",
      with(in_order(), [](auto& seen) { seen.log = {logged("gateway.connection-limit", "")}; }));
  add("no ports", "gateway.ephemeral-ports", with(in_order(), [](auto& seen) {
        seen.machine.ports_used = 28'000;
        seen.machine.ports_allowed = 28'232;
        seen.machine.ports_to = "127.0.0.1:8000";
      }));
  add("half of the ports", "", with(in_order(), [](auto& seen) {
        seen.machine.ports_used = 14'000;
        seen.machine.ports_allowed = 28'232;
      }));
  add("denied", "gateway.access-denied", failing(Failure::local_denied));
  add("sends to itself", "gateway.proxy-loop", with(in_order(), [](auto& seen) {
        seen.loops = true;
        seen.replays.clear();
        seen.answers = {test::an_answer(502)};
        seen.log = {logged("gateway.connection-limit", "")};
      }));
  add("sends to itself once", "", with(in_order(), [](auto& seen) { seen.loops = true; }));
  add("a cookie too large", "gateway.header-limit", with(in_order(), [](auto& seen) {
        seen.incoming.headers = {{"Cookie", std::string(9'000, 'c')}};
        seen.answers = {test::an_answer(400)};
      }));
  add("a small request that the application turns down", "",
      with(in_order(), [](auto& seen) { seen.answers = {test::an_answer(400)}; }));
  add("WebSocket not passed on", "gateway.websocket-upgrade", with(in_order(), [](auto& seen) {
        seen.route.passes_upgrade = false;
        seen.route.asks_upgrade = true;
        Replay upgraded = contrast("upgrade", "websocket");
        upgraded.status = 101;
        seen.replays.push_back(upgraded);
      }));
  add("WebSocket not passed on where nobody wants one", "gateway.websocket-upgrade",
      with(in_order(),
           [](auto& seen) {
             seen.route.passes_upgrade = false;
             Replay upgraded = contrast("upgrade", "websocket");
             upgraded.status = 101;
             seen.replays.push_back(upgraded);
           }),
      CauseState::latent);
  add("no WebSocket there", "", with(in_order(), [](auto& seen) {
        seen.route.passes_upgrade = false;
        seen.replays.push_back(contrast("upgrade", "websocket"));
      }));
  add("an error out of the cache", "gateway.error-cached", with(in_order(), [](auto& seen) {
        seen.route.cached = seen.route.stores_errors = true;
        seen.answers = {test::an_answer(502)};
      }));
  add("a cache that could keep one", "gateway.error-cached",
      with(in_order(), [](auto& seen) { seen.route.cached = seen.route.stores_errors = true; }), CauseState::latent);
  add("does not load", "gateway.config-invalid", with(in_order(), [](auto& seen) {
        seen.check_said = "unknown directive \"prox_pass\" in /etc/nginx/nginx.conf:7";
        seen.check_file = "/etc/nginx/nginx.conf";
        seen.check_line = 7;
        seen.running = false;
        seen.answers.clear();
      }));
  add("does not load, and the running one serves", "gateway.config-invalid",
      with(in_order(),
           [](auto& seen) {
             seen.check_said = "unknown directive \"prox_pass\" in /etc/nginx/nginx.conf:7";
             seen.check_file = "/etc/nginx/nginx.conf";
             seen.check_line = 7;
           }),
      CauseState::latent);
  add("a warning", "", with(in_order(), [](auto& seen) {
        seen.problems = {{.fatal = false, .what = "conflicting server name", .place = {}}};
      }));
  add("one of two refuses, and the other makes up for it", "upstream.connection-refused",
      with(failing(Failure::refused, 200),
           [](auto& seen) {
             seen.route.servers.push_back(seen.route.servers[0]);
             seen.route.servers[1].port = 8002;
             Replay other = test::good_replay();
             other.server = 1;
             seen.replays.push_back(other);
           }),
      CauseState::latent);
  add("the application says it", "origin.bad-gateway", with(in_order(), [](auto& seen) {
        seen.replays[0].status = 502;
        seen.answers = {test::an_answer(502)};
      }));
  return all;
}

TEST(Causes, NameWhatIsBrokenAndNothingElse) {
  for (const auto& one : cases()) {
    const auto found = find_causes(one.seen);
    const auto first = std::ranges::find(found, one.state, &CauseFinding::state);
    if (one.expect.empty()) {
      EXPECT_EQ(first, found.end()) << one.what << ": " << (first == found.end() ? "" : first->fault);
      continue;
    }
    ASSERT_NE(first, found.end()) << one.what;
    EXPECT_EQ(first->fault, one.expect) << one.what;
    EXPECT_FALSE(first->summary.empty()) << one.what;
    EXPECT_FALSE(first->signs.empty()) << one.what;
    for (const auto& other : found) {
      EXPECT_TRUE(&other == &*first || other.state != CauseState::present) << one.what << " also names " << other.fault;
    }
    if (one.state == CauseState::latent) {
      EXPECT_TRUE(std::ranges::none_of(found, [](const CauseFinding& each) {
        return each.state == CauseState::present;
      })) << one.what;
    }
  }
}

TEST(Causes, EveryFaultOfTheTableHasACase) {
  std::set<std::string_view> named;
  for (const auto& one : cases()) named.insert(one.expect);
  for (const CauseRule* rule : cause_register()) {
    EXPECT_TRUE(rule->fault.starts_with("origin.") || named.contains(rule->fault)) << rule->fault;
    const FaultInfo* info = find_fault(rule->fault);
    ASSERT_NE(info, nullptr) << rule->fault;
    EXPECT_EQ(info->side, Side::owner);
    for (const auto& symptom : rule->explains) EXPECT_NE(find_fault(symptom), nullptr) << symptom;
  }
}

TEST(Causes, TwoKindsOfSignsAreSurerThanOne) {
  const auto both = find_causes(failing(Failure::refused));
  ASSERT_FALSE(both.empty());
  EXPECT_EQ(both[0].certainty, Certainty::proven);
  GatewayEvidence alone = in_order();
  alone.log = {logged("upstream.closed-early")};
  const auto single = find_causes(alone);
  ASSERT_FALSE(single.empty());
  EXPECT_EQ(single[0].certainty, Certainty::likely);
}

TEST(Causes, LogLinesOfAnotherUpstreamDoNotCount) {
  GatewayEvidence seen = in_order();
  seen.log = {logged("upstream.closed-early", "127.0.0.1:9999")};
  EXPECT_TRUE(find_causes(seen).empty());
}

TEST(Causes, VerdictIsThePresentOneAndLatentOnesChangeNothing) {
  GatewayEvidence seen = by_name(in_order());
  const auto latent = find_causes(seen);
  ASSERT_EQ(latent.size(), 1U);
  EXPECT_EQ(judge_gateway(latent, {&seen}).outcome, Outcome::healthy);
  const GatewayEvidence broken = failing(Failure::refused);
  const auto verdict = judge_gateway(find_causes(broken), {&broken});
  EXPECT_EQ(verdict.outcome, Outcome::fault);
  ASSERT_TRUE(verdict.finding);
  EXPECT_EQ(verdict.finding->fault, "upstream.connection-refused");
  GatewayEvidence unexplained = in_order();
  unexplained.answers = {test::an_answer(502)};
  EXPECT_EQ(judge_gateway({}, {&unexplained}).outcome, Outcome::inconclusive);
}

TEST(Causes, ABrokenFileIsNoCauseWhileTheGatewayRunsAndAnotherOneIs) {
  GatewayEvidence seen = failing(Failure::refused);
  seen.problems = {{.fatal = true,
                    .what = "unknown directive",
                    .place = {.file = "/etc/nginx/new.conf", .line = 3, .begin = 9, .end = 12}}};
  seen.check_said = "unknown directive in /etc/nginx/new.conf:3";
  const auto running = find_causes(seen);
  ASSERT_EQ(running.size(), 2U);
  EXPECT_EQ(running[0].fault, "upstream.connection-refused");
  EXPECT_EQ(running[1].state, CauseState::latent);
  seen.running = false;
  seen.check_said.clear();  // some checks die of what is wrong
  seen.answers.clear();
  const auto dead = find_causes(seen);
  ASSERT_EQ(dead.size(), 2U);
  EXPECT_EQ(dead[0].fault, "gateway.config-invalid");
  EXPECT_EQ(dead[0].place.file, "/etc/nginx/new.conf");
}

TEST(Causes, AnotherPagesApplicationIsOfferedAndNotTaken) {
  GatewayEvidence seen = failing(Failure::refused);
  seen.replays.push_back(contrast("address", "127.0.0.1:8001", "127.0.0.1:8001"));
  const auto alone = find_causes(seen);
  ASSERT_FALSE(alone.empty());
  EXPECT_TRUE(alone[0].mends);
  seen.used_elsewhere = {"127.0.0.1:8001"};
  const auto shared = find_causes(seen);
  EXPECT_EQ(shared[0].mendings.size(), 1U);
  EXPECT_FALSE(shared[0].mends);
  seen.replays[1].status = 404;
  EXPECT_TRUE(find_causes(seen)[0].mendings.empty());
}

TEST(Causes, NameAResolverWhereTheGatewayHasNone) {
  GatewayEvidence seen = by_name(failing(Failure::name_not_resolved));
  seen.replays[0].addresses.clear();
  seen.route.servers[0].resolved_once = seen.route.servers[0].resolved_by_host_file = false;
  const auto none = find_causes(seen);
  ASSERT_FALSE(none.empty());
  ASSERT_EQ(none[0].mendings.size(), 1U);
  EXPECT_EQ(none[0].mendings[0].text, "127.0.0.53:53");
  EXPECT_TRUE(none[0].mends);
  seen.route.servers[0].resolver = "127.0.0.1:53";  // it asks one, which does not know the name
  const auto asked = find_causes(seen);
  ASSERT_FALSE(asked.empty());
  EXPECT_TRUE(asked[0].mendings.empty());
  EXPECT_FALSE(asked[0].mends);
}

TEST(Causes, ValuesAreComputedFromWhatWasMeasured) {
  const auto header = find_causes(header_of(10'000, 502));
  ASSERT_FALSE(header.empty());
  ASSERT_FALSE(header[0].mendings.empty());
  EXPECT_EQ(header[0].mendings[0].amount, 16'384);  // 12,500 in whole pages
  const auto race = find_causes(idle_for(6'000, 60'000));
  ASSERT_FALSE(race.empty());
  EXPECT_EQ(race[0].mendings[0].amount, 4'800);
}

}  // namespace
}  // namespace fix502
