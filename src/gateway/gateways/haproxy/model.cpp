#include "gateway/gateways/haproxy/model.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>

#include "base/text.hpp"

namespace fix502::haproxy {
namespace {

constexpr std::size_t kMostSections = 20'000;
constexpr std::string_view kSections[] = {"global",      "defaults",    "frontend",    "backend", "listen",
                                          "fcgi-app",    "resolvers",   "userlist",    "peers",   "mailers",
                                          "cache",       "http-errors", "ring",        "program", "crt-store",
                                          "log-forward", "traces",      "log-profile", "acme"};

bool begins(const Line& line, std::initializer_list<std::string_view> words) {
  std::size_t i = 0;
  for (const auto word : words)
    if (line.word(i++) != word) return false;
  return true;
}

/// "2.6.12" against "2.7": negative, zero, positive.
int compare_versions(std::string_view a, std::string_view b) {
  while (!a.empty() || !b.empty()) {
    int x = 0, y = 0;
    const auto xa = std::from_chars(a.data(), a.data() + a.size(), x);
    const auto yb = std::from_chars(b.data(), b.data() + b.size(), y);
    if (x != y) return x < y ? -1 : 1;
    a.remove_prefix(static_cast<std::size_t>(xa.ptr - a.data()));
    b.remove_prefix(static_cast<std::size_t>(yb.ptr - b.data()));
    if (!a.starts_with('.') || !b.starts_with('.')) return 0;
    a.remove_prefix(1);
    b.remove_prefix(1);
  }
  return 0;
}

/// One predicate of a ".if"; what is not known counts as true, since most configurations ask for what there is.
bool holds(std::string_view predicate, const ReadRequest& request) {
  if (predicate.starts_with('!')) return !holds(trim(predicate.substr(1)), request);
  const auto open = predicate.find('(');
  if (open == std::string_view::npos) return predicate != "0" && !predicate.empty();
  const std::string_view name = predicate.substr(0, open);
  const auto close = predicate.rfind(')');
  const auto inside =
      predicate.substr(open + 1, close == std::string_view::npos ? std::string_view::npos : close - open - 1);
  const auto parts = split(inside, ',');
  const std::string_view first = parts.empty() ? std::string_view() : parts[0];
  if (name == "defined")
    return std::ranges::find(request.environment, first, &NameValue::name) != request.environment.end();
  if (name == "streq" || name == "strneq") return parts.size() >= 2 && (parts[0] == parts[1]) == (name == "streq");
  if (name == "version_atleast") return compare_versions(request.version, first) >= 0;
  if (name == "version_before") return compare_versions(request.version, first) < 0;
  return true;
}

bool condition(std::string_view text, const ReadRequest& request) {
  bool any = false;
  for (std::size_t at = 0; at <= text.size();) {
    const auto end = std::min(text.find("||", at), text.size());
    bool all = true;
    const std::string_view alternative = text.substr(at, end - at);
    for (std::size_t from = 0; from <= alternative.size();) {
      const auto to = std::min(alternative.find("&&", from), alternative.size());
      all = all && holds(trim(alternative.substr(from, to - from)), request);
      from = to + 2;
    }
    any = any || all;
    at = end + 2;
  }
  return any;
}

/// The lines that count: ".if" and its kin decided and taken out.
class Conditionals {
 public:
  explicit Conditionals(const ReadRequest& request) : request_(request) {}

  bool takes(const Line& line) {
    const std::string_view first = line.word(0);
    if (first == ".if") {
      const bool now = active() && condition(line.rest(1), request_);
      levels_.push_back({.outer = active(), .active = now, .done = now});
      return false;
    }
    if (first == ".elif" && !levels_.empty()) {
      Level& level = levels_.back();
      level.active = level.outer && !level.done && condition(line.rest(1), request_);
      level.done = level.done || level.active;
      return false;
    }
    if (first == ".else" && !levels_.empty()) {
      Level& level = levels_.back();
      level.active = level.outer && !level.done;
      level.done = true;
      return false;
    }
    if (first == ".endif" && !levels_.empty()) {
      levels_.pop_back();
      return false;
    }
    return active() && !first.starts_with('.');
  }

 private:
  struct Level {
    bool outer = true, active = true, done = true;
  };
  [[nodiscard]] bool active() const { return levels_.empty() || levels_.back().active; }

