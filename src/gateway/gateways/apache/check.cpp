// What a directive's own function in httpd refuses: switches, words, numbers of arguments, patterns. Only what was seen
// to end `apache2 -t`; values that httpd takes without a word are not judged here.
#include "gateway/gateways/apache/check.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>

#include "base/text.hpp"

namespace fix502::apache {
namespace {

constexpr std::size_t kShownMessage = 100;

constexpr std::string_view kSwitches[] = {
    "rewriteengine",         "sslproxyengine",      "proxypreservehost",       "keepalive",    "proxyaddheaders",
    "sslproxycheckpeername", "sslproxycheckpeercn", "sslproxycheckpeerexpire", "mergeslashes", "proxy100continue"};
constexpr std::string_view kOneArgument[] = {"servername",
                                             "sethandler",
                                             "documentroot",
                                             "serverroot",
                                             "pidfile",
                                             "user",
                                             "group",
                                             "proxytimeout",
                                             "timeout",
                                             "limitrequestline",
                                             "limitrequestfieldsize",
                                             "limitrequestfields",
                                             "limitrequestbody",
                                             "maxrequestworkers",
                                             "serverlimit",
                                             "threadsperchild"};

struct Words {
  std::string_view key, allowed, error;
};
constexpr Words kWords[] = {
    {"proxybadheader", "iserror ignore startbody", "ProxyBadHeader must be one of: IsError | Ignore | StartBody"},
    {"proxyvia", "off on full block", "ProxyVia must be one of: off | on | full | block"},
    {"allowencodedslashes", "on off nodecode", "AllowEncodedSlashes must be On, Off, or NoDecode"},
    {"usecanonicalname", "on off dns", "parameter must be 'on', 'off', or 'dns'"},
    {"requestheader", "add set setifempty append merge unset echo note edit edit*",
     "first argument must be 'add', 'set', 'setifempty', 'append', 'merge', 'unset', 'echo', 'note', 'edit', or "
     "'edit*'."}};

constexpr std::string_view kRewriteFlags[] = {"b",
                                              "bnp",
                                              "bctls",
                                              "bne",
                                              "backrefnoplus",
                                              "c",
                                              "chain",
                                              "cookie",
                                              "co",
                                              "discardpath",
                                              "dpi",
                                              "e",
                                              "env",
                                              "end",
                                              "f",
                                              "forbidden",
                                              "g",
                                              "gone",
                                              "h",
                                              "handler",
                                              "l",
                                              "last",
                                              "n",
                                              "next",
                                              "nc",
                                              "nocase",
                                              "ne",
                                              "noescape",
                                              "ns",
                                              "nosubreq",
                                              "p",
                                              "proxy",
                                              "pt",
                                              "passthrough",
                                              "qsa",
                                              "qsappend",
                                              "qsd",
                                              "qsdiscard",
                                              "qsl",
                                              "qslast",
                                              "qsn",
                                              "qsnone",
                                              "r",
                                              "redirect",
                                              "s",
                                              "skip",
                                              "t",
                                              "type",
                                              "unsafeallow3f",
                                              "unsafeprefixstat",
                                              "unsafeprefixstatus",
                                              "escapebackrefs",
                                              "chained"};

bool holds(std::string_view list, std::string_view word) {
  const auto all = words(list);
  return std::ranges::any_of(all, [&](std::string_view one) { return equals_ignoring_case(one, word); });
}

std::string rewrite_error(const Directive& directive) {
  const bool rule = directive.key == "rewriterule";
  const std::string name = rule ? "RewriteRule" : "RewriteCond";
  if (directive.words.size() < 2) {
    std::string line;
    for (const Word& word : directive.words) line += (line.empty() ? "" : " ") + word.text;
    return fmt::format("{}: bad argument line '{}'", name, printable(line, kShownMessage));
  }
  std::string_view pattern = directive.word(rule ? 0 : 1);
  if (pattern.starts_with('!')) pattern.remove_prefix(1);
  const bool is_test = !rule && (pattern.starts_with('-') || pattern.starts_with('=') || pattern.starts_with('<') ||
                                 pattern.starts_with('>') || equals_ignoring_case(directive.word(0), "expr"));
  if (!is_test && !Regex::compile(pattern, false))
    return fmt::format("{}: cannot compile regular expression '{}'", name, printable(pattern, kShownMessage));
  const std::string_view flags = directive.word(2);
  if (!rule || flags.size() < 2 || flags.front() != '[' || flags.back() != ']') return {};
  for (const auto flag : split(flags.substr(1, flags.size() - 2), ',')) {
    const auto key = flag.substr(0, flag.find('='));
    if (std::ranges::none_of(kRewriteFlags, [&](std::string_view known) { return equals_ignoring_case(known, key); }))
      return fmt::format("RewriteRule: unknown flag '{}'", printable(key, kShownMessage));
  }
  return {};
}

std::string tls_error(const Directive& directive) {
  for (const Word& word : directive.words) {
    std::string_view name = word.text;
    if (name.starts_with('+') || name.starts_with('-')) name.remove_prefix(1);
    if (!holds("all SSLv2 SSLv3 TLSv1 TLSv1.1 TLSv1.2 TLSv1.3", name))
      return fmt::format("{}: Illegal protocol '{}'", directive.name, printable(name, kShownMessage));
  }
  return {};
}

}  // namespace

std::string directive_error(const Directive& directive) {
  const std::string& key = directive.key;
  const std::string_view first = directive.word(0);
  if (std::ranges::find(kSwitches, std::string_view(key)) != std::end(kSwitches))
    return holds("on off", first) && directive.words.size() == 1 ? std::string()
                                                                 : fmt::format("{} must be On or Off", directive.name);
  if (std::ranges::find(kOneArgument, std::string_view(key)) != std::end(kOneArgument) && directive.words.size() != 1)
    return fmt::format("{} takes one argument", directive.name);
  for (const auto& [name, allowed, error] : kWords)
    if (key == name && !holds(allowed, first)) return std::string(error);
  if (key == "rewriterule" || key == "rewritecond") return rewrite_error(directive);
  if (key == "sslproxyprotocol" || key == "sslprotocol") return tls_error(directive);
  if (key == "proxytimeout" && (first.empty() || first[0] < '0' || first[0] > '9' || first.starts_with('0')))
    return "Proxy Timeout must be at least 1 second.";
  return {};
}

std::string section_error(const Scope& section) {
  const bool takes_pattern = section.kind == ScopeKind::location || section.kind == ScopeKind::directory ||
                             section.kind == ScopeKind::files || section.kind == ScopeKind::proxy;
  if (takes_pattern && section.regex && !Regex::compile(section.argument, false)) return "Regex could not be compiled";
  return {};
}

}  // namespace fix502::apache
