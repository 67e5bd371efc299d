// The phases of a request (src/http/ngx_http_core_module.c): rewrites of the server, the location, its rewrites,
// access, try_files, content; error pages start over.

#include <fmt/format.h>

#include <algorithm>

#include "base/text.hpp"
#include "gateway/gateways/nginx/conditions.hpp"
#include "gateway/gateways/nginx/journey.hpp"
#include "gateway/gateways/nginx/values.hpp"

namespace fix502::nginx {
namespace {

constexpr int kMostCycles = 10;  // NGX_HTTP_MAX_URI_CHANGES

enum class Found { none, exact, prefix, slash };

class Walk {
 public:
  explicit Walk(Journey& journey) : j_(journey) {}

  Outcome run() {
    const auto* merge = effective(j_.address->fallback->block(), "merge_slashes");
    auto uri = parse_uri(target(), merge == nullptr || !equals_ignoring_case(merge->arg(0), "off"));
    if (!uri) return {.answer = "400: the request's target is no valid URI", .status = 400};
    j_.uri = std::move(uri->path), j_.args = std::move(uri->args);
    j_.quoted = uri->quoted, j_.plus = uri->plus;
    return enter();
  }

 private:
  std::string target() const {
    const auto& target = j_.in.target;
    const auto scheme = target.starts_with('/') ? std::string::npos : target.find("://");
    if (scheme == std::string::npos) return target;
    const auto path = target.find('/', scheme + 3);
    return path == std::string::npos ? "/" : target.substr(path);
  }

  /// From the server's rewrites on; internal redirects come here again.
  Outcome enter() {
    if (++cycles_ > kMostCycles + 1) return {.answer = "500: redirected in a circle", .status = 500};
    j_.conf = &j_.server->block();
    j_.location = nullptr;
    if (auto answer = rewrite(*j_.conf)) return error_page(std::move(*answer));
    return find();
  }

  Outcome find() {
    for (;;) {
      j_.uri_changed = false;
      j_.conf = &j_.server->block();
      j_.location = nullptr;
      const auto found = find_in(j_.server->locations);
      if (j_.location != nullptr) take(*j_.location);
      if (!j_.internal && j_.location != nullptr && j_.conf->own("internal") != nullptr)
        return error_page({.answer = "404: the location is internal", .status = 404});
      if (found == Found::slash) return {.answer = "301 to " + j_.location->name, .status = 301};
      if (auto answer = rewrite(*j_.conf)) return error_page(std::move(*answer));
      if (!j_.uri_changed) return content();
      if (++cycles_ > kMostCycles) return {.answer = "500: rewritten in a circle", .status = 500};
    }
  }

  /// ngx_http_core_find_location(): the longest prefix, its nested ones, then regular expressions.
  Found find_in(const Locations& all) {
    Found found = Found::none;
    const Location* best = nullptr;
    for (const auto length : all.lengths) {
      if (length > j_.uri.size() + 1) continue;
      if (length == j_.uri.size() + 1) {
        const auto node = all.fixed.find(j_.uri + "/");
        if (node == all.fixed.end()) continue;
        const auto* slashed = node->second.exact != nullptr ? node->second.exact : node->second.prefix;
        if ((node->second.exact != nullptr && node->second.exact->redirects_to_slash()) ||
            (node->second.prefix != nullptr && node->second.prefix->redirects_to_slash()))
          best = slashed, found = Found::slash;
        continue;
      }
      const auto node = all.fixed.find(j_.uri.substr(0, length));
      if (node == all.fixed.end()) continue;
      if (length == j_.uri.size() && node->second.exact != nullptr) {
        j_.location = node->second.exact;
        return Found::exact;
      }
      // An exact location of the very URI and a prefix of it win over the redirect to a slash.
      if (node->second.prefix != nullptr && (found == Found::none || length == j_.uri.size())) {
        best = node->second.prefix, found = Found::prefix;
        break;
      }
    }
    if (best != nullptr) j_.location = best;
    if (found == Found::slash) return found;
    bool patterns = true;
    if (found == Found::prefix) {
      patterns = best->match != Location::Match::prefix_only;
      if (best->inner != nullptr)
        if (const auto inner = find_in(*best->inner); inner == Found::exact || inner == Found::slash) return inner;
    }
    if (!patterns) return found;
    for (const auto* location : all.patterns)
      if (location->pattern != nullptr && j_.match(*location->pattern, j_.uri)) {
        j_.location = location;
        if (location->inner != nullptr && find_in(*location->inner) == Found::slash) return Found::slash;
        return Found::exact;
      }
    return found;
  }

