// What Caddy can be told to do otherwise where its configuration is JSON: a value replaced, a member added.

#include <fmt/format.h>

#include <algorithm>

#include "gateway/gateways/caddy/configuration.hpp"

namespace fix502::caddy {
namespace {

class JsonEditor {
 public:
  JsonEditor(const Caddy& all, const Json& handler) : all_(all), handler_(handler) {}

  [[nodiscard]] std::optional<Proposal> replace(const Json& value, const Json& with) const {
    const auto place = all_.places.find(&value);
    if (place == all_.places.end()) return std::nullopt;
    return one(place->second.begin, place->second.end, with.dump());
  }

  /// A member of the transport, which is written where there is none.
  [[nodiscard]] std::optional<Proposal> in_transport(std::string_view kind, std::string_view name,
                                                     const Json& value) const {
    const Json& transport = at(handler_, "transport");
    if (!transport.is_object())
      return member(handler_, "transport", Json{{"protocol", kind}, {std::string(name), value}});
    if (text_of(at(transport, "protocol")) != kind) return std::nullopt;
    const Json& there = at(transport, name);
    return there.is_null() ? member(transport, name, value) : replace(there, value);
  }
  /// The same in its `tls`, which is there already.
  [[nodiscard]] std::optional<Proposal> in_tls(std::string_view name, const Json& value) const {
    const Json& tls = at(at(handler_, "transport"), "tls");
    if (!tls.is_object()) return std::nullopt;
    const Json& there = at(tls, name);
    return there.is_null() ? member(tls, name, value) : replace(there, value);
  }

 private:
  [[nodiscard]] Proposal one(std::size_t begin, std::size_t end, std::string text) const {
    return {.title = {}, .edits = {{.file = all_.main_file, .begin = begin, .end = end, .text = std::move(text)}}};
  }

  /// As the first member, on a line of its own where the others have theirs.
  [[nodiscard]] std::optional<Proposal> member(const Json& object, std::string_view name, const Json& value) const {
    const auto place = all_.places.find(&object);
    if (place == all_.places.end()) return std::nullopt;
    const std::string_view text = all_.files.at(all_.main_file);
    const std::size_t behind = place->second.begin + 1;
    const std::size_t first = std::min(text.find_first_not_of(" \t\r\n", behind), text.size());
    const std::string_view blanks = text.substr(behind, first - behind);
    std::string written = fmt::format("\"{}\": {}", name, value.dump());
    if (object.empty()) return one(behind, behind, written);
    const auto line = blanks.rfind('\n');
    written += line == std::string_view::npos ? std::string(", ") : "," + std::string(blanks.substr(blanks.find('\n')));
    return one(first, first, written);
  }

  const Caddy& all_;
  const Json& handler_;
};

std::string json_duration(std::int64_t ms) {
  return fmt::format("{}ms", ms);
}

std::optional<Proposal> json_limit(const JsonEditor& editor, const Route& route, const Mending& mending) {
  const bool fastcgi = route.request.protocol == Protocol::fastcgi;
  const std::string_view kind = fastcgi ? "fastcgi" : "http";
  switch (mending.limit) {
    case LimitKind::read_timeout: {
      const Limit* now = route.limit(LimitKind::read_timeout);
      return editor.in_transport(kind, now != nullptr ? now->from.directive : "read_timeout",
                                 json_duration(mending.amount));
    }
    case LimitKind::connect_timeout:
      return editor.in_transport(kind, "dial_timeout", json_duration(mending.amount));
    case LimitKind::response_header:
      return fastcgi ? std::nullopt : editor.in_transport(kind, "max_response_header_size", mending.amount);
    default:
      return std::nullopt;
  }
}

}  // namespace

std::optional<Proposal> Caddy::propose_json(const Route& route, const Mending& mending) const {
  const auto found = std::ranges::find_if(places, [&](const auto& place) {
    return route.place.end > 0 && place.second.begin == route.place.begin && place.second.end == route.place.end;
  });
  if (found == places.end()) return std::nullopt;
  const Json& handler = *found->first;
  const JsonEditor editor(*this, handler);
  switch (mending.kind) {
    case MendingKind::set_address:
    case MendingKind::ipv4_only:
    case MendingKind::loop_out: {
      const Json& upstreams = at(handler, "upstreams");
      if (!upstreams.is_array() || mending.server >= upstreams.size() || mending.text.empty()) return std::nullopt;
      return editor.replace(at(upstreams[mending.server], "dial"), as_upstream(mending.text));
    }
    case MendingKind::set_limit:
      return json_limit(editor, route, mending);
    case MendingKind::send_sni:
    case MendingKind::verify_name:
      return editor.in_tls("server_name", mending.name);
    case MendingKind::trust_file:
      return editor.in_tls("root_ca_pem_files", Json::array({mending.text}));
    default:
      return std::nullopt;
  }
}

}  // namespace fix502::caddy
