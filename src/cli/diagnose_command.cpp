#include <fmt/format.h>

#include "cli/commands.hpp"
#include "cli/fix.hpp"
#include "cli/session.hpp"

namespace fix502 {

int diagnose_command(std::vector<std::string> arguments) {
  const Parsed parsed = parse_diagnosis(std::move(arguments));
  if (!parsed.stop.empty()) {
    if (parsed.exit_status != 0) return complain(parsed.stop);
    fmt::print("{}", parsed.stop);
    return 0;
  }
  const DiagnosisOptions& options = parsed.options;
  if (const auto writable = can_write(options); !writable) return complain(writable.error().message());
  for (const auto& note : options.notes) fmt::print(stderr, "fix502: {}\n", note);
  const Report report = diagnose_now(options.target, options.settings);
  return offer_remedy(report, options, deliver(report, options));
}

}  // namespace fix502
