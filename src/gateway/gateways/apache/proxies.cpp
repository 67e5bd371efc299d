// ProxyPass, <Proxy>, ProxySet and BalancerMember: the workers that they make, which httpd shares by their URLs.
#include <fmt/format.h>

#include <algorithm>

#include "base/text.hpp"
#include "gateway/gateways/apache/builder.hpp"

namespace fix502::apache {
namespace {

constexpr std::string_view kBalancerPrefix = "balancer://";

/// Of `url`: scheme and host in lower case, and how much of it that is.
std::pair<std::string, std::size_t> folded(std::string_view url) {
  const auto colon = url.find("://");
  const auto slash = colon == std::string_view::npos ? colon : url.find('/', colon + 3);
  const std::size_t origin = std::min(slash, url.size());
  return {lower(url.substr(0, origin)) + std::string(url.substr(origin)), origin};
}

/// ap_proxy_strcmp_ematch: "$1" takes anything.
bool name_matches(std::string_view name, std::string_view url) {
  std::string pattern;
  for (std::size_t i = 0; i < name.size(); ++i) {
    if (name[i] == '$' && i + 1 < name.size() && name[i + 1] >= '0' && name[i + 1] <= '9') {
      pattern += '*';
      ++i;
    } else {
      if (name[i] == '*' || name[i] == '?' || name[i] == '[' || name[i] == '\\') pattern += '\\';
      pattern += name[i];
    }
  }
  return wild_match(pattern + "*", url);
}

}  // namespace

bool is_balancer(std::string_view text) {
  return text.size() > kBalancerPrefix.size() &&
         equals_ignoring_case(text.substr(0, kBalancerPrefix.size()), kBalancerPrefix);
}

std::string balancer_name(std::string_view text) {
  return lower(text.substr(0, text.find('/', kBalancerPrefix.size())));
}

const Worker* longest(const std::vector<const Worker*>& workers, std::string_view url, bool prefix, bool match) {
  const auto [text, origin] = folded(url);
  const Worker* best = nullptr;
  for (const Worker* worker : workers) {
    const std::string& name = worker->url;
    if (name.size() > text.size() || name.size() < origin || (best != nullptr && name.size() <= best->url.size()))
      continue;
    if (worker->matchable ? match && name_matches(name, text) : prefix && text.starts_with(name)) best = worker;
  }
  return best;
}

Balancer& Builder::balancer(std::string_view url, const ConfigPlace& place) {
  const std::string name = balancer_name(url);
  const auto found = std::ranges::find_if(host_.balancers, [&](const auto& some) { return some->name == name; });
  if (found != host_.balancers.end()) return **found;
  host_.balancers.push_back(
      std::make_unique<Balancer>(Balancer{.name = name, .members = {}, .parameters = {}, .place = place}));
  return *host_.balancers.back();
}

Worker* Builder::shared_worker(std::string_view url, bool match) {
  std::vector<const Worker*> all;
  all.reserve(host_.workers.size());
  for (const auto& worker : host_.workers) all.push_back(worker.get());
  return const_cast<Worker*>(longest(all, url, !match, match));  // our own, taken in above
}

std::optional<Worker> Builder::make_worker(std::string_view written, bool match, const ConfigPlace& place,
                                           std::string_view who) {
  const auto [socket, text] = split_socket(written);
  std::string url_text = text;
  Worker worker;
  worker.matchable = match;
  if (match) {
    // "http://h:8080$1": what is put in for $1 is part of the path.
    const auto start = url_text.find("://");
    const auto authority = start == std::string::npos ? start : start + 3;
    const auto dollar = authority == std::string::npos ? authority : url_text.find('$', authority);
    const auto slash = authority == std::string::npos ? authority : url_text.find('/', authority);
    if (dollar != std::string::npos && (slash == std::string::npos || dollar < slash)) {
      worker.made_for_any_host = true;
      const auto port = url_text.rfind(':', dollar);
      if (port != std::string::npos && port > authority) {
        const auto stop_at = std::min(slash, url_text.size());
        url_text =
            url_text.substr(0, dollar) + "/" + url_text.substr(dollar, stop_at - dollar) + url_text.substr(stop_at);
      }
    }
  }
  const Url url = parse_url(url_text);
  if (!url.valid) {
    stop(fmt::format("{} URL must be absolute!: {}", who, shown(written)), place);
    return std::nullopt;
  }
  worker.scheme = url.scheme;
  worker.host = url.host;
  worker.port = url.real_port();
  worker.socket = socket;
  worker.url = worker.made_for_any_host ? folded(text).first : url.origin() + url.path;
  worker.place = place;
  worker.early_timeout = timeout_;
  worker.order = tree_.order;
  return worker;
}

void Builder::set(Parameters& parameters, std::string_view text, bool of_balancer, std::string_view who,
                  const Parameter& from, const ConfigPlace& place) {
  const auto equals = text.find('=');
  if (equals == std::string_view::npos)
    return stop(fmt::format("Invalid {} parameter. Parameter must be in the form 'key=value'.", who), place);
  const auto key = text.substr(0, equals), value = text.substr(equals + 1);
  const std::string error = of_balancer ? balancer_parameter_error(key, value) : worker_parameter_error(key, value);
  if (!error.empty()) return stop(fmt::format("{} {}", who, error), place);
  const std::string low = lower(key);
  if ((low == "timeout" || low == "retry" || low == "ttl") &&
      value.find_first_not_of("0123456789") != std::string_view::npos)
    tree_.problem(false,
                  fmt::format("{} is read as {} seconds: it takes no unit", shown(text),
                              printable(value.substr(0, value.find_first_not_of("0123456789")), 20)),
                  place);
  Parameter parameter = from;
  parameter.value = std::string(value);
  parameters.insert_or_assign(lower(key), std::move(parameter));
}

void Builder::proxy_pass(const Directive& directive, const Scope* section) {
  const bool match = directive.key == "proxypassmatch";
  const bool in_location = section != nullptr && section->kind == ScopeKind::location;
  if (section != nullptr && !in_location) return;
  Alias alias;
  alias.from = &directive;
  alias.location = section;
  if (in_location) alias.fake = section->argument;
  bool have_fake = in_location, have_real = false, regex = match;
  std::vector<std::size_t> parameters;
  for (std::size_t i = 0; i < directive.words.size(); ++i) {
    const std::string& word = directive.words[i].text;
    if (!have_fake && word == "~" && !match) {
      regex = true;
    } else if (!have_fake) {
      alias.fake = word, have_fake = true;
    } else if (!have_real) {
      alias.written = word, alias.word = i, have_real = true;
    } else if (equals_ignoring_case(word, "nocanon")) {
      alias.nocanon = true;
    } else if (equals_ignoring_case(word, "interpolate")) {
      alias.interpolate = true;
    } else if (equals_ignoring_case(word, "noquery")) {
      alias.noquery = true;
    } else if (equals_ignoring_case(word, "mapping=encoded")) {
      alias.encoded = true;
    } else if (equals_ignoring_case(word, "mapping=servlet")) {
      alias.servlet = true;
    } else if (!word.contains('=')) {
      stop(in_location && alias.written.starts_with('/')
               ? "ProxyPass|ProxyPassMatch can not have a path when defined in a location."
               : "Invalid ProxyPass|ProxyPassMatch parameter. Parameter must be in the form 'key=value'.",
           directive.place);
    } else {
      parameters.push_back(i);
    }
  }
  if (!have_real) return stop("ProxyPass|ProxyPassMatch needs a path when not defined in a location", directive.place);
  if (in_location && has_wildcard(alias.fake)) regex = true;
  alias.excluded = alias.written == "!";
  alias.real = split_socket(alias.written).url;
  if (regex) {
    auto pattern = Regex::compile(alias.fake, false);
    if (!pattern) return stop("Regular expression could not be compiled.", directive.place);
    alias.pattern = std::move(*pattern);
  }
  if (!alias.excluded) {
    Parameters* target = nullptr;
    const bool to_balancer = is_balancer(alias.written);
    Worker* shared = to_balancer ? nullptr : shared_worker(alias.real, regex);
    if (to_balancer) {
      target = &balancer(alias.written, directive.place).parameters;
    } else if (shared == nullptr) {
      Worker* made = new_worker(host_.workers, alias.written, regex, directive, alias.word);
      if (made == nullptr) return;
      target = &made->parameters;
    }
    for (const std::size_t i : parameters) {
      const std::string& text = directive.words[i].text;
      const Parameter from{.value = {}, .from = &directive, .section = nullptr, .word = i};
      if (shared != nullptr)
        tree_.problem(false,
                      fmt::format("AH01146: Ignoring parameter '{}' for worker '{}' because of worker sharing",
                                  shown(text), shown(shared->url)),
                      directive.place);
      else
        set(*target, text, to_balancer, "ProxyPass", from, directive.place);
      const auto equals = text.find('=');
      alias.parameters[lower(text.substr(0, equals))] = {text.substr(equals + 1), &directive, nullptr, i};
    }
  }
  if (in_location)
    host_.location_passes.insert_or_assign(section, std::move(alias));
  else
    host_.passes.push_back(std::move(alias));
}

Worker* Builder::new_worker(std::vector<std::unique_ptr<Worker>>& into, std::string_view written, bool match,
                            const Directive& from, std::size_t word) {
  auto made = make_worker(written, match, from.place, from.name);
  if (!made) return nullptr;
  made->from = &from;
  made->word = word;
  into.push_back(std::make_unique<Worker>(std::move(*made)));
  return into.back().get();
}

void Builder::proxy_section(const Scope& section) {
  if (section.words.size() < 2) return;
  Parameters* target = nullptr;
  const bool to_balancer = is_balancer(section.argument);
  if (to_balancer) {
    target = &balancer(section.argument, section.place).parameters;
  } else {
    Worker* worker = shared_worker(split_socket(section.argument).url, section.regex);
    if (worker == nullptr) {
      auto made = make_worker(section.argument, section.regex, section.place, "<Proxy>");
      if (!made) return;
      host_.workers.push_back(std::make_unique<Worker>(std::move(*made)));
      worker = host_.workers.back().get();
    }
    target = &worker->parameters;
  }
  for (std::size_t i = 1; i < section.words.size(); ++i)
    set(*target, section.words[i].text, to_balancer, "Proxy", {{}, nullptr, &section, i}, section.place);
}

void Builder::proxy_set(const Directive& directive, const Scope* section) {
  const bool inside = section != nullptr && section->kind == ScopeKind::proxy;
  std::size_t first = 0;
  std::string name = inside ? section->argument : std::string(directive.word(first++));
  Parameters* target = nullptr;
  const bool to_balancer = is_balancer(name);
  if (to_balancer) {
    const auto known =
        std::ranges::any_of(host_.balancers, [&](const auto& some) { return some->name == balancer_name(name); });
    if (!known && !inside)
      return stop(fmt::format("ProxySet can not find '{}' Balancer.", shown(name)), directive.place);
    target = &balancer(name, directive.place).parameters;
  } else {
    const bool match = inside && section->regex;
    Worker* worker = shared_worker(split_socket(name).url, match);
    if (worker == nullptr && !inside)
      return stop(fmt::format("ProxySet can not find '{}' Worker.", shown(name)), directive.place);
    if (worker == nullptr) {
      auto made = make_worker(name, match, section->place, "ProxySet");
      if (!made) return;
      host_.workers.push_back(std::make_unique<Worker>(std::move(*made)));
      worker = host_.workers.back().get();
    }
    target = &worker->parameters;
  }
  for (std::size_t i = first; i < directive.words.size(); ++i)
    set(*target, directive.words[i].text, to_balancer, "ProxySet", {{}, &directive, nullptr, i}, directive.place);
}

void Builder::balancer_member(const Directive& directive, const Scope* section) {
  std::string path = section != nullptr ? section->argument : std::string();
  std::string name;
  std::size_t name_word = 0;
  std::vector<std::size_t> parameters;
  for (std::size_t i = 0; i < directive.words.size(); ++i) {
    const std::string& word = directive.words[i].text;
    if (word.contains('=')) {
      parameters.push_back(i);
    } else if (path.empty()) {
      path = word;
    } else if (name.empty()) {
      name = word, name_word = i;
    } else {
      return stop("Invalid BalancerMember parameter. Parameter must be in the form 'key=value'", directive.place);
    }
  }
  if (path.empty())
    return stop("BalancerMember must define balancer name when outside <Proxy > section", directive.place);
  if (name.empty()) return stop("BalancerMember must define remote proxy server", directive.place);
  if (!is_balancer(path))
    return stop(fmt::format("BalancerMember Bad syntax for a balancer name ({})", shown(path)), directive.place);
  Balancer& group = balancer(path, section != nullptr ? section->place : directive.place);
  std::vector<const Worker*> members;
  for (const Worker& member : group.members) members.push_back(&member);
  if (longest(members, split_socket(name).url, true, true) != nullptr) {
    for (const std::size_t i : parameters)
      tree_.problem(false,
                    fmt::format("AH01150: Ignoring parameter '{}' for worker '{}' because of worker sharing",
                                shown(directive.words[i].text), shown(name)),
                    directive.place);
    return;
  }
  auto made = make_worker(name, false, directive.place, "BalancerMember");
  if (!made) return;
  made->from = &directive;
  made->word = name_word;
  for (const std::size_t i : parameters)
    set(made->parameters, directive.words[i].text, false, "BalancerMember", {{}, &directive, nullptr, i},
        directive.place);
  group.members.push_back(std::move(*made));
}

}  // namespace fix502::apache
