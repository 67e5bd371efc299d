// What HAProxy can be told to do otherwise, in the words of its own file.

#include <fmt/format.h>

#include <algorithm>

#include "base/text.hpp"
#include "gateway/gateways/haproxy/configuration.hpp"

namespace fix502::haproxy {
namespace {

/// One change being put together for one route.
class Editor {
 public:
  Editor(const Haproxy& configuration, const Route& route, const Mending& mending)
      : all_(configuration), route_(route), mending_(mending), back_(configuration.model.backend(route.upstream)) {
    if (back_ == nullptr) return;
    Incoming incoming;
    servers_ = servers_of(*back_, configuration.model, Asked(incoming));
    if (mending.server < servers_.size()) server_ = &servers_[mending.server];
  }

  std::optional<Proposal> propose() {
    if (back_ == nullptr) return std::nullopt;
    switch (mending_.kind) {
      case MendingKind::set_address:
      case MendingKind::ipv4_only:
      case MendingKind::loop_out:
        return address();
      case MendingKind::set_limit:
        return limit();
      case MendingKind::use_tls:
        return use_tls();
      case MendingKind::use_plain:
        return use_plain();
      case MendingKind::send_sni:
        return word("sni", fmt::format("str({})", mending_.name));
      case MendingKind::verify_name:
        return server_ != nullptr && server_->word("sni") != 0 ? word("sni", fmt::format("str({})", mending_.name))
                                                               : word("verifyhost", mending_.name);
      case MendingKind::trust_file:
        return word("ca-file", mending_.text);
      case MendingKind::tls_versions:
        return tls_versions();
      case MendingKind::speak:
        return speak();
      case MendingKind::script_file:
        return script_file();
      case MendingKind::keep_shorter:
      case MendingKind::no_pool:
        return in_backend("option http-server-close");
      case MendingKind::resolve_again:
        return resolve_again();
      case MendingKind::check_path:
        return check_path();
      case MendingKind::tolerate_header:
        // 2.6: it lets a broken name pass, and no line without a colon.
        return mending_.text == "no_colon" || mending_.text == "twice_length" || mending_.text == "bad_length"
                   ? std::nullopt
                   : in_backend("option accept-invalid-http-response");
      default:
        return std::nullopt;
    }
  }

 private:
  [[nodiscard]] const std::string& text(const std::string& file) const { return all_.files.at(file); }

  static Edit replace(const Line& line, std::size_t word, std::string with) {
    return {.file = line.file, .begin = line.words[word].begin, .end = line.words[word].end, .text = std::move(with)};
  }
  static Edit append(const Line& line, std::string_view words) {
    return {.file = line.file, .begin = line.end, .end = line.end, .text = " " + std::string(words)};
  }

  /// A word with a value on the server's own line: replaced, or put behind the last one.
  std::optional<Proposal> word(std::string_view name, const std::string& value) const {
    if (server_ == nullptr || value.empty()) return std::nullopt;
    const std::size_t at = server_->word(name);
    if (at != 0 && at + 1 >= server_->line->words.size()) return std::nullopt;  // it lacks its value
    if (at != 0) return Proposal{.title = {}, .edits = {replace(*server_->line, at + 1, value)}};
    return Proposal{.title = {}, .edits = {append(*server_->line, fmt::format("{} {}", name, value))}};
  }

  /// A line of its own in the backend, before its first server.
  std::optional<Proposal> in_backend(std::string_view line) const {
    const auto at = std::ranges::find_if(
        back_->lines, [](const Line& one) { return one.word(0) == "server" || one.word(0) == "server-template"; });
    if (at == back_->lines.end()) return std::nullopt;
    return Proposal{.title = {}, .edits = {insert_line(at->file, text(at->file), at->begin, false, line)}};
  }

  std::optional<Proposal> in_global(std::string_view name, std::int64_t value) const {
    const Section* global = all_.model.global();
    if (global == nullptr) return std::nullopt;
    for (const auto& line : global->lines)
      if (line.word(0) == name && line.words.size() > 1)
        return Proposal{.title = {}, .edits = {replace(line, 1, std::to_string(value))}};
    if (!global->lines.empty()) {
      const Line& last = global->lines.back();
      return Proposal{
          .title = {},
          .edits = {insert_line(last.file, text(last.file), last.begin, true, fmt::format("{} {}", name, value))}};
    }
    return Proposal{.title = {},
                    .edits = {insert_line(global->head.file, text(global->head.file), global->head.begin, true,
                                          fmt::format("    {} {}", name, value))}};
  }

