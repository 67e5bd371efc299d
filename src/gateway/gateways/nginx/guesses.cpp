// What to ask for so that a certain place of the configuration answers.

#include <algorithm>

#include "base/text.hpp"
#include "gateway/gateways/nginx/nginx.hpp"

namespace fix502::nginx {
namespace {

/// A text that a simple regular expression matches: the first of alternatives, the first of a class, everything
/// optional left out. The caller tries whether it does match.
class Example {
 public:
  explicit Example(std::string_view pattern) : text_(pattern) {}

  std::string make() {
    alternatives();
    return anchored_ || out_.starts_with('/') ? out_ : "/index" + out_;
  }

 private:
  void alternatives() {
    while (at_ < text_.size() && text_[at_] != ')') {
      if (text_[at_] != '|') {
        one();
        continue;
      }
      // The rest of the group is another way to match.
      int depth = 0;
      for (; at_ < text_.size() && !(text_[at_] == ')' && depth == 0); ++at_) {
        if (text_[at_] == '\\')
          ++at_;
        else if (text_[at_] == '(')
          ++depth;
        else if (text_[at_] == ')')
          --depth;
      }
    }
  }

  void one() {
    const auto before = out_.size();
    const char c = text_[at_++];
    if (c == '^' && out_.empty())
      anchored_ = true;
    else if (c == '\\' && at_ < text_.size())
      escape(text_[at_++]);
    else if (c == '.')
      out_ += 'x';
    else if (c == '[')
      bracket();
    else if (c == '(')
      group();
    else if (c != '^' && c != '$' && c != '+')
      out_ += c;
    if (at_ >= text_.size()) return;
    if (text_[at_] == '*' || text_[at_] == '?') {
      // `.*` in front of something is better filled: an empty name seldom exists.
      out_.resize(before);
      ++at_;
    } else if (text_[at_] == '{') {
      repeat(before);
    }
  }

  void escape(char c) {
    if (c == 'd')
      out_ += '1';
    else if (c == 'w')
      out_ += 'a';
    else if (c == 's')
      out_ += ' ';
    else if (c != 'b' && c != 'A' && c != 'z' && c != 'Z')
      out_ += c;
  }

  void bracket() {
    const auto end = text_.find(']', at_ + 1);
    if (end == std::string_view::npos) return;
    const auto inside = text_.substr(at_, end - at_);
    out_ += inside.starts_with('^')                                           ? 'a'
            : inside.front() == '\\' && inside.size() > 1 && inside[1] == 'd' ? '1'
                                                                              : inside.front();
    at_ = end + 1;
  }

  void group() {
    if (depth_ > 20) return;
    ++depth_;
    if (at_ < text_.size() && text_[at_] == '?') {
      const auto colon = text_.find_first_of(":>", at_);
      const bool looks = at_ + 1 < text_.size() && (text_[at_ + 1] == '!' || text_[at_ + 1] == '=');
      if (!looks && colon != std::string_view::npos)
        at_ = colon + 1;
      else
        at_ = std::min(text_.find(')', at_), text_.size());
    }
    alternatives();
    if (at_ < text_.size()) ++at_;
    --depth_;
  }

  void repeat(std::size_t before) {
    const auto end = text_.find('}', at_);
    if (end == std::string_view::npos) return;
    const auto unit = out_.substr(before);
    const int count = std::clamp(std::atoi(std::string(text_.substr(at_ + 1, end - at_ - 1)).c_str()), 0, 50);
    out_.resize(before);
    for (int i = 0; i < count; ++i) out_ += unit;
    at_ = end + 1;
  }

  std::string_view text_;
  std::size_t at_ = 0;
  int depth_ = 0;
  bool anchored_ = false;
  std::string out_;
};

std::string host_of(const Server& server) {
  for (const auto& name : server.names) {
    if (name.pattern != nullptr || name.text.empty() || name.text == "_") continue;
    if (name.text.starts_with("*.")) return "www" + name.text.substr(1);
    if (name.text.starts_with('.')) return name.text.substr(1);
    if (name.text.ends_with(".*")) return name.text.substr(0, name.text.size() - 1) + "test";
    return name.text;
  }
  for (const auto& name : server.names)
    if (name.pattern != nullptr)
      return Example(name.text).make().substr(Example(name.text).make().starts_with("/index") ? 6 : 0);
  return "localhost";
}

const Location* find_location(const Locations& all, const Block& block) {
  for (const auto& location : all.all) {
    if (&location->block() == &block) return location.get();
    if (location->inner)
      if (const auto* inner = find_location(*location->inner, block)) return inner;
  }
  return nullptr;
}

void add_paths(const Server& server, const Directive& pass, std::vector<std::string>& paths);

/// Locations that go on to a named one, by try_files or as an error page.
void add_callers(const Server& server, const Block& block, const std::string& name, std::vector<std::string>& paths) {
  for (const auto& child : block.children) {
    if ((child->name() == "try_files" || child->name() == "error_page") && child->args() > 0 &&
        child->arg(child->args() - 1).starts_with(name)) {
      if (block.kind == BlockKind::server)
        paths.emplace_back("/");
      else if (paths.size() < 20)
        add_paths(server, *child, paths);
    }
    if (child->block && paths.size() < 20) add_callers(server, *child->block, name, paths);
  }
}

void add_paths(const Server& server, const Directive& pass, std::vector<std::string>& paths) {
  const Block* at = pass.parent;
  while (at != nullptr && at->kind != BlockKind::location && at->kind != BlockKind::server) at = at->parent;
  const auto* location = at == nullptr ? nullptr : find_location(server.locations, *at);
  if (location == nullptr) {
    paths.emplace_back("/");
  } else if (location->match == Location::Match::pattern) {
    paths.push_back(Example(location->name).make());
    if (!location->name.starts_with('^'))
      paths.push_back("/a" + paths.back().substr(paths.back().starts_with("/index") ? 6 : 0));
  } else if (location->match != Location::Match::named) {
    paths.push_back(location->name.starts_with('/') ? location->name : "/" + location->name);
    if (location->match == Location::Match::prefix)
      paths.push_back(paths.back() + (paths.back().ends_with('/') ? "page" : "/page"));
  }
}

}  // namespace

std::vector<Incoming> guesses(const Server& server, const Directive& pass) {
  std::vector<std::string> paths;
  add_paths(server, pass, paths);
  const Block* at = pass.parent;
  while (at != nullptr && at->kind != BlockKind::location) at = at->parent;
  if (at != nullptr)
    if (const auto* location = find_location(server.locations, *at))
      add_callers(server, server.block(), location->name, paths);
  std::vector<Incoming> all;
  const auto host = host_of(server);
  for (const auto& listen : server.listens) {
    if (!listen.socket.empty()) continue;
    Incoming incoming;
    incoming.scheme = listen.tls ? "https" : "http";
    incoming.host = host, incoming.port = listen.port;
    if (!listen.any_address()) incoming.address = listen.address;
    for (const auto& path : paths) {
      incoming.target = path;
      if (all.size() < 40) all.push_back(incoming);
    }
  }
  return all;
}

}  // namespace fix502::nginx