  const ReadRequest& request_;
  std::vector<Level> levels_;
};

std::string absolute(const std::string& path, const ReadRequest& request) {
  if (path.starts_with('/')) return path;
  return (request.folder.empty()          ? std::string("/")
          : request.folder.ends_with('/') ? request.folder
                                          : request.folder + "/") +
         path;
}

std::vector<std::string> files_of(const ReadRequest& request, Files& files) {
  std::vector<std::string> all;
  std::vector<std::string> named = {request.config};
  named.insert(named.end(), request.more.begin(), request.more.end());
  for (const auto& name : named) {
    const std::string path = absolute(name, request);
    if (!files.is_folder(path)) {
      all.push_back(path);
      continue;
    }
    for (const auto& inside : files.match(path + (path.ends_with('/') ? "*.cfg" : "/*.cfg"))) all.push_back(inside);
  }
  if (all.size() > kMostFiles) all.resize(kMostFiles);
  return all;
}

void begin_section(Model& model, const Line& line, std::vector<Problem>& problems) {
  Section section;
  section.kind = line.word(0);
  section.head = line;
  if (section.kind != "global" && line.word(1) != "from") section.name = line.word(1);
  for (std::size_t i = 1; i + 1 < line.words.size(); ++i)
    if (line.word(i) == "from") section.from = line.word(i + 1);
  if (!section.from.empty()) {
    for (std::size_t i = 0; i < model.sections.size(); ++i)
      if (model.sections[i].kind == "defaults" && model.sections[i].name == section.from) section.defaults = i;
    if (section.defaults == Section::kNone)
      problems.push_back(
          {.fatal = true, .what = fmt::format("unknown defaults section '{}'", section.from), .place = line.place()});
  } else if (section.has_front() || section.has_back()) {
    for (std::size_t i = 0; i < model.sections.size(); ++i)
      if (model.sections[i].kind == "defaults") section.defaults = i;
  }
  model.sections.push_back(std::move(section));
}

/// Files of patterns ("-f FILE") and of maps ("map_beg(FILE,...)") that rules look into.
void read_lists(Model& model, const ReadRequest& request, Files& files) {
  const auto take = [&](std::string path) {
    if (path.empty() || model.lists.contains(path) || model.lists.size() > 200) return;
    if (auto text = files.read(absolute(path, request))) model.lists[path] = std::move(*text);
  };
  for (const auto& section : model.sections)
    for (const auto& line : section.lines)
      for (std::size_t i = 0; i < line.words.size(); ++i) {
        if (line.word(i) == "-f" || line.word(i) == "-M") take(std::string(line.word(i + 1)));
        const auto map = line.word(i).find("map");
        const auto open = map == std::string_view::npos ? map : line.word(i).find('(', map);
        if (open != std::string_view::npos)
          take(std::string(line.word(i).substr(open + 1, line.word(i).find_first_of(",)", open) - open - 1)));
      }
}

}  // namespace

const Section* Model::find(std::string_view kind, std::string_view name) const {
  const auto found = std::ranges::find_if(
      sections, [&](const Section& section) { return section.kind == kind && (name.empty() || section.name == name); });
  return found == sections.end() ? nullptr : &*found;
}

const Section* Model::backend(std::string_view name) const {
  const auto found = std::ranges::find_if(
      sections, [&](const Section& section) { return section.has_back() && section.name == name; });
  return found == sections.end() ? nullptr : &*found;
}

Applies Model::applies(const Section& section, std::initializer_list<std::string_view> words) const {
  const Section* now = &section;
  for (int depth = 0; now != nullptr && depth < 16; ++depth) {
    for (std::size_t i = now->lines.size(); i-- > 0;)
      if (begins(now->lines[i], words)) return {&now->lines[i], depth == 0};
    now = now->defaults == Section::kNone ? nullptr : &sections[now->defaults];
  }
  return {};
}

Applies Model::option(const Section& section, std::string_view name) const {
  const Section* now = &section;
  for (int depth = 0; now != nullptr && depth < 16; ++depth) {
    for (std::size_t i = now->lines.size(); i-- > 0;) {
      if (begins(now->lines[i], {"option", name})) return {&now->lines[i], depth == 0};
      if (begins(now->lines[i], {"no", "option", name})) return {};
    }
    now = now->defaults == Section::kNone ? nullptr : &sections[now->defaults];
  }
  return {};
}

std::string Model::mode(const Section& section) const {
  const Applies line = applies(section, {"mode"});
  return line.line == nullptr ? "tcp" : std::string(line.line->word(1));
}

Model read_model(const ReadRequest& request, Files& files, FileTexts& texts, std::vector<Problem>& problems) {
  Model model;
  Conditionals conditionals(request);
  for (const auto& path : files_of(request, files)) {
    auto text = files.read(path);
    if (!text) {
      problems.push_back({.fatal = true,
                          .what = fmt::format("could not open configuration file: {}", text.error().what),
                          .place = {.file = path}});
      continue;
    }
    for (auto& line : read_lines(path, *text, request.environment, problems)) {
      if (!conditionals.takes(line)) continue;
      const bool head = std::ranges::find(kSections, line.word(0)) != std::end(kSections);
      // "cache" and "program" begin a section only at a line of two words outside of a proxy's "http-request
      // cache-use".
      if (head && model.sections.size() < kMostSections && !(line.word(0) == "cache" && line.words.size() > 2))
        begin_section(model, line, problems);
      else if (!model.sections.empty())
        model.sections.back().lines.push_back(std::move(line));
      else
        problems.push_back({.fatal = true,
                            .what = fmt::format("unknown keyword '{}' out of section", printable(line.word(0), 60)),
                            .place = line.place()});
    }
    texts[path] = std::move(*text);
  }
  read_lists(model, request, files);
  return model;
}

}  // namespace fix502::haproxy
