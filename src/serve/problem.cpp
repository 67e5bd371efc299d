#include "serve/problem.hpp"

#include <fmt/format.h>

#include "base/text.hpp"

namespace fix502 {
namespace {

struct ProblemRow {
  std::string_view name;
  int status;
  std::string_view title;
};
constexpr ProblemRow kProblems[] = {
#define PROBLEM(id, name, status, title) {name, status, title},
#include "serve/problems.def"
#undef PROBLEM
};

}  // namespace

Reply problem_reply(Refusal problem, std::string_view detail) {
  const ProblemRow& row = kProblems[static_cast<std::size_t>(problem)];
  Json json = {{"type", fmt::format("/problems/{}", row.name)}, {"title", row.title}, {"status", row.status}};
  if (!detail.empty()) json["detail"] = printable(detail, 600);
  Reply reply = json_reply(json, row.status);
  reply.type = "application/problem+json";
  // RFC 9110 11.6.1: a 401 says how to do better.
  if (row.status == 401) reply.fields.emplace_back("WWW-Authenticate", "Bearer realm=\"fix502\"");
  return reply;
}

Reply problem_reply(Refusal problem, std::string_view detail, std::chrono::seconds retry_after) {
  Reply reply = problem_reply(problem, detail);
  reply.fields.emplace_back("Retry-After", fmt::format("{}", retry_after.count()));
  return reply;
}

}  // namespace fix502
