#include "net/dns_client.hpp"

#include <gtest/gtest.h>

#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/cancellation_signal.hpp>

#include "fakes/name_server.hpp"

namespace fix502 {
namespace {

namespace asio = boost::asio;
using fakes::NameServer;
using fakes::Reply;
using fakes::reply_to;

const Reply kGoodReply{.answer = {"www.example. 60 IN CNAME a.example.", "a.example. 300 IN A 192.0.2.1"}};

/// Runs one question to its end.
DnsExchange ask(asio::io_context& io, DnsQuery query, DnsClient::Post post = {}) {
  io.restart();
  DnsClient client(io.get_executor(), std::move(post));
  DnsExchange result;
  bool done = false;
  asio::co_spawn(io, client.ask(std::move(query)), [&](std::exception_ptr error, DnsExchange exchange) {
    EXPECT_FALSE(error);
    result = std::move(exchange);
    done = true;
  });
  while (!done && io.run_one() > 0) continue;
  EXPECT_TRUE(done);
  return result;
}

DnsQuery query_to(std::string server, Milliseconds timeout = Milliseconds(3000)) {
  DnsQuery query;
  query.server = std::move(server);
  query.name = "WWW.example.";
  query.timeout = timeout;
  return query;
}

TEST(DnsClient, AsksOverUdp) {
  asio::io_context io;
  NameServer server(io, [](const std::string& sent, bool) { return std::vector{reply_to(sent, kGoodReply)}; });
  DnsQuery query = query_to(server.address());
  query.role = DnsRole::authoritative;
  query.zone = "example";
  query.server_name = "ns1.example";
  const auto exchange = ask(io, query);
  EXPECT_EQ(exchange.failure, Failure::none);
  EXPECT_EQ(exchange.rcode, "NOERROR");
  EXPECT_EQ(exchange.server, server.address());
  EXPECT_EQ(exchange.name, "www.example");
  EXPECT_EQ(exchange.zone, "example");
  EXPECT_EQ(exchange.server_name, "ns1.example");
  EXPECT_EQ(exchange.role, DnsRole::authoritative);
  EXPECT_EQ(exchange.transport, Transport::udp);
  EXPECT_EQ(exchange.addresses(), std::vector<std::string>{"192.0.2.1"});
  EXPECT_EQ(server.asked_over_udp, 1);
}

TEST(DnsClient, PassesOverWhatIsNoAnswerToItsQuestion) {
  asio::io_context io;
  NameServer server(io, [](const std::string& sent, bool) {
    std::string wrong_id = reply_to(sent, {.answer = {"www.example. 60 IN A 192.0.2.66"}});
    wrong_id[0] = static_cast<char>(~wrong_id[0]);
    std::string wrong_name = reply_to(sent, {.answer = {"www.example. 60 IN A 192.0.2.67"}});
    wrong_name[13] = 'x';
    return std::vector<std::string>{wrong_id, wrong_name, "", "garbage", sent, reply_to(sent, kGoodReply)};
  });
  EXPECT_EQ(ask(io, query_to(server.address())).addresses(), std::vector<std::string>{"192.0.2.1"});
}

TEST(DnsClient, AsksOnceMoreThenCallsItSilence) {
  asio::io_context io;
  NameServer server(io, [](const std::string&, bool) { return std::vector<std::string>{}; });
  const auto exchange = ask(io, query_to(server.address(), Milliseconds(90)));
  EXPECT_EQ(exchange.failure, Failure::response_timeout);
  EXPECT_EQ(exchange.rcode, "");
  EXPECT_EQ(server.asked_over_udp, 2);
}

TEST(DnsClient, TakesTheAnswerToTheSecondQuestion) {
  asio::io_context io;
  int questions = 0;
  NameServer server(io, [&questions](const std::string& sent, bool) {
    // The first is lost, as one with EDNS is in some firewalls; the second goes without.
    if (++questions == 1) return std::vector<std::string>{};
    EXPECT_EQ(sent[11], 0) << "no additional record";
    return std::vector{reply_to(sent, kGoodReply)};
  });
  EXPECT_EQ(ask(io, query_to(server.address(), Milliseconds(600))).failure, Failure::none);
}

TEST(DnsClient, AsksWithoutEdnsWhereThatIsNotUnderstood) {
  asio::io_context io;
  NameServer server(io, [](const std::string& sent, bool) {
    if (sent[11] == 0) return std::vector{reply_to(sent, kGoodReply)};
    return std::vector{sent.substr(0, 2) + std::string("\x81\x81\0\0\0\0\0\0\0\0", 10)};
  });
  const auto exchange = ask(io, query_to(server.address()));
  EXPECT_EQ(exchange.rcode, "NOERROR");
  EXPECT_EQ(server.asked_over_udp, 2);
}

TEST(DnsClient, GoesOverToTcpWhereTheAnswerDoesNotFit) {
  asio::io_context io;
  NameServer server(io, [](const std::string& sent, bool over_tcp) {
    return std::vector{over_tcp ? reply_to(sent, kGoodReply) : reply_to(sent, {.truncated = true})};
  });
  const auto exchange = ask(io, query_to(server.address()));
  EXPECT_TRUE(exchange.truncated);
  EXPECT_EQ(exchange.transport, Transport::tcp);
  EXPECT_EQ(exchange.addresses(), std::vector<std::string>{"192.0.2.1"});
  EXPECT_EQ(server.asked_over_tcp, 1);
}

TEST(DnsClient, AsksOverTcpAlone) {
  asio::io_context io;
  NameServer server(io, [](const std::string& sent, bool) { return std::vector{reply_to(sent, kGoodReply)}; });
  EXPECT_EQ(ask(io, query_to("tcp://" + server.address())).rcode, "NOERROR");
  EXPECT_EQ(server.asked_over_udp, 0);
}

std::string closed_port(asio::io_context& io) {
  asio::ip::udp::socket taken(io, {asio::ip::address_v4::loopback(), 0});
  return "127.0.0.1:" + std::to_string(taken.local_endpoint().port());
}

TEST(DnsClient, SaysWhatHappenedInstead) {
  asio::io_context io;
  EXPECT_EQ(ask(io, query_to(closed_port(io))).failure, Failure::refused);
  EXPECT_EQ(ask(io, query_to("tcp://" + closed_port(io))).failure, Failure::refused);
  EXPECT_EQ(ask(io, query_to("tls://" + closed_port(io))).failure, Failure::refused);
  EXPECT_EQ(ask(io, query_to("nonsense")).failure, Failure::other);
  EXPECT_EQ(ask(io, query_to("https://dns.example/dns-query")).failure, Failure::other) << "nobody to send it";
  DnsQuery from_elsewhere = query_to("127.0.0.1:9");
  from_elsewhere.interface = "192.0.2.77";
  EXPECT_EQ(ask(io, from_elsewhere).failure, Failure::local_address);
  from_elsewhere.interface = "no-such-card";
  EXPECT_EQ(ask(io, from_elsewhere).failure, Failure::local_address);
}

struct BadAnswer {
  const char* what;
  std::string (*answer)(const std::string& sent);  // empty: close
  Failure expect;
};

const BadAnswer kBadAnswers[] = {
    {"garbage after a good question", [](const std::string& sent) { return reply_to(sent, kGoodReply).substr(0, 40); },
     Failure::malformed},
    {"another's answer",
     [](const std::string& sent) {
       std::string reply = reply_to(sent, kGoodReply);
       reply[0] = static_cast<char>(~reply[0]);
       return reply;
     },
     Failure::malformed},
    {"nothing", [](const std::string&) { return std::string(); }, Failure::closed_early},
};

TEST(DnsClient, ReportsBadAnswersOverTcp) {
  for (const auto& row : kBadAnswers) {
    asio::io_context io;
    NameServer server(io, [&row](const std::string& sent, bool) {
      const std::string reply = row.answer(sent);
      return reply.empty() ? std::vector<std::string>{} : std::vector{reply};
    });
    EXPECT_EQ(ask(io, query_to("tcp://" + server.address())).failure, row.expect) << row.what;
  }
}

TEST(DnsClient, ReportsAGarbledDatagram) {
  asio::io_context io;
  NameServer server(
      io, [](const std::string& sent, bool) { return std::vector{reply_to(sent, kGoodReply).substr(0, 40)}; });
  EXPECT_EQ(ask(io, query_to(server.address())).failure, Failure::malformed);
}

TEST(DnsClient, CanBeGivenUp) {
  asio::io_context io;
  NameServer server(io, [](const std::string&, bool) { return std::vector<std::string>{}; });
  for (const std::string scheme : {"", "tcp://", "tls://"}) {
    DnsClient client(io.get_executor());
    asio::cancellation_signal give_up;
    bool done = false;
    const auto began = std::chrono::steady_clock::now();
    asio::co_spawn(
        io, client.ask(query_to(scheme + server.address(), Milliseconds(60'000))),
        asio::bind_cancellation_slot(give_up.slot(), [&done](std::exception_ptr error, DnsExchange exchange) {
          EXPECT_FALSE(error);
          EXPECT_EQ(exchange.failure, Failure::out_of_time);
          done = true;
        }));
    asio::post(io, [&give_up] { give_up.emit(asio::cancellation_type::all); });
    while (!done && io.run_one() > 0) continue;
    EXPECT_LT(std::chrono::steady_clock::now() - began, std::chrono::seconds(10));
  }
}

struct HttpsCase {
  const char* what;
  int status;
  Failure http;
  std::string (*body)(const std::string& sent);
  Failure expect;
};

const HttpsCase kHttps[] = {
    {"an answer", 200, Failure::none, [](const std::string& sent) { return reply_to(sent, kGoodReply); },
     Failure::none},
    {"a login page", 200, Failure::none, [](const std::string&) { return std::string("<html>sign in</html>"); },
     Failure::malformed},
    {"an error page", 502, Failure::none, [](const std::string& sent) { return reply_to(sent, kGoodReply); },
     Failure::malformed},
    {"no connection", 0, Failure::refused, [](const std::string&) { return std::string(); }, Failure::refused},
};

TEST(DnsClient, AsksOverHttps) {
  for (const auto& row : kHttps) {
    asio::io_context io;
    HttpRequest seen;
    const DnsClient::Post post = [&](HttpRequest request) -> Task<RawAnswer> {
      seen = request;
      RawAnswer answer;
      answer.exchange.failure = row.http;
      answer.exchange.status = row.status;
      answer.body = row.body(request.data);
      co_return answer;
    };
    DnsQuery query = query_to("https://dns.example/dns-query");
    query.server_addresses = {"192.0.2.53"};
    const auto exchange = ask(io, query, post);
    EXPECT_EQ(exchange.failure, row.expect) << row.what;
    EXPECT_EQ(exchange.transport, Transport::https);
    EXPECT_EQ(exchange.server, "https://dns.example/dns-query");
    EXPECT_EQ(exchange.addresses().size(), row.expect == Failure::none ? 1U : 0U) << row.what;
    EXPECT_EQ(seen.method, "POST");
    EXPECT_EQ(seen.addresses, query.server_addresses);
    EXPECT_EQ(seen.data.substr(0, 2), std::string("\0\0", 2)) << "RFC 8484 4.1";
  }
}

TEST(DnsClient, NeedsAnAddressForANamedServer) {
  asio::io_context io;
  const DnsClient::Post post = [](HttpRequest) -> Task<RawAnswer> { co_return RawAnswer{}; };
  EXPECT_EQ(ask(io, query_to("https://dns.example/dns-query"), post).failure, Failure::name_not_resolved);
}

}  // namespace
}  // namespace fix502
