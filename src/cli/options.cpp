// The options that every diagnosis knows. CLI11 reads them from the command line and from config.toml alike: each has
// a key of its long name there.

#include "cli/options.hpp"

#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <cstdlib>

#include "base/text.hpp"

namespace fix502 {
namespace {

struct Raw {
  std::string url;
  std::string origin, proxy, expect_status, from;
  std::vector<std::string> headers;
  double timeout = 15;
  bool ipv4 = false, ipv6 = false, no_authoritative = false;
  bool browsers = false, no_browsers = false, with_my_profile = false, no_browser_cache = false;
};

std::string default_config() {
  if (const char* base = std::getenv("XDG_CONFIG_HOME"); base != nullptr && *base == '/')
    return std::string(base) + "/fix502/config.toml";
  const char* home = std::getenv("HOME");
  return home == nullptr ? std::string{} : std::string(home) + "/.config/fix502/config.toml";
}

void declare_output(CLI::App& app, DiagnosisOptions& options) {
  app.add_flag("--json", options.json, "one JSON report on standard output, nothing else there");
  app.add_option("--html", options.html, "write the report as one page to FILE")->type_name("FILE");
  app.add_option("--markdown", options.markdown, "write the report for a ticket to FILE")->type_name("FILE");
  app.add_flag("--hide-query", options.hide_query, "in both: leave out the values in addresses, behind \"?\"");
  app.add_option("--record", options.record, "keep the observations in FILE, for `fix502 explain FILE`")
      ->type_name("FILE");
  app.add_flag("--no-history", options.no_history, "do not remember this run");
  app.add_flag("-v,--verbose", options.verbose, "show every observation with its timings");
}

void declare_request(CLI::App& app, Settings& settings, Raw& raw) {
  app.add_option("-H,--header", raw.headers, "an extra request header, 'Name: value'")
      ->type_name("HEADER")
      ->allow_extra_args(false);
  app.add_option("--cookie", settings.cookie, "the Cookie header that your browser sends")->type_name("STRING");
  app.add_option("-X,--method", settings.method, "the request method")->type_name("METHOD");
  app.add_option("-d,--data", settings.data, "the request body (makes the method POST)")->type_name("DATA");
  app.add_option("--expect-status", raw.expect_status, "what counts as working, 200-399,418")->type_name("CODES");
  app.add_option("--interface", settings.interface, "send from this interface or address")->type_name("NAME|ADDR");
  app.add_option("--proxy", raw.proxy, "use this proxy")->type_name("URL");
  app.add_flag("--no-proxy", settings.no_proxy, "use no proxy");
  app.add_flag("-4", raw.ipv4, "IPv4 only");
  app.add_flag("-6", raw.ipv6, "IPv6 only");
}

void declare_scope(CLI::App& app, Settings& settings, Raw& raw) {
  app.add_option("--timeout", raw.timeout, "seconds for the whole diagnosis (15)")->type_name("SECONDS");
  app.add_option("--max-requests", settings.max_requests, "requests sent to the target at most (40)")->type_name("N");
  app.add_option("--origin", raw.origin, "the origin behind the CDN or gateway")->type_name("HOST[:PORT]");
  app.add_option("--compare-resolver", settings.compare_resolvers,
                 "a resolver to compare with: IP[:PORT], tls://IP, https://URL, none; repeatable")
      ->type_name("A")
      ->allow_extra_args(false);
  app.add_flag("--no-authoritative", raw.no_authoritative, "do not ask the zone's own name servers");
  app.add_option("--connectivity-check", settings.connectivity_checks, "a page known to work, or none; repeatable")
      ->type_name("URL")
      ->allow_extra_args(false);
}

void declare_repair(CLI::App& app, DiagnosisOptions& options) {
  app.add_flag("--fix", options.fix, "apply the best automatic remedy without asking");
  app.add_flag("--no-fix", options.no_fix, "never offer to apply a remedy");
  app.add_flag("-y,--yes", options.yes, "yes to every question");
}

void declare_profiles(CLI::App& app, Settings& settings, Raw& raw) {
  app.add_option("--browser-profile", settings.browser_profiles, "a browser profile to look into; repeatable")
      ->type_name("DIR")
      ->allow_extra_args(false);
  app.add_flag("--no-browser-cache", raw.no_browser_cache, "do not look into browsers' profiles");
}

void declare_later(CLI::App& app, Raw& raw) {
  app.add_flag("--browsers", raw.browsers, "run installed browsers as well");
  app.add_flag("--no-browsers", raw.no_browsers, "never run a browser");
  app.add_flag("--with-my-profile", raw.with_my_profile, "run them with a copy of your profile");
  app.add_option("--from", raw.from, "run the probes from an agent too")->type_name("VANTAGE");
}

bool is_field_value(std::string_view text) {
  return std::ranges::none_of(text, [](char c) { return c == '\r' || c == '\n' || c == '\0'; });
}

Result<void> read_headers(const Raw& raw, Settings& settings) {
  for (const auto& line : raw.headers) {
    const auto colon = line.find(':');
    const auto name = trim(std::string_view(line).substr(0, std::min(colon, line.size())));
    if (colon == line.npos || !is_token(name) || !is_field_value(line))
      return fail("a header is written 'Name: value', not", printable(line, 60));
    const auto value = trim(std::string_view(line).substr(colon + 1));
    if (lower(name) == "cookie") settings.cookies_given = true;
    settings.headers.emplace_back(name, value);
  }
  if (!is_field_value(settings.cookie)) return fail("a cookie cannot hold a line break");
  if (!settings.cookie.empty()) settings.cookies_given = true;
  return {};
}

Result<void> read_proxy(const Raw& raw, Settings& settings) {
  if (raw.proxy.empty()) return {};
  if (settings.no_proxy) return fail("--proxy and --no-proxy exclude each other");
  const std::string url = raw.proxy.find("://") == raw.proxy.npos ? "http://" + raw.proxy : raw.proxy;
  const auto proxy = parse_target(url);
  if (!proxy) return fail("--proxy: " + proxy.error().what, proxy.error().where);
  settings.proxy_url = url;
  settings.proxy = fmt::format("{}://{}", proxy->scheme, to_text(Endpoint{proxy->host, proxy->port}));
  return {};
}

Result<void> read_resolvers(const Settings& settings) {
  for (const auto& resolver : settings.compare_resolvers) {
    if (resolver == "none") continue;
    std::string_view address = resolver;
    if (address.starts_with("https://")) {
      if (const auto url = parse_target(address); !url)
        return fail("--compare-resolver: " + url.error().what, url.error().where);
      continue;
    }
    if (address.starts_with("tls://")) address.remove_prefix(6);
    const auto endpoint = parse_endpoint(address.substr(0, address.find('#')));
    if (!endpoint || (!is_ipv4(endpoint->host) && !is_ipv6(endpoint->host)))
      return fail("--compare-resolver takes IP[:PORT], tls://IP or https://URL, not", printable(resolver, 60));
  }
  return {};
}

Result<void> read_checks(const Settings& settings) {
  for (const auto& check : settings.connectivity_checks)
    if (check != "none")
      if (const auto url = parse_target(check); !url)
        return fail("--connectivity-check: " + url.error().what, url.error().where);
  return {};
}

Result<void> read_limits(const Raw& raw, Settings& settings) {
  if (!(raw.timeout >= 0.5 && raw.timeout <= 3600)) return fail("--timeout takes 0.5 to 3600 seconds");
  settings.timeout = std::chrono::milliseconds(static_cast<long>(raw.timeout * 1000));
  if (settings.max_requests < 1 || settings.max_requests > 1000) return fail("--max-requests takes 1 to 1000");
  if (raw.ipv4 && raw.ipv6) return fail("-4 and -6 exclude each other");
  settings.family = raw.ipv4 ? 4 : raw.ipv6 ? 6 : 0;
  settings.authoritative = !raw.no_authoritative;
  settings.browser_cache = !raw.no_browser_cache;
  return {};
}

Result<void> read_rest(const Raw& raw, Settings& settings) {
  if (!raw.expect_status.empty()) {
    auto set = parse_status_set(raw.expect_status);
    if (!set) return std::unexpected(set.error());
    settings.expect_status = std::move(*set);
  }
  if (!raw.origin.empty()) {
    auto origin = parse_endpoint(raw.origin);
    if (!origin) return fail("--origin: " + origin.error().what, origin.error().where);
    settings.origin = std::move(*origin);
  }
  // As curl has it: a body makes the method POST where none is named.
  if (!settings.data.empty() && settings.method == "GET") settings.method = "POST";
  if (!is_token(settings.method)) return fail("that is no request method", printable(settings.method, 40));
  if (raw.browsers && raw.no_browsers) return fail("--browsers and --no-browsers exclude each other");
  if (raw.with_my_profile && raw.no_browsers) return fail("--with-my-profile and --no-browsers exclude each other");
  settings.browsers = raw.no_browsers                       ? BrowserUse::never
                      : raw.browsers || raw.with_my_profile ? BrowserUse::always
                                                            : BrowserUse::if_open;
  settings.with_my_profile = raw.with_my_profile;
  if (!raw.from.empty()) return fail("no agent is known under that name", printable(raw.from, 60));
  return {};
}

Result<void> check(const Raw& raw, DiagnosisOptions& options) {
  for (const auto& read :
       {read_limits(raw, options.settings), read_headers(raw, options.settings), read_proxy(raw, options.settings),
        read_resolvers(options.settings), read_checks(options.settings), read_rest(raw, options.settings)})
    if (!read) return read;
  if (options.fix && options.no_fix) return fail("--fix and --no-fix exclude each other");
  if (raw.url.empty()) return {};
  auto target = parse_target(raw.url);
  if (!target) return std::unexpected(target.error());
  options.target = std::move(*target);
  return {};
}

}  // namespace

Parsed parse_diagnosis(std::vector<std::string> arguments, const std::string& fixed_url, const MoreOptions& more) {
  Parsed parsed;
  Raw raw;
  CLI::App app("Why does this page answer 502, on whose side is it, and what helps?", "fix502");
  app.set_config("--config", default_config(), "settings, as config.toml", false);
  if (more.urls != nullptr)
    app.add_option("url", *more.urls, "the pages")->type_name("URL...");
  else if (fixed_url.empty())
    app.add_option("url", raw.url, "the page")->type_name("URL");
  else
    raw.url = fixed_url;
  declare_output(app, parsed.options);
  declare_request(app, parsed.options.settings, raw);
  declare_scope(app, parsed.options.settings, raw);
  declare_profiles(app, parsed.options.settings, raw);
  declare_repair(app, parsed.options);
  declare_later(app, raw);
  if (more.declare) more.declare(app);
  try {
    std::ranges::reverse(arguments);  // CLI11 takes them from the back
    app.parse(std::move(arguments));
  } catch (const CLI::CallForHelp&) {
    parsed.stop = app.help();
    return parsed;
  } catch (const CLI::ParseError& error) {
    parsed.stop = fmt::format("{} (fix502 --help lists what each option takes)", printable(error.what(), 300));
    parsed.exit_status = 2;
    return parsed;
  }
  if (more.urls != nullptr && !more.urls->empty()) raw.url = more.urls->front();
  Result<void> checked = raw.url.empty() && !more.url_optional
                             ? fail("no web address given; try: fix502 https://example.com/")
                             : check(raw, parsed.options);
  if (!checked) {
    parsed.stop = checked.error().message();
    parsed.exit_status = 2;
  }
  return parsed;
}

}  // namespace fix502
