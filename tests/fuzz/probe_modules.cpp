// A configuration file of blackbox_exporter, and an answer that its modules are asked about: the file's own text.
#include "serve/probe_modules.hpp"

#include "fuzz.hpp"
#include "serve/answer_check.hpp"

FUZZ(input) {
  using namespace fix502;
  const std::string text(input);
  const auto modules = read_probe_modules(text, "blackbox.yml");
  if (!modules) {
    const std::string line = modules.error().message();
    fuzz::promise(line.starts_with("blackbox.yml:") && !line.contains('\n'));
    return;
  }
  for (const auto& warning : modules->warnings()) fuzz::promise(!warning.contains('\n'));
  fuzz::promise(!modules->is_empty());
  const ProbeModule* module = modules->find("a");
  if (module == nullptr) return;
  HttpExchange seen;
  seen.status = 200;
  const AnswerCheck check = check_answer(*module, {{"vary", text}}, text);
  const AnswerJudgement judged = judge_answer(*module, seen, check, true);
  fuzz::promise(judged.success == judged.unmet.empty());
  fuzz::promise(!judged.by_pattern || !judged.success);
}
