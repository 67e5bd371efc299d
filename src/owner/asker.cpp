#include "owner/asker.hpp"

#include "sys/linux/tool.hpp"

namespace fix502 {
namespace {

constexpr std::size_t kMostErrors = 1024UL * 1024;

Result<Said> ask(const std::vector<std::string>& words, const std::string& folder,
                 const std::vector<NameValue>& environment, std::chrono::milliseconds longest) {
  ToolRun run{.words = words, .folder = folder, .most_output = kLargestConfig, .most_errors = kMostErrors};
  for (const auto& [name, value] : environment) run.environment.emplace_back(name, value);
  ToolEnd end = run_program(run, nullptr, std::chrono::steady_clock::now() + longest);
  if (end.status < 0) return fail(end.error.empty() ? "it was killed" : end.error, words.empty() ? "" : words.front());
  return Said{.status = end.status, .out = std::move(end.output), .err = std::move(end.errors)};
}

}  // namespace

Asker program_asker(std::chrono::milliseconds longest) {
  return [longest](const std::vector<std::string>& words, const std::string& folder,
                   const std::vector<NameValue>& environment) { return ask(words, folder, environment, longest); };
}

}  // namespace fix502
