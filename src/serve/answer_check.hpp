#pragma once

// What a module asks of an answer. Its raw fields and body are looked at when they come, and not kept.

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "observation/http_exchange.hpp"
#include "serve/probe_modules.hpp"

namespace fix502 {

/// What was found in the raw answer.
struct AnswerCheck {
  bool shown = false;  ///< there was a whole header
  bool header_fits = true;
  bool decodes = true;  ///< the body is compressed as the module says
  bool body_fits = true;
  std::uint64_t body_bytes = 0;  ///< decompressed
};
[[nodiscard]] AnswerCheck check_answer(const ProbeModule& module, const std::vector<HeaderField>& fields,
                                       std::string_view body);

/// What came of it.
struct AnswerJudgement {
  bool success = false;
  bool by_pattern = false;  ///< probe_failed_due_to_regex
  std::string_view unmet;   ///< the first key of the module that the whole answer does not fulfil
};
/// `has_body`: it was read. Of a redirect that is not followed it is not, and no pattern fits what is not read.
[[nodiscard]] AnswerJudgement judge_answer(const ProbeModule& module, const HttpExchange& seen,
                                           const AnswerCheck& check, bool has_body);

}  // namespace fix502
