// `fix502 serve`: the page, its API, and Prometheus' /probe and /metrics.

#include <fmt/format.h>
#include <spawn.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/signal_set.hpp>
#include <boost/asio/steady_timer.hpp>
#include <csignal>

#include "base/text.hpp"
#include "browser/browsers.hpp"
#include "browser/profiles.hpp"
#include "cli/commands.hpp"
#include "cli/keep.hpp"
#include "cli/serve_options.hpp"
#include "cli/session.hpp"
#include "headless/headless.hpp"
#include "net/real_net.hpp"
#include "resolver/caches.hpp"
#include "serve/site.hpp"

extern char** environ;

namespace fix502 {
namespace {

namespace asio = boost::asio;

/// What is still under way then is dropped.
constexpr std::chrono::milliseconds kLastWait{2'500};

/// As many descriptors as the system lets this process have: each diagnosis and each reader needs some.
void want_descriptors() {
  rlimit limit{};
  if (getrlimit(RLIMIT_NOFILE, &limit) != 0) return;
  limit.rlim_cur = limit.rlim_max;
  setrlimit(RLIMIT_NOFILE, &limit);
}

std::string own_program() {
  std::string path(4096, '\0');
  const ssize_t size = readlink("/proc/self/exe", path.data(), path.size());
  path.resize(size > 0 ? static_cast<std::size_t>(size) : 0);
  return path.empty() ? "fix502" : path;
}

void open_browser(const std::string& address) {
  std::string program = "xdg-open", url = address;
  char* arguments[] = {program.data(), url.data(), nullptr};
  pid_t child = -1;
  if (posix_spawnp(&child, program.c_str(), nullptr, nullptr, arguments, environ) != 0)
    fmt::print(stderr, "fix502: no browser could be opened (xdg-open); open the address yourself\n");
}

/// What a diagnosis may see of this machine; serving others, nothing of its own user's is looked into.
std::unique_ptr<Browsers> furnish(Assignment& assignment, HeadlessBrowsers& headless) {
  assignment.look_into_caches = caches_task;
  if (assignment.settings.browsers != BrowserUse::never) assignment.headless = &headless;
  if (!assignment.settings.browser_cache) return nullptr;
  auto browsers = installed_browsers(assignment.settings.browser_profiles, own_roots());
  if (!browsers) return nullptr;
  assignment.browsers = browsers->get();
  return std::move(*browsers);
}

int serve(const ServeOptions& wanted) {
  want_descriptors();
  for (const std::string& warning : wanted.modules.warnings()) fmt::print(stderr, "fix502: {}\n", warning);
  const auto host = this_host();
  std::optional<History> history = open_history(wanted.diagnosis);
  asio::io_context loop(1);
  const auto headless = real_headless_browsers();
  const ServeWorld world{
      .host = *host,
      .net = [&loop] { return real_net(loop); },
      .read_order = [&wanted](const std::string& url, const Json& options) { return read_order(wanted, url, options); },
      .furnish =
          [&](Assignment& assignment) {
            return wanted.site.serves_others() ? nullptr : furnish(assignment, *headless);
          },
      .keep =
          [&history](const Report& report) {
            if (history && !report.evidence.interrupted) (void)history->keep(past_run(report));
          },
      .modules = wanted.modules,
      .program = own_program()};
  Site site(loop, wanted.site, world, wanted.diagnosis.settings, history ? &*history : nullptr);
  const auto address = site.open();
  if (!address) return complain(address.error().message());
  fmt::print("{}\n", *address);
  std::fflush(stdout);
  if (wanted.open) open_browser(site.address_with_key());
  asio::signal_set signals(loop, SIGINT, SIGTERM);
  bool closed = false;
  asio::steady_timer last(loop);
  signals.async_wait([&](const boost::system::error_code& error, int) {
    if (error) return;
    last.expires_after(kLastWait);
    last.async_wait([&](const boost::system::error_code& ended) {
      if (!ended) loop.stop();
    });
    asio::co_spawn(loop, site.close(), [&](const std::exception_ptr&) {
      closed = true;
      loop.stop();
    });
  });
  loop.run();
  // What would not end in time is not waited for: what it refers to must not go before it.
  if (!closed) _exit(0);
  return 0;
}

}  // namespace

int serve_command(std::vector<std::string> arguments) {
  const auto wanted = read_serve_options(std::move(arguments));
  if (!wanted.stop.empty()) {
    if (wanted.exit_status != 0) return complain(wanted.stop);
    fmt::print("{}", wanted.stop);
    return 0;
  }
  return serve(wanted);
}

}  // namespace fix502
