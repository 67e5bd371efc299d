// What a mending is in httpd's words. Parameters count only on the directive that made the worker (AH01146).
#include <fmt/format.h>

#include <algorithm>

#include "base/text.hpp"
#include "gateway/gateways/apache/edits.hpp"
#include "gateway/version.hpp"

namespace fix502::apache {
Proposal proposal(Editor& editor, std::string title) {
  // A file that is included twice has its directives twice, at the same bytes.
  std::vector<Edit> edits;
  for (Edit& edit : editor.edits())
    if (std::ranges::find(edits, edit) == edits.end()) edits.push_back(std::move(edit));
  return {.title = std::move(title), .edits = std::move(edits), .restart = false};
}

const Worker* worker_of(const Target& target, std::size_t server) {
  if (target.balancer == nullptr) return target.worker;
  return server < target.members.size() ? target.members[server] : nullptr;
}

bool set_on_worker(Editor& editor, std::size_t server, std::string_view key, std::string_view value,
                   std::string_view beside) {
  const Target& target = editor.target();
  if (const Worker* worker = worker_of(target, server)) return editor.set_worker(worker, key, value);
  if (target.balancer != nullptr) return false;
  const SocketUrl split_url = split_socket(target.written);
  const Url url = parse_url(split_url.url);
  if (!url.valid || url.host.contains('$') || url.host.contains('%')) return false;
  std::string name = url.origin();
  if (!split_url.socket.empty()) name = "unix:" + split_url.socket + "|" + name;
  std::string set = fmt::format("\tProxySet {}={}", key, value);
  if (!beside.empty()) set += " " + std::string(beside);
  // Sections stand in servers only: before the outermost one around the directive.
  const Scope* scope = target.from->scope;
  ConfigPlace place = target.from->place;
  for (; scope != nullptr && scope->kind != ScopeKind::main && scope->kind != ScopeKind::host; scope = scope->parent)
    place = scope->place;
  return editor.insert_before(place, {fmt::format("<Proxy \"{}\">", name), set, "</Proxy>"});
}

std::optional<Proposal> mend_address(Editor& editor, const Mending& mending) {
  if (mending.text.empty()) return std::nullopt;
  if (!change_url(editor, mending.server, {.scheme = {}, .address = mending.text, .path = {}})) return std::nullopt;
  return proposal(editor);
}

std::optional<Proposal> mend_pool(Editor& editor, const Route& route, const Mending& mending) {
  if (route.pool == (mending.kind == MendingKind::use_pool)) return std::nullopt;  // it is so already
  const Target& target = editor.target();
  const Worker* worker = worker_of(target, mending.server);
  if (mending.kind == MendingKind::keep_shorter) {
    // ttl= knows whole seconds only, and at least one.
    if (worker == nullptr || mending.amount < 1000) return std::nullopt;
    if (!editor.set_worker(worker, "ttl", std::to_string(mending.amount / 1000))) return std::nullopt;
    return proposal(editor);
  }
  const bool off = mending.kind == MendingKind::no_pool;
  if (worker == nullptr) {
    if (off || !set_on_worker(editor, mending.server, "enablereuse", "On")) return std::nullopt;
    return proposal(editor);
  }
  const auto& asked = editor.way().asked;
  if (!off)
    for (const Scope* scope : asked.sight)
      for (const Directive* set : scope->all("setenv"))
        if (set->word(0) == "proxy-nokeepalive" && !editor.remove(*set)) return std::nullopt;
  const Parameter* disable = worker->parameter("disablereuse");
  const Parameter* enable = worker->parameter("enablereuse");
  bool done = true;
  if (enable != nullptr) done = editor.set_worker(worker, "enablereuse", off ? "Off" : "On");
  if (disable != nullptr || (enable == nullptr && off))
    done = done && editor.set_worker(worker, "disablereuse", off ? "On" : "Off");
  if (!off && disable == nullptr && enable == nullptr && editor.edits().empty())
    done = editor.set_worker(worker, "enablereuse", "On");
  if (!done || editor.edits().empty()) return std::nullopt;
  return proposal(editor);
}

std::optional<Proposal> mend_rest(Editor& editor, const Route& route, const Mending& mending) {
  const Apache& apache = editor.apache();
  const Target& target = editor.target();
  switch (mending.kind) {
    case MendingKind::resolve_again: {
      const Worker* worker = worker_of(target, mending.server);
      if (worker == nullptr) return std::nullopt;
      const bool knows_time = at_least(apache.version, "2.4.59");
      if (!editor.set_worker(worker, knows_time ? "addressttl" : "disablereuse", knows_time ? "10" : "On"))
        return std::nullopt;
      return proposal(editor);
    }
    case MendingKind::tolerate_header:
      // ProxyBadHeader is about lines without a colon; a name with a blank in it ends with 500 all the same (AH02429).
      if (!is_http(route.request.protocol) || mending.text != "no_colon") return std::nullopt;
      if (!editor.set_in_host("ProxyBadHeader", "Ignore", *editor.way().asked.host)) return std::nullopt;
      return proposal(editor);
    case MendingKind::pass_upgrade: {
      if (route.passes_upgrade || !at_least(apache.version, "2.4.47") || target.worker == nullptr ||
          target.balancer != nullptr)
        return std::nullopt;
      if (!is_http(route.request.protocol) || !editor.set_worker(target.worker, "upgrade", "websocket"))
        return std::nullopt;
      return proposal(editor);
    }
    case MendingKind::check_path: {
      const Worker* worker = worker_of(target, mending.server);
      if (worker == nullptr || target.balancer == nullptr || worker->parameter("hcmethod") == nullptr ||
          mending.text.empty())
        return std::nullopt;
      bool done = true;
      for (const Worker* member : target.members)
        if (member->parameter("hcmethod") != nullptr) done = done && editor.set_worker(member, "hcuri", mending.text);
      if (!done) return std::nullopt;
      return proposal(editor);
    }
    case MendingKind::run_as: {
      const Scope& main = *apache.servers().main.scope;
      const Directive* user = main.last("user");
      const Directive* group = main.last("group");
      if (user == nullptr || mending.text.empty() || !editor.replace_word(*user, 0, mending.text)) return std::nullopt;
      if (group != nullptr && !mending.name.empty() && !editor.replace_word(*group, 0, mending.name))
        return std::nullopt;
      Proposal made = proposal(editor);
      made.restart = true;
      return made;
    }
    default:
      return std::nullopt;
  }
}

std::optional<Proposal> Apache::propose(const Route& route, const Mending& mending) const {
  if (mending.kind == MendingKind::reload_only) return Proposal{};
  const auto way = find_way(*this, route.incoming);
  if (!way) return std::nullopt;
  Editor editor(*this, *way);
  if (mending.kind == MendingKind::set_limit) return mend_limit(editor, route, mending);
  if (!way->mapping.target) return std::nullopt;
  switch (mending.kind) {
    case MendingKind::set_address:
    case MendingKind::ipv4_only:
    case MendingKind::loop_out:
      return mend_address(editor, mending);
    case MendingKind::keep_shorter:
    case MendingKind::no_pool:
    case MendingKind::use_pool:
      return mend_pool(editor, route, mending);
    case MendingKind::use_tls:
    case MendingKind::use_plain:
    case MendingKind::send_sni:
    case MendingKind::verify_name:
    case MendingKind::trust_file:
    case MendingKind::tls_versions:
      return mend_tls(editor, route, mending);
    case MendingKind::speak:
    case MendingKind::script_file:
    case MendingKind::unchunked:
      return mend_protocol(editor, route, mending);
    default:
      return mend_rest(editor, route, mending);
  }
}

}  // namespace fix502::apache