  std::optional<Proposal> address() const {
    if (server_ == nullptr || mending_.text.empty()) return std::nullopt;
    const std::string to = mending_.text.starts_with("unix:") ? "unix@" + mending_.text.substr(5) : mending_.text;
    return Proposal{.title = {}, .edits = {replace(*server_->line, server_->address, to)}};
  }

  std::optional<Proposal> timeout(std::string_view name) const {
    const std::string value =
        mending_.amount % 1000 == 0 ? fmt::format("{}s", mending_.amount / 1000) : fmt::format("{}ms", mending_.amount);
    const Applies now = all_.model.applies(*back_, {"timeout", name});
    if (now.line != nullptr && now.own && now.line->words.size() > 2)
      return Proposal{.title = {}, .edits = {replace(*now.line, 2, value)}};
    return in_backend(fmt::format("timeout {} {}", name, value));
  }

  std::optional<Proposal> limit() const {
    switch (mending_.limit) {
      case LimitKind::read_timeout:
      case LimitKind::send_timeout:
        return timeout("server");
      case LimitKind::connect_timeout:
        return timeout("connect");
      case LimitKind::queue_timeout:
        return timeout("queue");
      case LimitKind::response_header:
      case LimitKind::response_field:
      case LimitKind::request_header:
      case LimitKind::request_field:
      case LimitKind::request_line:
        return buffer();
      case LimitKind::connections:
        return connections();
      case LimitKind::files:
        return in_global("ulimit-n", mending_.amount);
      default:
        return std::nullopt;
    }
  }

  /// tune.bufsize holds the header, what rules may add (tune.maxrewrite), and some bytes for each field.
  std::optional<Proposal> buffer() const {
    constexpr std::int64_t kRewrite = 1'024, kFields = 134 + 10 * 100, kStep = 4'096;
    std::int64_t rewrite = kRewrite;
    if (const Section* global = all_.model.global())
      for (const auto& line : global->lines)
        if (line.word(0) == "tune.maxrewrite") rewrite = std::max<std::int64_t>(size_of(line.word(1)), 0);
    const std::int64_t wanted = (mending_.amount + rewrite + kFields + kStep - 1) / kStep * kStep;
    return in_global("tune.bufsize", wanted);
  }

  std::optional<Proposal> connections() const {
    const Limit* now = route_.limit(LimitKind::connections);
    if (now != nullptr && now->from.place.known()) {
      for (const auto& section : all_.model.sections)
        for (const auto& line : section.lines)
          if (line.place() == now->from.place && line.word(0) == "maxconn" && line.words.size() > 1)
            return Proposal{.title = {}, .edits = {replace(line, 1, std::to_string(mending_.amount))}};
    }
    return in_global("maxconn", mending_.amount);
  }

  std::optional<Proposal> use_tls() const {
    if (server_ == nullptr || server_->tls.on) return std::nullopt;
    std::string words =
        mending_.text.empty() ? "ssl verify none" : fmt::format("ssl verify required ca-file {}", mending_.text);
    if (!mending_.name.empty()) words += fmt::format(" sni str({})", mending_.name);
    return Proposal{.title = {}, .edits = {append(*server_->line, words)}};
  }

  std::optional<Proposal> use_plain() const {
    if (server_ == nullptr || server_->word("ssl") == 0)
      return std::nullopt;  // "default-server ssl" is other servers' too
    Proposal proposal;
    const Line& line = *server_->line;
    for (const std::string_view name : {"ssl", "verify", "verifyhost", "ca-file", "crt", "sni", "alpn", "ssl-min-ver",
                                        "ssl-max-ver", "ciphers", "ciphersuites"}) {
      const std::size_t at = server_->word(name);
      if (at == 0) continue;
      const std::size_t last = name == "ssl" ? at : std::min(at + 1, line.words.size() - 1);
      proposal.edits.push_back(
          {.file = line.file, .begin = line.words[at - 1].end, .end = line.words[last].end, .text = {}});
    }
    return proposal;
  }

  std::optional<Proposal> tls_versions() const {
    if (server_ == nullptr) return std::nullopt;
    auto proposal = word("ssl-min-ver", mending_.text);
    const bool old = mending_.text == "TLSv1.1" || mending_.text == "TLSv1.0" || mending_.text == "TLSv1";
    if (!proposal || !old || server_->word("ciphers") != 0) return proposal;
    // OpenSSL 3 signs nothing of these versions above security level 0.
    if (server_->word("ssl-min-ver") != 0)
      proposal->edits.push_back(append(*server_->line, "ciphers DEFAULT:@SECLEVEL=0"));
    else
      proposal->edits.back().text += " ciphers DEFAULT:@SECLEVEL=0";
    return proposal;
  }

