#include "serve/http.hpp"

#include <gtest/gtest.h>

#include "serve/problem.hpp"

namespace fix502 {
namespace {

TEST(RequestTarget, IsTakenApart) {
  Request request;
  ASSERT_TRUE(read_request_target("/probe?target=http%3A%2F%2Fa.example%2F&module=http_2xx&a+b=c+d&empty&=x&target=2",
                                  request));
  EXPECT_EQ(request.path, "/probe");
  EXPECT_EQ(request.asked("target"), "http://a.example/");
  EXPECT_EQ(request.asked("module"), "http_2xx");
  EXPECT_EQ(request.asked("a b"), "c d");
  EXPECT_EQ(request.asked("empty"), "");
  EXPECT_EQ(request.asked("missing"), "");
}

TEST(RequestTarget, APlusInThePathIsAPlus) {
  Request request;
  ASSERT_TRUE(read_request_target("/a+b%2fc", request));
  EXPECT_EQ(request.path, "/a+b/c");
}

TEST(RequestTarget, WhatCannotBeReadIsNot) {
  for (const char* target : {"", "*", "http://a.example/", "/%", "/%4", "/%zz", "/%00", "/?a=%0", "/?%00=x"}) {
    Request request;
    EXPECT_FALSE(read_request_target(target, request)) << target;
  }
  std::string many = "/?";
  for (int i = 0; i < 100; ++i) many += "a=b&";
  Request request;
  EXPECT_FALSE(read_request_target(many, request));
}

TEST(Problems, AreThoseOfRfc9457) {
  const Reply reply = problem_reply(Refusal::busy, "come \x1b[31mback", std::chrono::seconds(7));
  EXPECT_EQ(reply.status, 503);
  EXPECT_EQ(reply.type, "application/problem+json");
  const Json json = Json::parse(reply.body);
  EXPECT_EQ(json["type"], "/problems/busy");
  EXPECT_EQ(json["status"], 503);
  EXPECT_FALSE(json["detail"].get<std::string>().contains('\x1b'));
  EXPECT_EQ(reply.fields, (std::vector<std::pair<std::string, std::string>>{{"Retry-After", "7"}}));
  EXPECT_EQ(problem_reply(Refusal::token).fields.front().first, "WWW-Authenticate");
}

TEST(Json, BytesThatAreNoTextDoNotStopAReply) {
  EXPECT_TRUE(json_reply({{"url", "http://\xff/"}}).body.contains("\xef\xbf\xbd"));
}

}  // namespace
}  // namespace fix502
