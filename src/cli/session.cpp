#include "cli/session.hpp"

#include <fmt/format.h>
#include <langinfo.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <boost/asio/io_context.hpp>
#include <cerrno>
#include <clocale>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <memory>

#include "base/text.hpp"
#include "browser/browsers.hpp"
#include "browser/profiles.hpp"
#include "cli/commands.hpp"
#include "experiment/run.hpp"
#include "headless/headless.hpp"
#include "net/real_net.hpp"
#include "pipeline/observe.hpp"
#include "resolver/caches.hpp"

namespace fix502 {
namespace {

struct CloseFile {
  void operator()(std::FILE* file) const noexcept { std::fclose(file); }
};
using File = std::unique_ptr<std::FILE, CloseFile>;

int exit_status(const Report& report) {
  if (report.evidence.interrupted) return 130;
  switch (report.verdict.outcome) {
    case Outcome::healthy:
      return 0;
    case Outcome::fault:
      return 1;
    default:
      return 3;
  }
}

}  // namespace

TerminalStyle style_of_stdout(bool verbose) {
  TerminalStyle style;
  style.verbose = verbose;
  const bool terminal = isatty(STDOUT_FILENO) != 0;
  const char* no_colour = std::getenv("NO_COLOR");  // https://no-color.org: set and not empty
  const char* kind = std::getenv("TERM");
  style.colour =
      terminal && (no_colour == nullptr || *no_colour == '\0') && kind != nullptr && std::strcmp(kind, "dumb") != 0;
  std::setlocale(LC_CTYPE, "");
  style.unicode = !terminal || std::strcmp(nl_langinfo(CODESET), "UTF-8") == 0;
  winsize size{};
  if (terminal && ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col > 0) style.width = size.ws_col;
  return style;
}

LiveLine::LiveLine(std::chrono::milliseconds budget)
    : on_(isatty(STDERR_FILENO) != 0), budget_(budget), start_(std::chrono::steady_clock::now()) {
  if (on_) fmt::print(stderr, "looking ...");
}

LiveLine::~LiveLine() {
  if (on_) fmt::print(stderr, "\r\x1b[K");
  std::fflush(stderr);
}

void LiveLine::show(std::string_view experiment) {
  if (!on_) return;
  std::string_view says = experiment;
  for (const Experiment* one : experiments())
    if (one->id == experiment) says = one->says;
  const auto used = std::chrono::duration_cast<std::chrono::milliseconds>(std::chrono::steady_clock::now() - start_);
  fmt::print(stderr, "\r\x1b[K{} ... {:.0f} s left at most", says,
             static_cast<double>((budget_ - used).count()) / 1000.0);
  std::fflush(stderr);
}

Result<std::string> read_file(const std::string& path, std::size_t limit) {
  const File file(std::fopen(path.c_str(), "rb"));
  struct stat about{};
  if (!file || fstat(fileno(file.get()), &about) != 0)
    return fail(std::string("cannot read it: ") + std::strerror(errno), path);
  if (S_ISDIR(about.st_mode)) return fail("cannot read it: it is a folder", path);
  std::string text;
  char block[65'536];
  for (std::size_t got = 0; (got = std::fread(block, 1, sizeof block, file.get())) > 0;) {
    text.append(block, got);
    if (text.size() > limit)
      return fail(fmt::format("larger than {} KiB, the most that is read of such a file", limit / 1024), path);
  }
  if (std::ferror(file.get()) != 0) return fail("cannot read it to the end", path);
  return text;
}

Result<void> write_file(const std::string& path, std::string_view text) {
  File file(std::fopen(path.c_str(), "wb"));
  if (!file) return fail(std::string("cannot write it: ") + std::strerror(errno), path);
  const bool whole = std::fwrite(text.data(), 1, text.size(), file.get()) == text.size();
  if (!whole || std::fclose(file.release()) != 0)
    return fail(std::string("cannot write it: ") + std::strerror(errno), path);
  return {};
}

Result<void> can_write(const DiagnosisOptions& options) {
  for (const std::string* path : {&options.html, &options.markdown, &options.record})
    if (!path->empty())
      if (auto written = write_file(*path, ""); !written) return written;
  return {};
}

namespace {

/// The profiles of which a copy is run: those named, else those found. What cannot be copied is one line, and the
/// diagnosis goes on without it.
std::vector<OwnProfile> own_profiles(const Settings& settings) {
  std::vector<OwnProfile> own;
  if (!settings.with_my_profile) return own;
  const auto profiles = wanted_profiles(settings.browser_profiles, own_roots(), this_system());
  if (!profiles) return own;  // refused before anything was asked
  for (const Profile& profile : *profiles) {
    if (auto copy = own_profile_at(profile.folder.string()))
      own.push_back(std::move(*copy));
    else
      fmt::print(stderr, "fix502: {}\n", printable(copy.error().message(), 300));
  }
  if (own.empty()) fmt::print(stderr, "fix502: --with-my-profile: no browser's profile was found\n");
  return own;
}

}  // namespace

Report diagnose_now(const Target& target, const Settings& settings) {
  boost::asio::io_context loop;
  const auto net = real_net(loop);
  const auto host = this_host();
  // A folder named by --browser-profile that is none was refused before anything was asked.
  const auto browsers = settings.browser_cache ? installed_browsers(settings.browser_profiles, own_roots())
                                               : Result<std::unique_ptr<Browsers>>(nullptr);
  const auto headless = real_headless_browsers();
  LiveLine line(settings.timeout);
  Assignment assignment{target,
                        settings,
                        [&](std::string_view experiment) { line.show(experiment); },
                        browsers ? browsers->get() : nullptr,
                        settings.browsers == BrowserUse::never ? nullptr : headless.get(),
                        own_profiles(settings),
                        caches_task};
  return make_report(observe(loop, *net, *host, std::move(assignment)));
}

int deliver(const Report& report, const DiagnosisOptions& options) {
  struct Wanted {
    const std::string& path;
    std::string (*text)(const Report& report);
    const Report& report;
  };
  const Report for_others = options.hide_query ? without_query_values(report) : Report{};
  const Report& handed_on = options.hide_query ? for_others : report;
  const Wanted wanted[] = {{options.html, report_html, handed_on},
                           {options.markdown, report_markdown, handed_on},
                           {options.record, [](const Report& whole) { return write_run(whole.evidence); }, report}};
  int status = exit_status(report);
  for (const auto& [path, text, of] : wanted)
    if (!path.empty())
      if (const auto written = write_file(path, text(of)); !written) status = complain(written.error().message());
  const std::string shown =
      options.json ? report_json(report) : report_terminal(report, style_of_stdout(options.verbose));
  std::fwrite(shown.data(), 1, shown.size(), stdout);
  std::fflush(stdout);
  return status;
}

}  // namespace fix502
