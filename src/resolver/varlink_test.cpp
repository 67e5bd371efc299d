#include "resolver/varlink.hpp"

#include <arpa/inet.h>
#include <gtest/gtest.h>

namespace fix502 {
namespace {

TEST(Varlink, AsksTheCacheAlone) {
  EXPECT_EQ(resolved_question("shop.example", AF_INET),
            std::string(R"({"method":"io.systemd.Resolve.ResolveHostname","parameters":)"
                        R"({"name":"shop.example","family":2,"flags":33024}})") +
                '\0');
}

struct AnswerCase {
  std::string_view text;  ///< as systemd-resolved 252 wrote it
  Cached cached;
  std::vector<std::string> addresses;
};

TEST(Varlink, ReadsWhatIsStored) {
  const AnswerCase cases[] = {
      {R"({"parameters":{"addresses":[{"ifindex":2,"family":2,"address":[203,0,113,99]}],"name":"shop.example","flags":1048577}})",
       Cached::yes,
       {"203.0.113.99"}},
      {R"({"parameters":{"addresses":[{"family":10,"address":[32,1,13,184,0,0,0,0,0,0,0,0,0,0,0,1]}],"flags":1048577}})",
       Cached::yes,
       {"2001:db8::1"}},
      // Of the hosts file: synthetic, nothing that a flush would change.
      {R"({"parameters":{"addresses":[{"family":2,"address":[127,0,0,1]}],"flags":786945}})", Cached::no, {}},
      {R"({"error":"io.systemd.Resolve.NoSource","parameters":{}})", Cached::no, {}},
      {R"({"error":"io.systemd.Resolve.DNSError","parameters":{"rcode":3}})", Cached::yes, {}},
      {R"({"error":"io.systemd.Resolve.NoSuchResourceRecord","parameters":{}})", Cached::no, {}},
      {R"({"error":"org.varlink.service.MethodNotFound"})", Cached::unknown, {}},
      {R"({"parameters":{"addresses":[{"family":2,"address":[1,2,3]},{"family":2,"address":[1,2,3,999]},{}, 7],"flags":1048577}})",
       Cached::yes,
       {}},
      {R"({"parameters":{"addresses":7,"flags":1048577}})", Cached::yes, {}},
      {R"({"parameters":[]})", Cached::unknown, {}},
      {"", Cached::unknown, {}},
      {"[1,2", Cached::unknown, {}},
      {R"({"error":7})", Cached::unknown, {}},
  };
  for (const auto& [text, cached, addresses] : cases) {
    const auto answer = read_resolved_answer(std::string(text) + '\0');
    EXPECT_EQ(answer.cached, cached) << text;
    EXPECT_EQ(answer.addresses, addresses) << text;
  }
}

}  // namespace
}  // namespace fix502
