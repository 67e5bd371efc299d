// What Caddy can be told to do otherwise, in the words of the Caddyfile.

#include <fmt/format.h>

#include <algorithm>

#include "gateway/gateways/caddy/configuration.hpp"

namespace fix502::caddy {
namespace {

/// The blanks at the beginning of the line at this offset.
std::string indent_at(std::string_view text, std::size_t offset) {
  const auto before = text.substr(0, offset).rfind('\n');
  const std::size_t start = before == std::string_view::npos ? 0 : before + 1;
  const auto end = std::min(text.find_first_not_of(" \t", start), text.size());
  return std::string(text.substr(start, end - start));
}

/// One directive and the lines that shall stand in its block.
class Editor {
 public:
  Editor(const Caddy& configuration, const Node& node) : all_(configuration), node_(node) {}

  /// A line in the directive's own block: its value replaced where it is there.
  Proposal line(std::string_view name, const std::string& value) const {
    return put(node_, name, value, indent_of(node_));
  }

  /// The same in `transport KIND { }`.
  std::optional<Proposal> transport(std::string_view kind, std::string_view name, const std::string& value) const {
    // Its timeouts stand in php_fastcgi itself, which refuses a transport ("transport already specified").
    if (node_.word(0) == "php_fastcgi") return kind == "fastcgi" ? std::optional(line(name, value)) : std::nullopt;
    const Node* block = node_.child("transport");
    const std::string outer = indent_of(node_), step = step_of(outer);
    if (block == nullptr)
      return put_text(
          node_, outer,
          fmt::format("transport {} {{\n{}{}{} {}\n{}{}}}", kind, outer, step + step, name, value, outer, step));
    if (block->word(1) != kind) return std::nullopt;
    return put(*block, name, value, indent_of(*block));
  }

  Proposal replace(const Token& token, std::string with) const {
    return {.title = {},
            .edits = {{.file = token.file, .begin = token.begin, .end = token.end, .text = std::move(with)}}};
  }

 private:
  // What stands in a block may be imported: each line is changed in the file where it is.
  [[nodiscard]] static const std::string& file_of(const Node& node) { return node.words.front().file; }
  [[nodiscard]] const std::string& text_of(const Node& node) const { return all_.files.at(file_of(node)); }
  [[nodiscard]] std::string indent_of(const Node& node) const {
    return indent_at(text_of(node), node.words.front().begin);
  }
  [[nodiscard]] static std::string step_of(const std::string& outer) { return outer.starts_with(' ') ? "    " : "\t"; }

  Proposal put(const Node& block, std::string_view name, const std::string& value, const std::string& outer) const {
    if (const Node* own = block.child(name); own != nullptr && own->words.size() > 1)
      return {.title = {},
              .edits = {
                  {.file = file_of(*own), .begin = own->words[1].begin, .end = own->words.back().end, .text = value}}};
    return put_text(block, outer, fmt::format("{} {}", name, value));
  }

  /// As the last line of a block; a directive without one gets it.
  Proposal put_text(const Node& block, const std::string& outer, const std::string& line) const {
    const std::string step = step_of(outer);
    if (block.has_block) {
      const auto before = text_of(block).rfind('\n', block.close);
      const std::size_t at = before == std::string::npos ? block.close : before + 1;
      return {
          .title = {},
          .edits = {
              {.file = file_of(block), .begin = at, .end = at, .text = fmt::format("{}{}{}\n", outer, step, line)}}};
    }
    const std::size_t end = block.words.back().end;
    return {.title = {},
            .edits = {{.file = file_of(block),
                       .begin = end,
                       .end = end,
                       .text = fmt::format(" {{\n{}{}{}\n{}}}", outer, step, line, outer)}}};
  }

  const Caddy& all_;
  const Node& node_;
};

std::string duration(std::int64_t ms) {
  return ms % 1000 == 0 ? fmt::format("{}s", ms / 1000) : fmt::format("{}ms", ms);
}

std::string as_upstream(const std::string& endpoint) {
  return endpoint.starts_with("unix:") ? "unix/" + endpoint.substr(5) : endpoint;
}

/// "https://" and its kin before an upstream.
std::string scheme_of(std::string_view upstream) {
  const auto end = upstream.find("://");
  return end == std::string_view::npos ? std::string() : std::string(upstream.substr(0, end + 3));
}

std::optional<Proposal> limit(const Editor& editor, const Mending& mending, bool fastcgi) {
  switch (mending.limit) {
    case LimitKind::read_timeout:
      return editor.transport(fastcgi ? "fastcgi" : "http", fastcgi ? "read_timeout" : "response_header_timeout",
                              duration(mending.amount));
    case LimitKind::connect_timeout:
      return editor.transport(fastcgi ? "fastcgi" : "http", "dial_timeout", duration(mending.amount));
    case LimitKind::response_header:
      return fastcgi ? std::nullopt : editor.transport("http", "max_response_header", std::to_string(mending.amount));
    default:
      return std::nullopt;
  }
}

std::optional<Proposal> use_tls(const Editor& editor, const Token& upstream, const Mending& mending) {
  Proposal proposal = editor.replace(upstream, "https://" + upstream.text.substr(scheme_of(upstream.text).size()));
  const auto trust = mending.text.empty() ? editor.transport("http", "tls_insecure_skip_verify", {})
                                          : editor.transport("http", "tls_trusted_ca_certs", mending.text);
  if (!trust) return std::nullopt;
  proposal.edits.push_back(trust->edits.front());
  std::string& text = proposal.edits.back().text;
  if (const auto blank = text.find("verify \n"); blank != std::string::npos) text.erase(blank + 6, 1);
  return proposal;
}

}  // namespace

std::optional<Proposal> Caddy::propose(const Route& route, const Mending& mending) const {
  const Node* node = node_at(route.place);
  if (node == nullptr) return std::nullopt;
  const Editor editor(*this, *node);
  const auto tokens = upstream_tokens(*node);
  const Token* upstream = mending.server < tokens.size() ? tokens[mending.server] : nullptr;
  const bool fastcgi = route.request.protocol == Protocol::fastcgi;
  switch (mending.kind) {
    case MendingKind::set_address:
    case MendingKind::ipv4_only:
    case MendingKind::loop_out:
      if (upstream == nullptr || mending.text.empty()) return std::nullopt;
      return editor.replace(*upstream, scheme_of(upstream->text) + as_upstream(mending.text));
    case MendingKind::set_limit:
      return limit(editor, mending, fastcgi);
    case MendingKind::use_tls:
      return upstream == nullptr ? std::nullopt : use_tls(editor, *upstream, mending);
    case MendingKind::use_plain:
      if (upstream == nullptr || !upstream->text.starts_with("https://") || node->child("transport") != nullptr)
        return std::nullopt;
      return editor.replace(*upstream, upstream->text.substr(8));
    case MendingKind::send_sni:
    case MendingKind::verify_name:
      return editor.transport("http", "tls_server_name", mending.name);
    case MendingKind::trust_file:
      return editor.transport("http", "tls_trusted_ca_certs", mending.text);
    case MendingKind::speak:
      if (upstream == nullptr || mending.protocol != Protocol::http2 || !scheme_of(upstream->text).empty())
        return std::nullopt;
      return editor.replace(*upstream, "h2c://" + upstream->text);
    case MendingKind::keep_shorter:
      return editor.transport("http", "keepalive", duration(mending.amount));
    case MendingKind::no_pool:
      return editor.transport("http", "keepalive", "off");
    case MendingKind::check_path:
      return editor.line("health_uri", mending.text);
    default:
      return std::nullopt;
  }
}

}  // namespace fix502::caddy
