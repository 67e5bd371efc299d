#include <fmt/format.h>

#include "browser/browsers.hpp"
#include "cli/commands.hpp"
#include "cli/fix.hpp"
#include "cli/keep.hpp"
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
  const auto browsers = installed_browsers(options.settings.browser_profiles, own_roots());
  if (!browsers) return complain(browsers.error().message());
  const Report report = diagnose_now(options.target, options.settings);
  const int status = deliver(report, options);
  keep_in_history(report, options);
  return offer_remedy(report, options, status);
}

}  // namespace fix502