  /// Goes into a location: its settings apply, and those of limit_except for other methods.
  void take(const Location& location) {
    j_.location = &location;
    j_.conf = &location.block();
    if (j_.way.empty() || j_.way.back() != location.at->place) j_.way.push_back(location.at->place);
    for (const auto* except : location.block().all_own("limit_except")) {
      const bool listed = std::ranges::any_of(except->words.begin() + 1, except->words.end(), [&](const auto& word) {
        return equals_ignoring_case(word.text, j_.in.method) || (word.text == "GET" && j_.in.method == "HEAD");
      });
      if (!listed && except->block) j_.conf = except->block.get(), j_.way.push_back(except->place);
    }
  }

  std::optional<Outcome> rewrite(const Block& block) {
    bool stop = false;
    return run_rewrites(j_, block, stop);
  }

  Outcome content() {
    if (auto denied = access()) return error_page(std::move(*denied));
    const auto* pass = pass_of(*j_.conf);
    if (const auto* files = j_.conf->own("try_files"))
      if (auto outcome = try_files(*files, pass != nullptr)) return std::move(*outcome);
    if (pass != nullptr) return {.pass = pass};
    return own_content();
  }

  static const Directive* pass_of(const Block& conf) {
    for (const Block* at = &conf; at != nullptr; at = at->parent) {
      for (const auto& child : at->children)
        if (is_pass(child->name()) || child->name() == "memcached_pass") return child.get();
      // Only `if` and limit_except take it over from their location.
      if (at->kind != BlockKind::if_location && at->kind != BlockKind::limit_except) break;
    }
    return nullptr;
  }

  std::optional<Outcome> access() {
    for (const Block* at = j_.conf; at != nullptr; at = at->parent) {
      bool any = false;
      for (const auto& child : at->children) {
        if (child->name() != "deny" && child->name() != "allow") continue;
        if (!any && child->name() == "deny" && child->arg(0) == "all")
          return Outcome{.answer = "403: deny all", .status = 403};
        if (!std::exchange(any, true)) j_.note("allow and deny choose by the client's address");
      }
      if (any) break;
    }
    if (const auto* ask = effective(*j_.conf, "auth_request"); ask != nullptr && ask->arg(0) != "off")
      j_.note("auth_request asks " + printable(ask->arg(0), 200) + " first: an error there is an error here");
    for (const auto* setter : effective_all(*j_.conf, "auth_request_set"))
      if (setter->arg(0).starts_with('$')) forget(j_, *setter);
    for (const auto& child : j_.conf->children)
      if (child->name().starts_with("access_by_lua") || child->name().starts_with("rewrite_by_lua"))
        j_.note(printable(child->name(), 60) + ": what Lua does with the request is not known");
    return std::nullopt;
  }

  std::optional<Outcome> try_files(const Directive& files, bool passes) {
    if (files.args() < 2) return std::nullopt;
    const auto first = expand(j_, files.arg(0));
    const auto& last = files.arg(files.args() - 1);
    if (passes) {
      // Behind it something is asked: that is only of interest where the file is there.
      j_.note(fmt::format("the file {} is taken to exist (try_files)", printable(first.text, 200)));
      if (!files.arg(0).ends_with('/')) j_.uri = first.text.starts_with('/') ? first.text : "/" + first.text;
      return std::nullopt;
    }
    if (j_.uri.ends_with('/'))
      for (std::size_t i = 0; i + 1 < files.args(); ++i)
        if (files.arg(i).ends_with('/'))
          if (auto outcome = index(); outcome.pass != nullptr) return outcome;
    j_.note(fmt::format("no file of try_files is taken to exist below {}", printable(document_root(j_), 200)));
    if (last.starts_with('=')) {
      const auto code = parse_count(std::string_view(last).substr(1)).value_or(404);
      return error_page({.answer = fmt::format("{} where no file is found", code), .status = static_cast<int>(code)});
    }
    return go_to(expand(j_, last).text);
  }

