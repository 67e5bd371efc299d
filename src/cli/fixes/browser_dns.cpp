#include "cli/fixes/browser_dns.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <filesystem>
#include <set>

#include "base/text.hpp"
#include "browser/profile_file.hpp"
#include "browser/profiles.hpp"
#include "cli/fixes/dns_trials.hpp"
#include "headless/headless.hpp"
#include "repair/command.hpp"
#include "sys/held_signals.hpp"
#include "sys/linux/files.hpp"

namespace fix502 {
namespace {

namespace fs = std::filesystem;

/// Chromium reads /etc/chromium (Debian); the others' places are their vendors': Chrome's and Edge's policy
/// documentation for Linux, Brave's support page on group policy.
struct PolicyPlace {
  std::string_view scope, browser, folder;
};
constexpr PolicyPlace kPolicyPlaces[] = {
    {"chromium", "Chromium", "/etc/chromium/policies/managed"},
    {"chrome", "Chrome", "/etc/opt/chrome/policies/managed"},
    {"edge", "Edge", "/etc/opt/edge/policies/managed"},
    {"brave", "Brave", "/etc/brave/policies/managed"},
};
/// Where both exist, /etc counts as a whole; Mozilla's enterprise policy documentation.
constexpr std::string_view kFirefoxPolicies = "/etc/firefox/policies/policies.json";
constexpr std::string_view kFirefoxShipped[] = {"/usr/lib/firefox-esr/distribution/policies.json",
                                                "/usr/lib/firefox/distribution/policies.json"};
constexpr std::size_t kMostSettings = 32UL * 1024 * 1024;
constexpr std::size_t kMostPolicies = 4UL * 1024 * 1024;
constexpr Milliseconds kToLook{20'000};

std::string firefox_policies() {
  std::string text = read_text(kFirefoxPolicies, kMostPolicies);
  for (const auto shipped : kFirefoxShipped)
    if (trim(text).empty()) text = read_text(shipped, kMostPolicies);
  return text;
}

/// The first policy file that holds `word`; ours does not count.
std::string policy_in_the_way(const std::string& folder, std::string_view word) {
  std::error_code ignored;
  for (const auto& each : fs::directory_iterator(folder, ignored)) {
    if (each.path().filename() == "fix502-dns.json" || each.path().extension() != ".json") continue;
    if (read_text(each.path(), kMostPolicies).find(word) != std::string::npos) return each.path().native();
  }
  return {};
}

Result<Work> by_policy(const std::string& scope, const DnsChoice& choice) {
  if (scope == "firefox") return dns_by_firefox_policy(std::string(kFirefoxPolicies), firefox_policies(), choice);
  const auto place = std::ranges::find(kPolicyPlaces, scope, &PolicyPlace::scope);
  const std::string folder(place->folder);
  // Somebody else's policy about the same thing is somebody else's decision.
  if (const auto other = policy_in_the_way(folder, "DnsOverHttps"); !other.empty())
    return fail("secure DNS is set there already, by whoever administers this machine", other);
  return dns_by_chromium_policy(std::string(place->browser), folder, choice);
}

/// A policy that keeps the browser's own settings from counting.
Result<void> settings_count(const std::string& scope) {
  if (scope == "firefox") {
    if (firefox_policies().find("DNSOverHTTPS") == std::string::npos) return {};
    return fail("Firefox's secure DNS is settled by a policy of this machine", std::string(kFirefoxPolicies));
  }
  const auto place = std::ranges::find(kPolicyPlaces, scope, &PolicyPlace::scope);
  const std::string folder(place->folder);
  std::error_code ignored;
  // Any managed policy at all switches off what "Local State" says (seen with Chromium 156).
  const bool ours = fs::exists(folder + "/fix502-dns.json", ignored);
  const auto other = policy_in_the_way(folder, "{");
  if (!ours && other.empty()) return {};
  return fail("a policy of this machine is in force, so the browser's own secure DNS does not count",
              ours ? folder + "/fix502-dns.json" : other);
}

Result<Work> in_profile(const Profile& profile, const DnsChoice& choice) {
  if (profile.engine == Engine::chromium) {
    const fs::path path = profile.root / "Local State";
    const auto text = read_profile_file(path, kMostSettings);
    if (!text) return std::unexpected(text.error());
    return dns_by_local_state(profile.browser, path.native(), *text, choice);
  }
  const fs::path path = profile.folder / "prefs.js";
  const auto text = read_profile_file(path, kMostSettings);
  if (!text) return std::unexpected(text.error());
  const auto user_js = read_profile_file(profile.folder / "user.js", kMostSettings);
  return dns_by_firefox_prefs(path.native(), *text, user_js ? *user_js : std::string{}, choice);
}

/// The profiles of that browser, one of each folder of settings.
Result<std::vector<Profile>> profiles_of(const FixRequest& request, const std::string& scope) {
  const auto& named = request.diagnosis.settings.browser_profiles;
  auto profiles = wanted_profiles(named, own_roots(), this_system());
  if (!profiles) return profiles;
  const Engine engine = scope == "firefox" ? Engine::firefox : Engine::chromium;
  std::set<fs::path> seen;
  std::erase_if(*profiles, [&](const Profile& one) {
    return one.engine != engine || (named.empty() && lower(one.browser) != scope) || !seen.insert(one.root).second;
  });
  return profiles;
}

struct BySettings {
  Work work;
  std::optional<OwnProfile> profile;  ///< the first that is changed
};

Result<BySettings> by_settings(const FixRequest& request, const std::string& scope, const DnsChoice& choice) {
  if (const auto free = settings_count(scope); !free) return std::unexpected(free.error());
  const auto profiles = profiles_of(request, scope);
  if (!profiles) return std::unexpected(profiles.error());
  BySettings made;
  for (const Profile& profile : *profiles) {
    if (is_running(profile)) {
      made.work.nothing = fmt::format("{} is running; close it, and try again", profile.browser);
      continue;
    }
    auto one = in_profile(profile, choice);
    if (!one) return std::unexpected(one.error());
    std::ranges::move(one->steps, std::back_inserter(made.work.steps));
    made.work.tell = std::move(one->tell);
    if (!made.profile)
      made.profile = OwnProfile{scope == "firefox" ? BrowserProtocol::bidi : BrowserProtocol::devtools, profile.root,
                                profile.folder, profile.cache};
  }
  if (!made.work.steps.empty()) made.work.nothing.clear();
  if (profiles->empty()) made.work.nothing = "no profile of that browser was found";
  return made;
}

BrowserVisit look_with(RunnableBrowser browser, std::optional<OwnProfile> profile, std::string url) {
  boost::asio::io_context loop;
  const auto headless = real_headless_browsers();
  BrowserJob job;
  job.browser = std::move(browser);
  job.url = std::move(url);
  job.copy_of = std::move(profile);
  job.timeout = kToLook;
  BrowserVisit visit;
  boost::asio::co_spawn(loop, headless->visit(std::move(job)), [&](const std::exception_ptr&, BrowserVisit seen) {
    visit = std::move(seen);
    loop.stop();
  });
  run_until_signal(loop);
  return visit;
}

bool found_no_address(const BrowserVisit& visit) {
  return visit.net_error == "net::ERR_NAME_NOT_RESOLVED" || visit.net_error == "NS_ERROR_UNKNOWN_HOST";
}

/// In both browsers' strict modes nobody else is asked: an address is the set resolver's. Chromium says which one.
Prepared::Outcome outcome_of(const BrowserVisit& visit, const DnsChoice& choice, const std::string& name,
                             const std::vector<std::string>& addresses) {
  if (!visit.trouble.empty())
    return {.helped = true,
            .line = fmt::format("{} answers; {} could not be run to see it", choice.title, visit.browser)};
  if (found_no_address(visit))
    return {.helped = false, .line = fmt::format("{} finds no address of {} by it", visit.browser, name)};
  if (visit.address.empty())
    return {.helped = true, .line = fmt::format("{} finds {} by {}", visit.browser, name, choice.title)};
  const bool its = std::ranges::find(addresses, visit.address) != addresses.end();
  return {.helped = its,
          .line = its ? fmt::format("{} goes to {}, which {} named", visit.browser, visit.address, choice.title)
                      : fmt::format("{} goes to {} and not where {} says", visit.browser, visit.address, choice.title)};
}

}  // namespace

Result<Prepared> browser_dns(const FixRequest& request, const std::string& scope, const DnsChoice& choice,
                             const std::string& name) {
  Prepared ready;
  std::optional<OwnProfile> profile;
  if (!request.diagnosis.settings.browser_profiles.empty() || !may_become_root()) {
    auto made = by_settings(request, scope, choice);
    if (!made) return std::unexpected(made.error());
    ready.work = std::move(made->work);
    profile = std::move(made->profile);
  } else {
    auto work = by_policy(scope, choice);
    if (!work) return std::unexpected(work.error());
    ready.work = std::move(*work);
  }
  const auto browsers = runnable_browsers(scope);
  const bool look = request.has_url() && !browsers.empty() && request.diagnosis.settings.browsers != BrowserUse::never;
  const std::string url = request.diagnosis.target.url;
  ready.check = [=]() -> Prepared::Outcome {
    const auto again = ranked(try_resolvers({choice}, name, DnsUse::https));
    if (again.empty()) return {.helped = false, .line = fmt::format("{} does not answer", choice.title)};
    if (!look) return {.helped = true, .line = fmt::format("{} answers", choice.title)};
    return outcome_of(look_with(browsers.front(), profile, url), choice, name, again.front().addresses);
  };
  return ready;
}

}  // namespace fix502
