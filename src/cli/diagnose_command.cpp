#include <fmt/format.h>

#include <boost/asio/io_context.hpp>

#include "cli/commands.hpp"
#include "cli/session.hpp"
#include "net/real_net.hpp"
#include "pipeline/observe.hpp"
#include "resolver/caches.hpp"

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

  Evidence evidence;
  {
    boost::asio::io_context loop;
    const auto net = real_net(loop);
    const auto host = this_host();
    LiveLine line(options.settings.timeout);
    Assignment assignment{options.target, options.settings, [&](std::string_view experiment) { line.show(experiment); },
                          caches_task};
    evidence = observe(loop, *net, *host, std::move(assignment));
  }
  return deliver(make_report(std::move(evidence)), options);
}

}  // namespace fix502