  /// To a named location or another URI, from inside.
  Outcome go_to(const std::string& where) {
    j_.internal = true;
    if (where.starts_with('@')) {
      const auto named = j_.server->named.find(where);
      if (named == j_.server->named.end() || ++cycles_ > kMostCycles)
        return {.answer = "500: could not find named location " + printable(where, 100), .status = 500};
      take(*named->second);
      j_.uri_changed = false;
      if (auto answer = rewrite(*j_.conf)) return error_page(std::move(*answer));
      return j_.uri_changed ? find() : content();
    }
    const auto question = where.find('?');
    j_.uri = where.substr(0, question);
    j_.args = question == std::string::npos ? std::string() : where.substr(question + 1);
    if (!j_.uri.starts_with('/')) j_.uri.insert(0, "/");
    j_.valid_unparsed = false;
    return enter();
  }

  Outcome own_content() {
    for (const auto& child : j_.conf->children) {
      const auto& name = child->name();
      if (name.starts_with("content_by_lua") || name == "js_content" || name == "perl" || name == "echo" ||
          name == "stub_status" || name == "empty_gif" || name == "api" || name == "return")
        return {.answer = printable(name, 60), .status = 0};
    }
    if (j_.uri.ends_with('/'))
      if (auto outcome = index(); outcome.pass != nullptr) return outcome;
    const auto root = document_root(j_);
    // What is no file is a 404, for which there may be an error page that asks an application.
    if (!in_error_page_)
      if (auto outcome = error_page({.answer = "404", .status = 404}); outcome.pass != nullptr) {
        j_.note("the file is taken not to exist below " + printable(root, 200));
        return outcome;
      }
    return {.answer = "files below " + printable(root, 200), .status = 0};
  }

  /// The index file that leads to an upstream, if one does.
  Outcome index() {
    const auto* names = effective(*j_.conf, "index");
    const std::size_t count = names == nullptr ? 1 : names->args();
    for (std::size_t i = 0; i < count; ++i) {
      const auto name = names == nullptr ? std::string("index.html") : expand(j_, names->arg(i)).text;
      Journey there(j_);
      Walk walk(there);
      walk.cycles_ = cycles_ + 1;
      if (cycles_ >= kMostCycles || name.empty()) break;
      auto outcome =
          walk.go_to((name.starts_with('/') ? name : j_.uri + name) + (j_.args.empty() ? "" : "?" + j_.args));
      if (outcome.pass == nullptr) continue;
      take_over(std::move(there));
      j_.note(fmt::format("the file {} is taken to exist (index)", printable(name, 100)));
      return outcome;
    }
    return {};
  }

  void take_over(Journey&& there) {
    j_.location = there.location, j_.conf = there.conf;
    j_.uri = std::move(there.uri), j_.args = std::move(there.args);
    j_.internal = true, j_.valid_unparsed = false;
    j_.valid_location = there.valid_location;
    j_.groups = std::move(there.groups), j_.known = std::move(there.known);
    j_.way = std::move(there.way), j_.notes = std::move(there.notes);
  }

  /// Where an answer of nginx's own has an error page that leads to an upstream, that; else the answer.
  Outcome error_page(Outcome answer) {
    if (answer.status < 400 || answer.pass != nullptr) return answer;
    const auto* again = effective(*j_.conf, "recursive_error_pages");
    if (in_error_page_ && (again == nullptr || again->arg(0) != "on")) return answer;
    for (const auto* page : effective_all(*j_.conf, "error_page")) {
      if (page->args() < 2) continue;
      const bool listed = std::ranges::any_of(page->words.begin() + 1, page->words.end() - 1, [&](const auto& word) {
        return word.text == fmt::format("{}", answer.status);
      });
      const auto where = expand(j_, page->arg(page->args() - 1)).text;
      if (!listed || where.empty() || (!where.starts_with('/') && !where.starts_with('@'))) continue;
      Journey there(j_);
      Walk walk(there);
      walk.cycles_ = cycles_ + 1;
      walk.in_error_page_ = true;
      if (cycles_ >= kMostCycles) break;
      if (!where.starts_with('@') && there.in.method != "HEAD") there.in.method = "GET";
      auto outcome = walk.go_to(where);
      if (outcome.pass == nullptr) break;
      j_.in.method = there.in.method;
      const bool unparsed = there.valid_unparsed;
      take_over(std::move(there));
      j_.valid_unparsed = unparsed;
      j_.note(fmt::format("the error page for {} asks an upstream", answer.status));
      return outcome;
    }
    return answer;
  }

  Journey& j_;
  int cycles_ = 0;
  bool in_error_page_ = false;
};

}  // namespace

Outcome walk(Journey& journey) {
  return Walk(journey).run();
}

}  // namespace fix502::nginx
