#include "serve/module_document.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "base/text.hpp"

namespace fix502 {
namespace {

constexpr std::size_t kBudget = 8 << 20;  // bytes looked at, kNode for each node beside its text
constexpr std::size_t kNode = 64;
constexpr int kMostMerges = 8;            // within each other
constexpr std::size_t kMostKeys = 1'000;  // of one map

std::string_view kind_of(const YAML::Node& node) {
  return node.IsMap() ? "a map" : node.IsSequence() ? "a list" : node.IsNull() ? "nothing" : "a word";
}

/// yaml.v3 into a bool: YAML 1.1's words as well.
constexpr std::string_view kYes[] = {"true", "yes", "on", "y"};
constexpr std::string_view kNo[] = {"false", "no", "off", "n"};

}  // namespace

ModuleDocument::Within::Within(ModuleDocument& document, std::string_view key, const YAML::Node& value)
    : document_(document), size_(document.key_.size()), line_(document.line_) {
  document.note_line(value);
  if (!document.key_.empty() && !document.key_.ends_with(' ')) document.key_ += '.';
  document.key_ += printable(key, 100);
}

ModuleDocument::Within::~Within() {
  document_.key_.resize(size_);
  document_.line_ = line_;
}

void ModuleDocument::note_line(const YAML::Node& node) {
  if (const auto mark = node.Mark(); !mark.is_null()) line_ = mark.line + 1;
}

std::string ModuleDocument::place() const {
  return fmt::format("{}:{}: {}", path_, line_, key_);
}

void ModuleDocument::wrong(std::string_view what) {
  if (!error_) error_ = Error{place() + (key_.empty() || key_.ends_with(' ') ? "" : " ") + std::string(what), {}};
}

void ModuleDocument::wrong(const YAML::Node& at, std::string_view what) {
  note_line(at);
  wrong(what);
}

bool ModuleDocument::spend(std::size_t bytes) {
  spent_ += kNode + bytes;
  if (spent_ > kBudget) wrong("stands for more than is read: aliases make it too large");
  return is_good();
}

YAML::Node ModuleDocument::load(const std::string& text) {
  // yaml-cpp reports by exceptions, a file nested too deeply for its stack among them (DepthGuard).
  try {
    return YAML::Load(text);
  } catch (const YAML::Exception& error) {
    line_ = error.mark.is_null() ? 1 : error.mark.line + 1;
    wrong("is no YAML: " + printable(error.msg, 120));
  }
  return {};
}

std::vector<ModuleDocument::Entry> ModuleDocument::entries(const YAML::Node& map) {
  std::vector<Entry> found;
  collect(map, 0, found);
  return found;
}

void ModuleDocument::collect(const YAML::Node& map, int merges, std::vector<Entry>& into) {
  if (!spend(0) || map.IsNull()) return;
  if (!map.IsMap()) return wrong(map, fmt::format("takes a map, not {}", kind_of(map)));
  if (map.size() > kMostKeys) return wrong(map, fmt::format("has more than {} keys", kMostKeys));
  std::vector<Entry> own;
  std::vector<std::string_view> names;
  std::optional<YAML::Node> merged;
  for (const auto& pair : map) {
    if (!pair.first.IsScalar()) return wrong(pair.first, "has a key that is no word");
    const std::string& name = pair.first.Scalar();
    if (!spend(name.size())) return;
    if (name == "<<")
      merged = pair.second;
    else
      own.push_back({name, pair.second});
  }
  for (const Entry& entry : own) names.push_back(entry.key);
  std::ranges::sort(names);
  if (const auto twice = std::ranges::adjacent_find(names); twice != names.end())
    return wrong(map, fmt::format("has the key {} twice", printable(*twice, 60)));
  // What stands in the map itself, or was merged before, holds.
  const auto known = into.size();
  for (Entry& entry : own)
    if (std::none_of(into.begin(), into.begin() + static_cast<std::ptrdiff_t>(known),
                     [&](const Entry& other) { return other.key == entry.key; }))
      into.push_back(std::move(entry));
  if (merged) merge(*merged, merges + 1, into);
}

void ModuleDocument::merge(const YAML::Node& value, int merges, std::vector<Entry>& into) {
  if (merges > kMostMerges) return wrong(value, "merges maps within maps too deeply");
  if (!value.IsSequence()) return collect(value, merges, into);
  for (const auto& map : value) {
    if (!is_good()) return;
    collect(map, merges, into);
  }
}

std::vector<YAML::Node> ModuleDocument::items(const YAML::Node& list) {
  std::vector<YAML::Node> found;
  if (!spend(0) || list.IsNull()) return found;
  if (!list.IsSequence()) {
    wrong(list, fmt::format("takes a list, not {}", kind_of(list)));
    return found;
  }
  for (const auto& item : list) {
    if (!spend(0)) break;
    found.push_back(item);
  }
  return found;
}

std::string ModuleDocument::text(const YAML::Node& node) {
  if (node.IsNull()) return {};
  if (!node.IsScalar()) {
    wrong(node, fmt::format("takes a word, not {}", kind_of(node)));
    return {};
  }
  return spend(node.Scalar().size()) ? node.Scalar() : std::string{};
}

bool ModuleDocument::flag(const YAML::Node& node) {
  const std::string word = lower(text(node));
  if (std::ranges::find(kYes, word) != std::end(kYes)) return true;
  if (std::ranges::find(kNo, word) == std::end(kNo)) wrong(node, "takes true or false");
  return false;
}

bool ModuleDocument::is_nothing(const YAML::Node& node) {
  if (node.IsNull()) return true;
  if (!node.IsScalar()) return node.size() == 0;
  const std::string word = lower(node.Scalar());
  return word.empty() || word == "0" || std::ranges::find(kNo, word) != std::end(kNo);
}

}  // namespace fix502
