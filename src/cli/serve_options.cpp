#include "cli/serve_options.hpp"

#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <charconv>

#include "base/text.hpp"
#include "cli/session.hpp"

namespace fix502 {
namespace {

constexpr std::size_t kMostTokenFile = 4096;
constexpr std::size_t kShortestToken = 16;

struct ServeRaw {
  std::string listen = "127.0.0.1:0";
  std::string token_file;
  std::string modules;
  std::vector<std::string> allow;
};

void declare_serve(CLI::App& app, ServeRaw& raw, ServeOptions& options) {
  app.description("The local web page, its API, and Prometheus' /probe and /metrics.");
  app.add_option("--listen", raw.listen, "where; anything but loopback needs --token-file and TLS")
      ->type_name("ADDR:PORT");
  app.add_flag("--open", options.open, "open the page in the browser");
  app.add_option("--token-file", raw.token_file, "the token that clients must send, in a file")->type_name("FILE");
  app.add_option("--tls-cert", options.site.tls.certificate, "the server's certificate chain, PEM")->type_name("FILE");
  app.add_option("--tls-key", options.site.tls.key, "its key, PEM")->type_name("FILE");
  app.add_option("--name", options.site.name, "the host name that others know this server by")->type_name("NAME");
  app.add_option("--allow", raw.allow, "addresses that may be probed although they are special; repeatable")
      ->type_name("CIDR")
      ->allow_extra_args(false);
  app.add_option("--rate-limit", options.site.per_minute, "diagnoses a minute of one client; 0: any number")
      ->type_name("N");
  app.add_option("--probe-modules", raw.modules, "what /probe's modules are: a configuration file of blackbox_exporter")
      ->type_name("FILE");
  app.add_option("--assets", options.site.assets, "serve the page's files from here")->type_name("DIR");
}

/// ADDRESS:PORT, where port 0 means any that is free.
Result<void> read_listen(const std::string& text, SiteOptions& site) {
  const auto colon = std::min(text.rfind(':'), text.size());
  std::string_view host = std::string_view(text).substr(0, colon);
  if (host.starts_with('[') && host.ends_with(']')) host = host.substr(1, host.size() - 2);
  const std::string_view digits = std::string_view(text).substr(std::min(colon + 1, text.size()));
  const auto read = std::from_chars(digits.data(), digits.data() + digits.size(), site.port);
  if ((!is_ipv4(host) && !is_ipv6(host)) || read.ec != std::errc() || read.ptr != digits.data() + digits.size())
    return fail("--listen takes an address and a port, such as 127.0.0.1:9502, not", printable(text, 60));
  site.address = host;
  return {};
}

Result<void> read_token(const std::string& path, SiteOptions& site) {
  if (path.empty()) return {};
  auto text = read_file(path, kMostTokenFile);
  if (!text) return fail("--token-file: " + text.error().what, text.error().where);
  site.token = std::string(trim(*text));
  const bool plain = std::ranges::all_of(site.token, [](char c) { return c > ' ' && c < '\x7f'; });
  if (site.token.size() < kShortestToken || !plain)
    return fail(
        fmt::format("--token-file: a token is one line of at least {} characters without blanks", kShortestToken),
        path);
  return {};
}

Result<void> read_networks(const std::vector<std::string>& texts, SiteOptions& site) {
  for (const auto& text : texts) {
    auto network = parse_network(text);
    if (!network) return fail("--allow: " + network.error().what, network.error().where);
    site.allowed.push_back(std::move(*network));
  }
  return {};
}

Result<void> read_modules(const std::string& path, ServeOptions& options) {
  if (path.empty()) return {};
  const auto text = read_file(path, kMostModulesFile);
  if (!text) return fail("--probe-modules: " + text.error().what, text.error().where);
  auto modules = read_probe_modules(*text, path);
  if (!modules) return fail("--probe-modules: " + modules.error().what, modules.error().where);
  options.modules = std::move(*modules);
  return {};
}

Result<void> check_serve(const ServeRaw& raw, ServeOptions& options) {
  SiteOptions& site = options.site;
  for (const auto& read : {read_listen(raw.listen, site), read_token(raw.token_file, site),
                           read_networks(raw.allow, site), read_modules(raw.modules, options)})
    if (!read) return read;
  if (site.tls.certificate.empty() != site.tls.key.empty()) return fail("--tls-cert and --tls-key go together");
  if (site.serves_others() && (site.token.empty() || site.tls.certificate.empty()))
    return fail("listening on more than loopback needs --token-file, --tls-cert and --tls-key", raw.listen);
  if (!(site.per_minute >= 0 && site.per_minute <= 1e6)) return fail("--rate-limit takes 0 to 1000000");
  if (options.open && site.serves_others()) return fail("--open is for the page on loopback");
  if (options.open && !site.tls.certificate.empty()) return fail("--open is for the page without TLS");
  const DiagnosisOptions& diagnosis = options.diagnosis;
  if (!diagnosis.target.host.empty()) return fail("serve takes no web address");
  if (!diagnosis.html.empty() || !diagnosis.markdown.empty() || !diagnosis.record.empty() || diagnosis.json)
    return fail("serve writes no report; --json, --html, --markdown and --record belong to a diagnosis");
  return {};
}

/// An option of the API, and of the command line.
struct OptionRow {
  std::string_view name;
  std::string_view option;
  enum class Kind { text, number, list, yes, no } kind;  ///< yes, no: a flag, for true or for false
  bool own_user = false;  ///< files, proxies and browsers of this machine: not for others
  bool secret = false;    ///< never handed on as part of a command
};
using Kind = OptionRow::Kind;
constexpr OptionRow kOptions[] = {
    {"timeout_s", "--timeout", Kind::number},
    {"max_requests", "--max-requests", Kind::number},
    {"expect_status", "--expect-status", Kind::text},
    {"origin", "--origin", Kind::text},
    {"compare_resolvers", "--compare-resolver", Kind::list},
    {"connectivity_checks", "--connectivity-check", Kind::list},
    {"authoritative", "--no-authoritative", Kind::no},
    {"no_proxy", "--no-proxy", Kind::yes, true},
    {"proxy", "--proxy", Kind::text, true, true},
    {"browser_cache", "--no-browser-cache", Kind::no, true},
    {"browser_profiles", "--browser-profile", Kind::list, true},
    {"cookie", "--cookie", Kind::text, false, true},
};
constexpr double kLongestHere = 120;
constexpr double kMostRequestsHere = 200;
constexpr std::size_t kMostItems = 20;

/// "--option=value" for one member of the API's options; none where it says what is so anyway.
Result<std::vector<std::string>> arguments_of(const OptionRow& row, const Json& value) {
  const auto wrong = [&] { return fail("that option has a value of another kind", std::string(row.name)); };
  const auto with = [&](const std::string& text) { return fmt::format("{}={}", row.option, text); };
  std::vector<std::string> arguments;
  if (row.kind == Kind::yes || row.kind == Kind::no) {
    if (!value.is_boolean()) return wrong();
    if (value.get<bool>() == (row.kind == Kind::yes)) arguments.emplace_back(row.option);
  } else if (row.kind == Kind::list) {
    if (!value.is_array() || value.size() > kMostItems) return wrong();
    for (const Json& item : value) {
      if (!item.is_string()) return wrong();
      arguments.push_back(with(item.get<std::string>()));
    }
  } else if (row.kind == Kind::number) {
    if (!value.is_number()) return wrong();
    arguments.push_back(with(value.dump()));
  } else {
    if (!value.is_string()) return wrong();
    arguments.push_back(with(value.get<std::string>()));
  }
  return arguments;
}

Result<std::vector<std::string>> special_arguments(std::string_view name, const Json& value) {
  if (name == "family" && value.is_number_integer() && (value == 4 || value == 6))
    return std::vector<std::string>{value == 4 ? "-4" : "-6"};
  if (name == "browsers" && value.is_string()) {
    const auto word = value.get<std::string>();
    if (word == "always") return std::vector<std::string>{"--browsers"};
    if (word == "never") return std::vector<std::string>{"--no-browsers"};
    if (word == "if-open") return std::vector<std::string>{};
  }
  if (name == "headers" && value.is_array() && value.size() <= kMostItems) {
    std::vector<std::string> arguments;
    for (const Json& pair : value) {
      if (!pair.is_array() || pair.size() != 2 || !pair[0].is_string() || !pair[1].is_string())
        return fail("a header is a name and a value", "headers");
      arguments.push_back(fmt::format("--header={}: {}", pair[0].get<std::string>(), pair[1].get<std::string>()));
    }
    return arguments;
  }
  return fail("that option is not known, or has a value of another kind", printable(name, 60));
}

/// What was said to the server itself holds where the request says nothing; for remedies too, which are commands.
void inherit(const Settings& from, const Json& options, Order& order) {
  Settings& to = order.settings;
  const auto says = [&](std::string_view name) { return options.contains(std::string(name)); };
  const auto hand_on = [&](std::string argument) { order.arguments.push_back(std::move(argument)); };
  if (!says("compare_resolvers")) {
    to.compare_resolvers = from.compare_resolvers;
    for (const auto& resolver : from.compare_resolvers) hand_on("--compare-resolver=" + resolver);
  }
  if (!says("connectivity_checks")) {
    to.connectivity_checks = from.connectivity_checks;
    for (const auto& page : from.connectivity_checks) hand_on("--connectivity-check=" + page);
  }
  if (!says("authoritative")) {
    to.authoritative = from.authoritative;
    if (!from.authoritative) hand_on("--no-authoritative");
  }
  if (!says("browser_profiles")) {
    to.browser_profiles = from.browser_profiles;
    for (const auto& profile : from.browser_profiles) hand_on("--browser-profile=" + profile);
  }
  if (!says("proxy") && !says("no_proxy")) {
    to.proxy = from.proxy;
    to.proxy_url = from.proxy_url;  // with a password, perhaps: a command has none
    to.no_proxy = from.no_proxy;
    if (from.no_proxy) hand_on("--no-proxy");
  }
  if (!says("timeout_s")) to.timeout = from.timeout;
  if (!says("max_requests")) to.max_requests = from.max_requests;
  if (!says("family")) to.family = from.family;
  if (!says("browser_cache")) to.browser_cache = from.browser_cache;
  // A browser that opens by itself is no answer to a click: only where somebody asked for it.
  if (!says("browsers")) to.browsers = from.browsers == BrowserUse::always ? BrowserUse::always : BrowserUse::never;
  to.interface = from.interface;
}

}  // namespace

ServeOptions read_serve_options(std::vector<std::string> arguments) {
  ServeOptions options;
  ServeRaw raw;
  MoreOptions more;
  more.url_optional = true;
  more.declare = [&](CLI::App& app) { declare_serve(app, raw, options); };
  Parsed parsed = parse_diagnosis(std::move(arguments), {}, more);
  options.stop = std::move(parsed.stop);
  options.exit_status = parsed.exit_status;
  options.diagnosis = std::move(parsed.options);
  if (!options.stop.empty()) return options;
  if (const auto good = check_serve(raw, options); !good) {
    options.stop = good.error().message();
    options.exit_status = 2;
  }
  return options;
}

Result<Order> read_order(const ServeOptions& serve, const std::string& url, const Json& options) {
  if (!options.is_object()) return fail("options is no object");
  if (url.starts_with('-')) return fail("that is no web address", printable(url, 60));
  const bool others = serve.site.serves_others();
  Order order;
  std::vector<std::string> arguments;
  for (const auto& [name, value] : options.items()) {
    const auto* row = std::ranges::find(kOptions, name, &OptionRow::name);
    const bool known = row != std::end(kOptions);
    if (others && ((known && row->own_user) || name == "browsers"))
      return fail("that option is for the server's own user only", name);
    const auto read = known ? arguments_of(*row, value) : special_arguments(name, value);
    if (!read) return std::unexpected(read.error());
    arguments.insert(arguments.end(), read->begin(), read->end());
    const bool secret = known ? row->secret : name == "headers";
    if (!secret) order.arguments.insert(order.arguments.end(), read->begin(), read->end());
  }
  MoreOptions more;
  more.url_optional = url.empty();
  if (!url.empty()) arguments.push_back(url);
  // Clients of others get no settings of this user's; a demo's are its own.
  if (others || url.empty()) arguments.emplace_back("--config=/dev/null");
  Parsed parsed = parse_diagnosis(std::move(arguments), {}, more);
  if (!parsed.stop.empty()) return fail(parsed.exit_status == 0 ? "that is no web address" : parsed.stop);
  order.target = std::move(parsed.options.target);
  order.settings = std::move(parsed.options.settings);
  if (url.empty())
    order.settings.browsers = BrowserUse::never;
  else
    inherit(serve.diagnosis.settings, options, order);
  if (others) order.settings.browser_cache = false;
  if (others) order.settings.browsers = BrowserUse::never;
  if (order.settings.timeout > std::chrono::duration<double>(kLongestHere) ||
      order.settings.max_requests > kMostRequestsHere)
    return fail("timeout_s is at most 120, max_requests at most 200");
  return order;
}

}  // namespace fix502
