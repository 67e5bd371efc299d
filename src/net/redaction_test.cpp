#include "net/redaction.hpp"

#include <gtest/gtest.h>

namespace fix502 {
namespace {

struct FieldCase {
  std::string_view name, value, expect;
};
constexpr FieldCase kFields[] = {
    {"server", "nginx", "nginx"},
    {"set-cookie", "id=secret; Path=/; HttpOnly", "id=<6 bytes>; Path=/; HttpOnly"},
    {"set-cookie", "id=a=b", "id=<3 bytes>"},
    {"set-cookie", "bare", "<4 bytes>"},
    {"set-cookie", "", "<0 bytes>"},
    {"authorization", "Bearer x", "<8 bytes>"},
};

TEST(Redaction, HidesSecretFields) {
  for (const auto& row : kFields) EXPECT_EQ(without_secret(row.name, row.value), row.expect) << row.value;
}

TEST(Redaction, FindsEchoes) {
  HttpRequest request;
  request.cookie = "a=short; session=0123456789";
  request.headers = {{"Authorization", "Bearer abcdefghij"}, {"X-Plain", "unremarkable"}};
  EXPECT_EQ(without("0123456789 abcdefghij unremarkable short", secrets_of(request)),
            "<redacted> <redacted> unremarkable short");
}

TEST(Redaction, DropsCredentials) {
  EXPECT_EQ(without_credentials("http://user:p@ss@proxy:3128"), "http://proxy:3128");
  EXPECT_EQ(without_credentials("http://proxy:3128/a@b"), "http://proxy:3128/a@b");
  EXPECT_EQ(without_credentials("user:pass@proxy:3128"), "proxy:3128");
}

}  // namespace
}  // namespace fix502
