#include <fmt/format.h>

#include <boost/asio/io_context.hpp>

#include "base/text.hpp"
#include "cli/commands.hpp"
#include "cli/session.hpp"
#include "headless/headless.hpp"
#include "net/real_net.hpp"
#include "pipeline/observe.hpp"

namespace fix502 {
namespace {

/// The named profiles of which a copy may be run; what is none is one line, and the diagnosis goes on without it.
std::vector<OwnProfile> own_profiles(const DiagnosisOptions& options) {
  std::vector<OwnProfile> profiles;
  if (!options.settings.with_my_profile) return profiles;
  for (const auto& folder : options.browser_profiles) {
    if (auto profile = own_profile_at(folder))
      profiles.push_back(std::move(*profile));
    else
      fmt::print(stderr, "fix502: --browser-profile: {}\n", printable(profile.error().message(), 300));
  }
  if (options.browser_profiles.empty())
    fmt::print(stderr, "fix502: --with-my-profile: say which by --browser-profile\n");
  return profiles;
}

}  // namespace

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

  Evidence evidence;
  {
    boost::asio::io_context loop;
    const auto net = real_net(loop);
    const auto host = this_host();
    const auto browsers = real_headless_browsers();
    LiveLine line(options.settings.timeout);
    Assignment assignment{options.target, options.settings, [&](std::string_view experiment) { line.show(experiment); },
                          options.settings.browsers == BrowserUse::never ? nullptr : browsers.get(),
                          own_profiles(options)};
    evidence = observe(loop, *net, *host, std::move(assignment));
  }
  return deliver(make_report(std::move(evidence)), options);
}

}  // namespace fix502
