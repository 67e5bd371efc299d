#include "remedy/bypass_proxy.hpp"

#include <fmt/format.h>
#include <unistd.h>

#include <cstdlib>
#include <filesystem>

#include "base/text.hpp"
#include "cli/fix.hpp"
#include "repair/file_state.hpp"
#include "sys/host.hpp"
#include "sys/linux/files.hpp"

namespace fix502 {
namespace {

std::string from_environment(const char* name) {
  const char* value = std::getenv(name);
  return value == nullptr ? std::string() : value;
}

std::filesystem::path settings_folder() {
  if (const auto given = from_environment("XDG_CONFIG_HOME"); given.starts_with('/')) return given;
  return std::filesystem::path(from_environment("HOME")) / ".config";
}

Result<std::string> text_of(const std::string& path) {
  const auto state = look_at(path);
  if (!state) return std::unexpected(state.error());
  return state->is(FileState::Kind::absent) ? Result<std::string>("") : read_whole(path);
}

Result<ProxyPlace> place_of(const std::string& source) {
  ProxyPlace place{.source = source, .exceptions = {}, .file = {}, .text = {}};
  if (source.starts_with("environment")) {
    place.exceptions = from_environment("no_proxy");
    if (place.exceptions.empty()) place.exceptions = from_environment("NO_PROXY");
    place.file = settings_folder() / "environment.d" / "60-fix502-no-proxy.conf";
  } else if (source == "GNOME") {
    const std::vector<std::string> get{"gsettings", "get", "org.gnome.system.proxy", "ignore-hosts"};
    place.exceptions = trim(output_of(get, std::chrono::seconds(3)));
    if (place.exceptions.empty()) return fail("gsettings does not say what is excepted from the proxy");
  } else if (source == "KDE") {
    place.file = settings_folder() / "kioslaverc";
  }
  if (place.file.empty()) return place;
  auto text = text_of(place.file);
  if (!text) return std::unexpected(text.error());
  place.text = std::move(*text);
  if (source != "KDE") return place;
  for (const auto line : split(place.text, '\n'))
    if (line.starts_with("NoProxyFor=")) place.exceptions = line.substr(line.find('=') + 1);
  return place;
}

/// For the command given, and for nothing else: the environment is its own.
Result<Prepared> for_one_command(const FixRequest& request) {
  const std::string host = request.diagnosis.target.host;
  const std::string value = no_proxy_with(from_environment("no_proxy"), host);
  Prepared ready;
  RunCommand run;
  run.words = {"env", "no_proxy=" + value, "NO_PROXY=" + value};
  run.words.insert(run.words.end(), request.command.begin(), request.command.end());
  ready.work.steps.push_back({"run the command with " + host + " excepted from the proxy", Risk::none, std::move(run)});
  ready.check = [] { return Prepared::Outcome{.helped = true, .line = "the command succeeded"}; };
  return ready;
}

}  // namespace

Result<Prepared> prepare_bypass_proxy(const FixRequest& request) {
  if (!request.command.empty()) return for_one_command(request);
  const Target& target = request.diagnosis.target;
  std::string proxy_url;
  const ProxySettings settings = this_host()->proxy_settings(target, proxy_url);
  Prepared ready;
  if (!settings.bypassed_by.empty()) {
    ready.work.nothing =
        fmt::format("{} is excepted from the proxy already (by {})", target.host, settings.bypassed_by);
    return ready;
  }
  const auto place = place_of(settings.source);
  if (!place) return std::unexpected(place.error());
  ready.work = bypass_proxy(*place, target.host);
  // What the environment holds was settled when this program was started: the check goes the way that will count.
  ready.compares = true;
  if (settings.source.starts_with("environment"))
    ready.check = [&request] {
      Settings direct = request.diagnosis.settings;
      direct.no_proxy = true;
      return page_after(request, direct);
    };
  return ready;
}

}  // namespace fix502
