// One exchange on real sockets: what each ending looks like, and how long is waited.

#include "upstream/replay.hpp"

#include <gtest/gtest.h>
#include <openssl/pem.h>
#include <sys/stat.h>
#include <sys/un.h>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <cstdio>
#include <filesystem>

#include "net/loopback.hpp"
#include "net/real_net.hpp"
#include "upstream/channel.hpp"
#include "upstream/contrasts.hpp"

namespace fix502 {
namespace {

using namespace std::chrono_literals;
using test::Loopback;
using test::Peer;
using test::SelfSigned;

constexpr std::string_view kGood = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nhi";

template <typename T>
T wait_for(boost::asio::io_context& loop, Task<T> task) {
  std::optional<T> result;
  boost::asio::co_spawn(loop, std::move(task), [&](const std::exception_ptr&, T got) { result = std::move(got); });
  loop.run();
  loop.restart();
  return std::move(*result);
}
template <typename T>
T wait_for(Task<T> task) {
  boost::asio::io_context loop;
  return wait_for(loop, std::move(task));
}

ReplayRequest request_to(const Loopback& server) {
  ReplayRequest asked;
  asked.server.host = "127.0.0.1";
  asked.server.port = server.port();
  asked.request.headers = {{"Host", "shop.example"}, {"Connection", "close"}};
  asked.limits.whole = 3s;
  return asked;
}

enum class Then { close, reset, stall };
struct ReplayCase {
  const char* situation;
  std::string bytes;
  Then then;
  Failure failure;
  Phase reached;
};
const ReplayCase kReplayCases[] = {
    {"good", std::string(kGood), Then::close, Failure::none, Phase::done},
    {"closed", "", Then::close, Failure::closed_early, Phase::wait},
    {"reset", "", Then::reset, Failure::reset, Phase::wait},
    {"silent", "", Then::stall, Failure::response_timeout, Phase::wait},
    {"silent in the body", "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhi", Then::stall, Failure::stalled,
     Phase::body},
    {"another protocol", "SSH-2.0-OpenSSH_9.2\r\n", Then::stall, Failure::not_http, Phase::header},
};

TEST(Replay, SaysHowAnExchangeEnds) {
  for (const auto& row : kReplayCases) {
    std::string head;
    const Loopback server([&](Peer& peer) {
      head = peer.read_head();
      peer.send(row.bytes);
      if (row.then == Then::reset) peer.reset();
      if (row.then == Then::stall) peer.stall();
    });
    ReplayRequest asked = request_to(server);
    asked.limits.read = 150ms;
    const Replay seen = wait_for(replay(asked));
    EXPECT_EQ(to_word(seen.failure), to_word(row.failure)) << row.situation << ": " << seen.detail;
    EXPECT_EQ(to_word(seen.reached), to_word(row.reached)) << row.situation;
    EXPECT_EQ(head, "GET / HTTP/1.0\r\nHost: shop.example\r\nConnection: close\r\n\r\n");
    EXPECT_EQ(seen.endpoint, asked.endpoint());
    EXPECT_TRUE(seen.is_own());
    EXPECT_EQ(seen.system_error, row.then == Then::reset ? ECONNRESET : 0) << row.situation;
  }
}

TEST(Replay, TellsItsOwnLimitFromTheGateways) {
  const Loopback server([](Peer& peer) { peer.stall(); });
  ReplayRequest asked = request_to(server);
  asked.limits.whole = 100ms;
  EXPECT_EQ(to_word(wait_for(replay(asked)).failure), "out_of_time");
  asked.limits.read = 50ms;
  EXPECT_EQ(to_word(wait_for(replay(asked)).failure), "response_timeout");
}

TEST(Replay, LeavesAStreamThatFlowsOn) {
  const Loopback server([](Peer& peer) {
    peer.read_head();
    peer.send("HTTP/1.1 200 OK\r\n\r\n");
    while (peer.send("data: x\n\n")) usleep(10'000);
  });
  ReplayRequest asked = request_to(server);
  asked.limits.whole = 200ms;
  const Replay seen = wait_for(replay(asked));
  EXPECT_EQ(to_word(seen.failure), "none") << seen.detail;
  EXPECT_EQ(to_word(seen.body_end), "not_read");
}

TEST(Replay, FindsNobodyAtAPort) {
  std::uint16_t port = 0;
  {
    port = Loopback([](Peer&) {}).port();
  }
  ReplayRequest asked;
  asked.server.host = "127.0.0.1";
  asked.server.port = port;
  const Replay seen = wait_for(replay(asked));
  EXPECT_EQ(to_word(seen.failure), "refused");
  EXPECT_EQ(seen.system_error, ECONNREFUSED);
  EXPECT_EQ(seen.reached, Phase::connect);
}

/// A Unix socket on which nobody accepts.
class UnixDoor {
 public:
  explicit UnixDoor(int backlog) {
    path_ = std::filesystem::temp_directory_path() / ("fix502-" + std::to_string(getpid()) + ".sock");
    std::filesystem::remove(path_);
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    std::snprintf(address.sun_path, sizeof address.sun_path, "%s", path_.c_str());
    socket_ = ::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    bind(socket_, reinterpret_cast<sockaddr*>(&address), sizeof address);
    if (backlog >= 0) listen(socket_, backlog);
  }
  ~UnixDoor() {
    close(socket_);
    std::filesystem::remove(path_);
  }
  UnixDoor(const UnixDoor&) = delete;
  UnixDoor& operator=(const UnixDoor&) = delete;
  [[nodiscard]] std::string path() const { return path_; }

 private:
  std::filesystem::path path_;
  int socket_ = -1;
};

Replay knock(const std::string& path) {
  ReplayRequest asked;
  asked.server.socket = path;
  asked.limits.whole = 100ms;
  return wait_for(replay(asked));
}

TEST(Replay, TellsWhatIsWrongWithAUnixSocket) {
  EXPECT_EQ(knock("/nowhere/app.sock").system_error, ENOENT);
  EXPECT_EQ(to_word(knock("/nowhere/app.sock").failure), "refused");
  EXPECT_EQ(knock("/nowhere/app.sock").endpoint, "unix:/nowhere/app.sock");
  EXPECT_EQ(knock(std::string(300, 'x')).system_error, ENAMETOOLONG);
  {
    const UnixDoor nobody_listens(-1);
    EXPECT_EQ(knock(nobody_listens.path()).system_error, ECONNREFUSED);
  }
  const UnixDoor silent(0);
  EXPECT_EQ(to_word(knock(silent.path()).failure), "out_of_time");  // connected, as the queue takes one
  boost::asio::io_context loop;
  UpstreamChannel first(loop.get_executor()), second(loop.get_executor());
  static_cast<void>(wait_for(loop, first.connect("", 0, silent.path(), Moment::max())));
  static_cast<void>(wait_for(loop, second.connect("", 0, silent.path(), Moment::max())));
  EXPECT_EQ(knock(silent.path()).system_error, EAGAIN);
}

/// The certificate as a file that can be trusted.
class PemFile {
 public:
  explicit PemFile(const SelfSigned& identity)
      : path_(std::filesystem::temp_directory_path() / ("fix502-upstream-" + std::to_string(getpid()) + ".pem")) {
    FILE* file = std::fopen(path_.c_str(), "w");
    PEM_write_X509(file, identity.certificate.get());
    std::fclose(file);
  }
  ~PemFile() { std::filesystem::remove(path_); }
  PemFile(const PemFile&) = delete;
  PemFile& operator=(const PemFile&) = delete;
  [[nodiscard]] std::string path() const { return path_; }

 private:
  std::filesystem::path path_;
};

struct TlsCase {
  const char* situation;
  bool verify, verify_name, verify_dates, trusted;
  std::string name;
  bool names_only;
  const char* failure;
};

TEST(Replay, VerifiesAsTheGatewayIsTold) {
  const SelfSigned good("DNS:shop.example,IP:127.0.0.1"), expired("DNS:shop.example", -10, -1);
  const TlsCase cases[] = {
      {"nothing is verified", false, false, false, false, "", false, "none"},
      {"trusted, name not compared", true, false, false, true, "other.example", false, "none"},
      {"trusted, good name", true, true, false, true, "shop.example", false, "none"},
      {"trusted, other name", true, true, false, true, "other.example", false, "cert_name"},
      {"not trusted", true, true, false, false, "shop.example", false, "cert_issuer"},
      {"an address counts", true, true, false, true, "", false, "none"},
      {"an address does not count", true, true, false, true, "", true, "cert_name"},
      {"the name alone counts", false, true, false, false, "other.example", false, "cert_name"},
      {"the name alone, good", false, true, false, false, "shop.example", true, "none"},
      {"expired, dates alone", false, false, true, false, "", false, "cert_expired"},
  };
  for (const auto& row : cases) {
    const SelfSigned& identity = row.verify_dates ? expired : good;
    const PemFile file(identity);
    const auto context = identity.server();
    const Loopback server([&](Peer& peer) {
      if (!peer.greet(context.get())) return;
      peer.read_head();
      peer.send(kGood);
    });
    ReplayRequest asked = request_to(server);
    asked.tls.on = true;
    asked.tls.verify = row.verify;
    asked.tls.verify_name = row.verify_name;
    asked.tls.verify_dates = row.verify_dates;
    asked.tls.name = row.name;
    asked.tls.names_only = row.names_only;
    if (row.trusted) asked.tls.trusted_file = file.path();
    const Replay seen = wait_for(replay(asked));
    EXPECT_EQ(to_word(seen.failure), row.failure) << row.situation << ": " << seen.detail;
    EXPECT_EQ(seen.chain.size(), 1U) << row.situation;
    EXPECT_EQ(seen.verify_error != 0, row.failure != std::string_view("none")) << row.situation;
    EXPECT_EQ(seen.tls_version, seen.failure == Failure::none ? "TLSv1.3" : "") << row.situation;
  }
}

TEST(Replay, SendsTheGatewaysServerName) {
  const SelfSigned identity("DNS:shop.example");
  const auto context = identity.server();
  std::string name;
  const Loopback server([&](Peer& peer) {
    if (!peer.greet(context.get())) return;
    const char* asked = SSL_get_servername(peer.ssl(), TLSEXT_NAMETYPE_host_name);
    name = asked ? asked : "(none)";
    peer.read_head();
    peer.send(kGood);
  });
  ReplayRequest asked = request_to(server);
  asked.tls.on = true;
  for (const auto& [sni, expect] :
       {std::pair{"", "(none)"}, {"shop.example", "shop.example"}, {"127.0.0.1", "(none)"}}) {
    asked.tls.sni = sni;
    EXPECT_EQ(to_word(wait_for(replay(asked)).failure), "none");
    EXPECT_EQ(name, expect);
  }
}

TEST(Replay, HearsWhyAGreetingFails) {
  const SelfSigned identity("DNS:shop.example");
  const auto context = identity.server();
  SSL_CTX_set_max_proto_version(context.get(), TLS1_2_VERSION);
  const Loopback modest([&](Peer& peer) { static_cast<void>(peer.greet(context.get())); });
  ReplayRequest asked = request_to(modest);
  asked.tls.on = true;
  asked.tls.min_version = "TLSv1.3";
  Replay seen = wait_for(replay(asked));
  EXPECT_EQ(to_word(seen.failure), "tls_version") << seen.detail;
  EXPECT_EQ(seen.alert, 70);

  const Loopback plain([](Peer& peer) {
    char hello[4096];
    recv(peer.socket(), hello, sizeof hello, 0);
    peer.send("HTTP/1.1 400 Bad Request\r\n\r\n");
  });
  asked = request_to(plain);
  asked.tls.on = true;
  EXPECT_EQ(to_word(wait_for(replay(asked)).failure), "tls_not_tls");
}

TEST(Replay, PutsTheProxyHeaderBeforeTls) {
  const SelfSigned identity("DNS:shop.example");
  const auto context = identity.server();
  std::string line;
  const Loopback server([&](Peer& peer) {
    char c = 0;
    line.clear();
    while (!line.ends_with("\r\n") && recv(peer.socket(), &c, 1, 0) == 1) line += c;
    if (!peer.greet(context.get())) return;
    peer.read_head();
    peer.send(kGood);
  });
  ReplayRequest asked = request_to(server);
  asked.tls.on = true;
  asked.request.proxy_protocol = 1;
  EXPECT_EQ(to_word(wait_for(replay(asked)).failure), "none");
  EXPECT_TRUE(line.starts_with("PROXY TCP4 127.0.0.1 127.0.0.1 ")) << line;
}

TEST(Replay, MakesAGetOfAPost) {
  Route route;
  route.servers.resize(1);
  route.request.method = "POST";
  route.request.body = "x";
  route.request.headers = {{"Host", "h"}, {"Content-Length", "1"}};
  const ReplayRequest own = own_request(route, 0, 1s);
  EXPECT_EQ(own.request.method, "GET");
  EXPECT_EQ(own.request.body, "");
  EXPECT_EQ(own.request.headers.size(), 1U);
  EXPECT_EQ(own.varied.at("method"), "GET");
}

TEST(WatchIdle, MeasuresWhenTheUpstreamCloses) {
  const Loopback server([](Peer& peer) {
    EXPECT_FALSE(peer.read_head().contains("Connection"));
    peer.send("HTTP/1.1 200 OK\r\nKeep-Alive: timeout=5, max=3\r\nContent-Length: 2\r\n\r\nhi");
    usleep(300'000);
  });
  const IdleWatch seen = wait_for(watch_idle(request_to(server), 2s));
  EXPECT_TRUE(seen.kept);
  ASSERT_TRUE(seen.limit);
  EXPECT_GT(*seen.limit, 250ms);
  EXPECT_LT(*seen.limit, 1500ms);
  EXPECT_EQ(seen.promised, Duration(5s));
}

TEST(WatchIdle, KnowsWhoNeverKeepsAndWhoKeepsLonger) {
  const Loopback closing([](Peer& peer) {
    peer.read_head();
    peer.send(kGood);
  });
  EXPECT_FALSE(wait_for(watch_idle(request_to(closing), 1s)).kept);
  const Loopback keeping([](Peer& peer) {
    peer.read_head();
    peer.send(kGood);
    peer.stall();
  });
  const IdleWatch seen = wait_for(watch_idle(request_to(keeping), 150ms));
  EXPECT_TRUE(seen.kept);
  EXPECT_FALSE(seen.limit);
  EXPECT_GE(seen.watched, 100ms);
}

TEST(ReplayRoute, AsksAGoodUpstreamOnce) {
  const Loopback server([](Peer& peer) {
    peer.read_head();
    peer.send(kGood);
  });
  Route route;
  route.kind = RouteKind::proxied;
  route.servers.resize(1);
  route.servers[0].host = "127.0.0.1";
  route.servers[0].port = server.port();
  boost::asio::io_context loop;
  const auto net = real_net(loop);
  const auto seen = wait_for(loop, replay_route(*net, route, {}, 2s));
  ASSERT_EQ(seen.size(), 1U);
  EXPECT_EQ(server.connections(), 1);
}

TEST(ReplayRoute, FindsTheOtherLoopbackAddress) {
  const Loopback server(
      [](Peer& peer) {
        peer.read_head();
        peer.send(kGood);
      },
      AF_INET6);
  Route route;
  route.servers.resize(1);
  route.servers[0].host = "127.0.0.1";
  route.servers[0].port = server.port();
  boost::asio::io_context loop;
  const auto net = real_net(loop);
  const auto seen = wait_for(loop, replay_route(*net, route, {}, 2s));
  ASSERT_EQ(seen.size(), 2U);
  EXPECT_EQ(to_word(seen[0].failure), "refused");
  EXPECT_EQ(seen[1].varied, (std::map<std::string, std::string>{{"family", "ipv6"}}));
  EXPECT_EQ(seen[1].status, 200);
  EXPECT_TRUE(seen[1].endpoint.starts_with("[::1]:"));
}

}  // namespace
}  // namespace fix502
