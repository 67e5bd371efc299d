#include <fmt/format.h>

#include <boost/asio/io_context.hpp>

#include <cstdlib>

#include "browser/browsers.hpp"
#include "cli/commands.hpp"
#include "cli/session.hpp"
#include "net/real_net.hpp"
#include "pipeline/observe.hpp"

namespace fix502 {
namespace {

/// Null where the options say so: then no profile is opened.
Result<std::unique_ptr<Browsers>> browsers_of(const Settings& settings) {
  if (!settings.browser_cache) return nullptr;
  std::map<std::string, std::string, std::less<>> environment;
  for (const char* name : {"HOME", "XDG_CONFIG_HOME", "XDG_CACHE_HOME", "APPDATA", "LOCALAPPDATA"})
    if (const char* value = std::getenv(name)) environment.emplace(name, value);
  return installed_browsers(settings.browser_profiles, environment);
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
  const auto browsers = browsers_of(options.settings);
  if (!browsers) return complain(browsers.error().message());
  for (const auto& note : options.notes) fmt::print(stderr, "fix502: {}\n", note);

  Evidence evidence;
  {
    boost::asio::io_context loop;
    const auto net = real_net(loop);
    const auto host = this_host();
    LiveLine line(options.settings.timeout);
    Assignment assignment{options.target, options.settings,
                          [&](std::string_view experiment) { line.show(experiment); }, browsers->get()};
    evidence = observe(loop, *net, *host, std::move(assignment));
  }
  return deliver(make_report(std::move(evidence)), options);
}

}  // namespace fix502
