#include <fmt/format.h>
#include <sys/stat.h>

#include "base/text.hpp"
#include "cli/commands.hpp"
#include "cli/session.hpp"
#include "fault/explanations.hpp"
#include "report/columns.hpp"

namespace fix502 {
namespace {

constexpr std::size_t kExplainColumns = 76, kMostExplainLines = 12;
constexpr std::size_t kMostRunBytes = 64UL * 1024 * 1024;

std::string about(const FaultInfo& fault) {
  const std::string side =
      fault.side == Side::unknown ? "yours or the owner's, as the case is" : std::string(to_word(fault.side));
  return fmt::format("{}\n  {}\n  {}\n  hop: {}   side: {}\n", fault.id, fault.title, fault.meaning, to_word(fault.hop),
                     side);
}

/// One fault, for whom it hits and for whom it is to mend; the list of all stays a list.
std::string about_in_full(const FaultInfo& fault) {
  std::string text = about(fault);
  const auto* explanation = find_explanation(fault.id);
  if (explanation == nullptr) return text;
  const auto add = [&](std::string_view heading, std::string_view words) {
    text += fmt::format("\n  {}\n", heading);
    for (const auto& line : wrapped(words, kExplainColumns, kMostExplainLines, "..."))
      text += fmt::format("  {}\n", line);
  };
  add("If you see it", explanation->visitor);
  add("If it is your site", explanation->owner);
  return text;
}

std::string whole_catalogue() {
  std::string text;
  for (const auto& fault : fault_catalogue()) text += about(fault) + "\n";
  return text;
}

int explain_run(const std::string& path, const DiagnosisOptions& options) {
  const auto text = read_file(path, kMostRunBytes);
  if (!text) return complain(text.error().message());
  auto evidence = read_run(*text);
  if (!evidence) return complain(fmt::format("{} is not a recorded run: {}", path, evidence.error().message()));
  return deliver(make_report(std::move(*evidence)), options);
}

}  // namespace

int explain_command(std::vector<std::string> arguments) {
  DiagnosisOptions options;
  std::string what;
  for (std::size_t i = 0; i < arguments.size(); ++i) {
    const std::string& argument = arguments[i];
    const bool takes_file = argument == "--html" || argument == "--markdown";
    if (argument == "--json")
      options.json = true;
    else if (argument == "-v" || argument == "--verbose")
      options.verbose = true;
    else if (argument == "--hide-query")
      options.hide_query = true;
    else if (takes_file && i + 1 < arguments.size())
      (argument == "--html" ? options.html : options.markdown) = arguments[++i];
    else if (argument != "--all" && argument.starts_with("-"))
      return complain("explain knows --json, -v, --html FILE, --markdown FILE, --hide-query, --all; not " + argument);
    else if (what.empty())
      what = argument;
    else
      return complain("explain takes one recorded run or one fault");
  }
  if (what.empty())
    return complain("explain takes a recorded run (made by --record FILE) or a fault, such as origin.bad-gateway");
  if (what == "--all") {
    fmt::print("{}", whole_catalogue());
    return 0;
  }
  if (const FaultInfo* fault = find_fault(what)) {
    fmt::print("{}", about_in_full(*fault));
    return 0;
  }
  struct stat found{};
  if (stat(what.c_str(), &found) != 0)
    return complain(fmt::format(
        "there is no recorded run and no fault `{}`; faults are listed by: fix502 explain --all", printable(what, 80)));
  return explain_run(what, options);
}

}  // namespace fix502
