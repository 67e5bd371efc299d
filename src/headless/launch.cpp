// How a browser is started so that it behaves as the visitor's own does on the network, and quietly otherwise.
//
// QUIC stays on although a lab is calmer without: a visitor's browser has it, fix502's probes have not, and a site that
// fails over HTTP/3 alone must not look well here. The protocol that was spoken stands in the observation.

#include <algorithm>
#include <charconv>

#include "base/text.hpp"
#include "headless/running.hpp"
#include "target/target.hpp"

namespace fix502 {
namespace {

/// https://source.chromium.org/chromium/chromium/src/+/main:chrome/common/chrome_switches.cc, and
/// docs/headless.md there: all of these are about the machine, none about the request for the page.
constexpr std::string_view kChromium[] = {
    "--headless",
    "--disable-gpu",
    "--no-first-run",
    "--no-default-browser-check",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--disable-extensions",
    "--disable-breakpad",
    "--mute-audio",
    "--password-store=basic",
    // The page that was named is wanted: http:// is not to be made https:// on the way.
    "--disable-features=HttpsUpgrades,HttpsFirstBalancedModeAutoEnable",
    "--remote-debugging-pipe",
};

/// https://firefox-source-docs.mozilla.org/remote/; the preferences' names: modules/libpref/init/all.js.
struct Preference {
  std::string_view name, value;
};
constexpr Preference kFirefox[] = {
    {"app.normandy.enabled", "false"},
    {"app.update.auto", "false"},
    {"browser.aboutwelcome.enabled", "false"},
    {"browser.chrome.site_icons", "false"},
    {"browser.newtabpage.enabled", "false"},
    {"browser.safebrowsing.malware.enabled", "false"},
    {"browser.safebrowsing.phishing.enabled", "false"},
    {"browser.safebrowsing.update.enabled", "false"},
    {"browser.search.update", "false"},
    {"browser.shell.checkDefaultBrowser", "false"},
    {"browser.startup.homepage_override.mstone", "\"ignore\""},
    {"browser.startup.page", "0"},
    {"browser.topsites.contile.enabled", "false"},
    {"datareporting.policy.dataSubmissionEnabled", "false"},
    {"dom.push.connection.enabled", "false"},
    {"dom.security.https_first", "false"},
    {"dom.security.https_first_schemeless", "false"},
    {"extensions.getAddons.cache.enabled", "false"},
    {"extensions.update.enabled", "false"},
    {"media.gmp-manager.updateEnabled", "false"},
    {"network.captive-portal-service.enabled", "false"},
    {"network.connectivity-service.enabled", "false"},
    {"network.dns.disablePrefetch", "true"},
    {"network.prefetch-next", "false"},
    {"network.http.speculative-parallel-limit", "0"},
    {"services.settings.server", "\"data:,#remote-settings-dummy/v1\""},
    {"toolkit.telemetry.enabled", "false"},
    {"toolkit.telemetry.unified", "false"},
};

/// These would lead it to the visitor's own profile and settings, or to a display.
constexpr std::string_view kOurs[] = {"HOME",          "XDG_CONFIG_HOME", "XDG_CACHE_HOME",
                                      "XDG_DATA_HOME", "TMPDIR",          "MOZ_HEADLESS",
                                      "DISPLAY",       "WAYLAND_DISPLAY", "MOZ_PROFILER_STARTUP"};

std::vector<std::string> surroundings(const std::vector<std::string>& environment, const std::string& folder) {
  std::vector<std::string> kept;
  for (const auto& entry : environment) {
    const std::string_view name = std::string_view(entry).substr(0, entry.find('='));
    if (std::ranges::find(kOurs, name) == std::end(kOurs)) kept.push_back(entry);
  }
  kept.push_back("HOME=" + folder + "/home");
  kept.push_back("TMPDIR=" + folder + "/tmp");
  kept.emplace_back("MOZ_HEADLESS=1");
  kept.emplace_back("MOZ_CRASHREPORTER_DISABLE=1");
  return kept;
}

}  // namespace

Launch plan_launch(const RunnableBrowser& browser, const StartOptions& options, const std::string& folder, bool as_root,
                   const std::vector<std::string>& environment) {
  Launch launch;
  launch.command = {browser.path};
  const std::string profile = options.profile.empty() ? folder + "/profile" : options.profile;
  if (browser.protocol == BrowserProtocol::devtools) {
    launch.command.insert(launch.command.end(), std::begin(kChromium), std::end(kChromium));
    launch.command.push_back("--user-data-dir=" + profile);
    // Its sandbox cannot be built by root (docs/linux/sandboxing.md there); for anybody else it stays.
    if (as_root) launch.command.emplace_back("--no-sandbox");
    if (options.proxy == "direct") launch.command.emplace_back("--no-proxy-server");
    if (!options.proxy.empty() && options.proxy != "direct")
      launch.command.push_back("--proxy-server=" + options.proxy);
  } else {
    for (const char* argument : {"--headless", "--no-remote", "--profile"}) launch.command.emplace_back(argument);
    launch.command.push_back(profile);
    launch.command.emplace_back("--remote-debugging-port");
    launch.command.emplace_back("0");
  }
  for (const auto& argument : options.arguments) launch.command.push_back(argument);
  if (browser.protocol == BrowserProtocol::devtools) launch.command.emplace_back("about:blank");
  launch.hear_errors = browser.protocol == BrowserProtocol::bidi;
  launch.environment = surroundings(environment, folder);
  // Its own profile stays: what it has in mind is to be written down.
  if (!options.profile.empty()) launch.after_term = Milliseconds(4'000);
  return launch;
}

std::string browser_command(const BrowserJob& job) {
  const std::string url = shell_quoted(job.url);
  if (job.browser.protocol == BrowserProtocol::devtools)
    return job.browser.name + " --headless --user-data-dir=\"$(mktemp -d)\" --dump-dom " + url;
  return job.browser.name + " --headless --profile \"$(mktemp -d)\" --screenshot page.png " + url;
}

std::string quiet_preferences(const std::string& proxy) {
  std::string text;
  const auto add = [&](std::string_view name, std::string_view value) {
    text += "user_pref(\"" + std::string(name) + "\", " + std::string(value) + ");\n";
  };
  for (const auto& [name, value] : kFirefox) add(name, value);
  if (proxy == "direct") add("network.proxy.type", "0");
  const auto place = parse_target(proxy);
  if (proxy.empty() || proxy == "direct" || !place) return text;
  add("network.proxy.type", "1");
  for (const char* scheme : {"http", "ssl"}) {
    add(std::string("network.proxy.") + scheme, "\"" + place->host + "\"");
    add(std::string("network.proxy.") + scheme + "_port", std::to_string(place->port));
  }
  return text;
}

std::uint16_t announced_port(std::string_view text) {
  constexpr std::string_view kSays = "WebDriver BiDi listening on ws://127.0.0.1:";
  const auto at = text.find(kSays);
  if (at == text.npos) return 0;
  const auto digits = text.substr(at + kSays.size());
  std::uint16_t port = 0;
  const auto read = std::from_chars(digits.data(), digits.data() + digits.size(), port);
  // The line's end has to be there: half a number is another one.
  return read.ptr == digits.data() + digits.size() ? std::uint16_t{0} : port;
}

}  // namespace fix502
