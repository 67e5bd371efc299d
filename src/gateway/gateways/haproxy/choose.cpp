// Which frontend takes a request, and what its rules make of it (configuration.txt 4.2: each group of rules in its
// order, http-request before use_backend wherever it is written).

#include <fmt/format.h>

#include <algorithm>
#include <charconv>

#include "base/text.hpp"
#include "gateway/gateways/haproxy/configuration.hpp"

namespace fix502::haproxy {
namespace {

constexpr std::size_t kMostPorts = 256;  // of one range

/// "10.0.0.1:80", ":80", "*:80-90", "[::1]:80", "ipv4@...": address and ports.
void add_address(std::string_view text, bool tls, const Line& line, std::vector<Bind>& binds) {
  for (const std::string_view family : {"ipv4@", "ipv6@", "tcp4@", "tcp6@", "tcp@", "quic4@", "quic6@"})
    if (text.starts_with(family)) text.remove_prefix(family.size());
  if (text.starts_with('/') || text.contains('@')) return;  // a Unix socket, a descriptor
  const auto colon = text.rfind(':');
  if (colon == std::string_view::npos) return;
  std::string address(text.substr(0, colon));
  if (address.starts_with('[') && address.ends_with(']')) address = address.substr(1, address.size() - 2);
  if (address == "*" || address == "0.0.0.0") address.clear();
  const std::string_view ports = text.substr(colon + 1);
  unsigned first = 0, last = 0;
  const auto read = std::from_chars(ports.data(), ports.data() + ports.size(), first);
  if (read.ec != std::errc() || first == 0 || first > 65'535) return;
  last = first;
  if (read.ptr != ports.data() + ports.size() && *read.ptr == '-')
    std::from_chars(read.ptr + 1, ports.data() + ports.size(), last);
  for (unsigned port = first; port <= std::min(last, 65'535U) && port - first < kMostPorts; ++port)
    binds.push_back({.address = address, .port = static_cast<std::uint16_t>(port), .tls = tls, .line = &line});
}

int fits(const Bind& bind, const Incoming& incoming) {
  if (bind.port != incoming.port) return 0;
  if (bind.address.empty() || bind.address == "::") return 1;
  if (bind.address == incoming.address) return 3;
  return incoming.address.empty() ? 2 : 0;
}

std::string replaced(const std::string& text, std::string_view pattern, const std::string& with, bool& known) {
  // Only patterns that are text with at most "^", "$" and one "(.*)" are understood.
  std::string_view plain = pattern;
  const bool from_start = plain.starts_with('^'), to_end = plain.ends_with('$');
  if (from_start) plain.remove_prefix(1);
  if (to_end) plain.remove_suffix(1);
  const auto group = plain.find("(.*)");
  const std::string before(plain.substr(0, group));
  const std::string after = group == std::string_view::npos ? std::string() : std::string(plain.substr(group + 4));
  if ((before + after).find_first_of(R"([](){}*+?|\^$)") != std::string::npos) {
    known = false;
    return text;
  }
  const auto at = from_start ? (text.starts_with(before) ? 0 : std::string::npos) : text.find(before);
  if (at == std::string::npos) return text;
  std::string caught;
  std::size_t end = at + before.size();
  if (group != std::string_view::npos) {
    const auto stop = after.empty() ? text.size() : text.rfind(after);
    if (stop == std::string::npos || stop < end) return text;
    caught = text.substr(end, stop - end);
    end = stop + after.size();
  }
  std::string out = with;
  for (auto slot = out.find("\\1"); slot != std::string::npos; slot = out.find("\\1", slot + caught.size()))
    out.replace(slot, 2, caught);
  return text.substr(0, at) + out + text.substr(end);
}

void set_target(Asked& asked, const std::string& target) {
  const auto question = target.find('?');
  asked.path = target.substr(0, question);
  asked.query = question == std::string::npos ? std::string() : target.substr(question + 1);
}

/// Carries one http-request rule out that holds. True: the request ends here, or no further rule is looked at.
bool carry_out(const Line& line, Asked& asked, const Model& model, Haproxy::Journey& journey) {
  const std::string_view action = line.word(1);
  const auto value = [&](std::size_t i) { return formatted(line.word(i), asked, model); };
  const auto note = [&] {
    journey.notes.push_back(fmt::format("line {}: {} is decided when it runs", line.number, line.rest(0)));
  };
  if (action == "deny" || action == "tarpit" || action == "reject" || action == "return" || action == "redirect" ||
      action == "auth" || action == "use-service" || action == "silent-drop") {
    journey.answer = line.rest(0);
    journey.answered = &line;
    return true;
  }
  if (action == "allow") return true;
  if (action == "set-path" || action == "set-pathq" || action == "set-uri" || action == "set-query") {
    const auto text = value(2);
    if (!text)
      note();
    else if (action == "set-path")
      asked.path = *text;
    else if (action == "set-query")
      asked.query = text->starts_with('?') ? text->substr(1) : *text;
    else
      set_target(
          asked,
          text->substr(text->contains("://") ? std::min(text->find('/', text->find("://") + 3), text->size()) : 0));
  } else if (action == "replace-path" || action == "replace-pathq" || action == "replace-uri") {
    bool known = true;
    const std::string with = value(3).value_or(std::string(line.word(3)));
    if (action == "replace-path")
      asked.path = replaced(asked.path, line.word(2), with, known);
    else
      set_target(asked, replaced(asked.target(), line.word(2), with, known));
    if (!known) note();
  } else if (action == "set-header" || action == "add-header") {
    const auto text = value(3);
    if (!text) note();
    const std::string name(line.word(2));
    if (action == "set-header" && equals_ignoring_case(name, "host") && text)
      asked.set_header("Host", *text);
    else if (action == "set-header")
      asked.set_header(name, text.value_or(""));
    else
      asked.add_header(name, text.value_or(""));
  } else if (action == "del-header") {
    asked.remove_header(line.word(2));
  } else if (action == "set-method") {
    if (const auto text = value(2)) asked.incoming.method = *text;
  }
  return false;
}

/// All http-request (and old redirect) rules of a section.
bool run_rules(const Section& section, Asked& asked, const Model& model, Haproxy::Journey& journey) {
  for (const std::string_view group : {"http-request", "redirect"}) {
    for (const auto& line : section.lines) {
      if (line.word(0) != group) continue;
      const Answer holds = decide(line, section, asked, model);
      if (holds == Answer::no) continue;
      if (holds == Answer::unknown) {
        journey.notes.push_back(
            fmt::format("line {}: whether \"{}\" applies is decided when it runs", line.number, line.rest(0)));
        continue;
      }
      if (group == "redirect") {
        journey.answer = line.rest(0);
        journey.answered = &line;
        return true;
      }
      if (carry_out(line, asked, model, journey)) return journey.answered != nullptr;
    }
  }
  return false;
}

const Section* choose_backend(const Section& front, const Asked& asked, const Model& model, Haproxy::Journey& journey) {
  for (const auto& line : front.lines) {
    if (line.word(0) != "use_backend") continue;
    const Answer holds = decide(line, front, asked, model);
    if (holds == Answer::unknown)
      journey.notes.push_back(
          fmt::format("line {}: whether \"{}\" applies is decided when it runs", line.number, line.rest(0)));
    if (holds != Answer::yes) continue;
    const auto name = formatted(line.word(1), asked, model);
    const Section* back = name ? model.backend(*name) : nullptr;
    journey.by = &line;
    if (back != nullptr) return back;
    if (!name) journey.notes.push_back(fmt::format("line {}: the backend's name is made when it runs", line.number));
  }
  const Applies fallback = model.applies(front, {"default_backend"});
  if (fallback.line != nullptr) {
    journey.by = fallback.line;
    return model.backend(fallback.line->word(1));
  }
  journey.by = &front.head;
  return front.has_back() ? &front : nullptr;
}

}  // namespace

std::vector<Bind> binds_of(const Section& section) {
  std::vector<Bind> binds;
  const auto add = [&](const Line& line, std::size_t word) {
    const bool tls = std::ranges::any_of(line.words, [](const Word& one) { return one.text == "ssl"; });
    for (const auto address : split(line.word(word), ',')) add_address(address, tls, line, binds);
  };
  if (section.head.word(2) != "from") add(section.head, 2);  // listen NAME ADDRESS, of old
  for (const auto& line : section.lines)
    if (line.word(0) == "bind") add(line, 1);
  return binds;
}

Haproxy::Journey Haproxy::travel(Asked& asked) const {
  Journey journey;
  int best = 0;
  for (const auto& section : model.sections) {
    if (!section.has_front()) continue;
    for (const auto& bind : binds_of(section)) {
      const int now = fits(bind, asked.incoming);
      if (now <= best) continue;
      best = now;
      journey.front = &section;
      asked.tls = bind.tls || asked.incoming.scheme == "https";
      journey.way = {bind.line->place()};
    }
  }
  if (journey.front == nullptr) return journey;
  if (model.mode(*journey.front) == "http" && run_rules(*journey.front, asked, model, journey)) return journey;
  journey.back = choose_backend(*journey.front, asked, model, journey);
  if (journey.by != nullptr) journey.way.push_back(journey.by->place());
  if (journey.back != nullptr && journey.back != journey.front && model.mode(*journey.back) == "http")
    run_rules(*journey.back, asked, model, journey);
  return journey;
}

}  // namespace fix502::haproxy