  std::optional<Proposal> speak() const {
    if (server_ == nullptr) return std::nullopt;
    const Line& line = *server_->line;
    const std::size_t proto = server_->word("proto");
    const bool http = mending_.protocol == Protocol::http1_1 || mending_.protocol == Protocol::http1_0;
    if (http) {
      if (proto == 0 || proto + 1 >= line.words.size()) return std::nullopt;
      return Proposal{
          .title = {},
          .edits = {
              {.file = line.file, .begin = line.words[proto - 1].end, .end = line.words[proto + 1].end, .text = {}}}};
    }
    if (mending_.protocol == Protocol::http2) return word("proto", "h2");
    if (mending_.protocol != Protocol::fastcgi || mending_.text.empty()) return std::nullopt;
    std::string root = mending_.text;
    if (const auto slash = root.rfind('/'); root.ends_with(".php") && slash != std::string::npos)
      root.resize(std::max<std::size_t>(slash, 1));
    const std::string& whole = text(line.file);
    auto use = in_backend("use-fcgi-app fix502-php");
    auto spoken = word("proto", "fcgi");
    if (!use || !spoken) return std::nullopt;
    Proposal proposal{.title = {}, .edits = {use->edits.front(), spoken->edits.front()}};
    proposal.edits.push_back(
        {.file = line.file,
         .begin = whole.size(),
         .end = whole.size(),
         .text = fmt::format("\nfcgi-app fix502-php\n    docroot {}\n    index index.php\n", root)});
    return proposal;
  }

  std::optional<Proposal> script_file() const {
    const Setting* now = route_.setting("SCRIPT_FILENAME");
    const auto name = std::ranges::find(route_.request.params, "SCRIPT_NAME", &NameValue::name);
    if (now == nullptr || name == route_.request.params.end() || !mending_.text.ends_with(name->value))
      return std::nullopt;
    const std::string root = mending_.text.substr(0, mending_.text.size() - name->value.size());
    for (const auto& section : all_.model.sections)
      for (const auto& line : section.lines)
        if (line.place() == now->place && line.words.size() > 1)
          return Proposal{.title = {}, .edits = {replace(line, 1, root)}};
    return std::nullopt;
  }

  std::optional<Proposal> resolve_again() const {
    if (server_ == nullptr || server_->word("resolvers") != 0 || mending_.text.empty()) return std::nullopt;
    const Section* known = all_.model.find("resolvers", "");
    const std::string name = known != nullptr ? known->name : "fix502";
    Proposal proposal{.title = {},
                      .edits = {append(*server_->line, fmt::format("resolvers {} init-addr last,libc,none", name))}};
    if (known == nullptr) {
      const std::string& whole = text(server_->line->file);
      proposal.edits.push_back(
          {.file = server_->line->file,
           .begin = whole.size(),
           .end = whole.size(),
           .text = fmt::format("\nresolvers {}\n    nameserver system {}\n", name, mending_.text)});
    }
    return proposal;
  }

  std::optional<Proposal> check_path() const {
    for (const auto& line : back_->lines) {
      if (line.word(0) != "http-check" || line.word(1) != "send") continue;
      for (std::size_t i = 2; i + 1 < line.words.size(); ++i)
        if (line.word(i) == "uri") return Proposal{.title = {}, .edits = {replace(line, i + 1, mending_.text)}};
    }
    const Applies option = all_.model.option(*back_, "httpchk");
    if (option.line == nullptr) return std::nullopt;
    if (!option.own) return in_backend(fmt::format("option httpchk GET {}", mending_.text));
    const std::size_t words = option.line->words.size();
    if (words > 3) return Proposal{.title = {}, .edits = {replace(*option.line, 3, mending_.text)}};
    if (words == 3) return Proposal{.title = {}, .edits = {replace(*option.line, 2, mending_.text)}};
    return Proposal{.title = {}, .edits = {append(*option.line, "GET " + mending_.text)}};
  }

  const Haproxy& all_;
  const Route& route_;
  const Mending& mending_;
  const Section* back_;
  std::vector<ServerLine> servers_;
  const ServerLine* server_ = nullptr;
};

}  // namespace

std::optional<Proposal> Haproxy::propose(const Route& route, const Mending& mending) const {
  return Editor(*this, route, mending).propose();
}

}  // namespace fix502::haproxy
