#include "owner/php_fpm.hpp"

#include <algorithm>
#include <charconv>

#include "base/text.hpp"

namespace fix502 {
namespace {

constexpr std::size_t kMostFileLines = 100'000;
constexpr std::size_t kMostPools = 500;
constexpr std::size_t kMostIncludes = 1'000;
constexpr std::size_t kMostValue = 300;

std::string unquoted(std::string_view value) {
  if (value.size() >= 2 && (value.front() == '"' || value.front() == '\'')) {
    const auto end = value.find(value.front(), 1);
    if (end != value.npos) return std::string(value.substr(1, end - 1));
  }
  return std::string(trim(value.substr(0, value.find(';'))));
}

int count_of(std::string_view text) {
  int value = 0;
  std::from_chars(text.data(), text.data() + text.size(), value);
  return std::max(value, 0);
}

/// "$pool" stands for the pool's name.
std::string with_pool(std::string value, const std::string& pool) {
  constexpr std::string_view kVariable = "$pool";
  for (auto at = value.find(kVariable); at != value.npos && value.size() < 4096;
       at = value.find(kVariable, at + pool.size()))
    value.replace(at, kVariable.size(), pool);
  return printable(value, kMostValue);
}

/// 9000 is ":9000" is every address's port 9000.
std::string listen_place(const std::string& value) {
  const bool digits = !value.empty() && std::ranges::all_of(value, [](char c) { return c >= '0' && c <= '9'; });
  return digits ? "0.0.0.0:" + value : value;
}

struct Row {
  std::string_view key;
  void (*set)(PoolFacts& pool, const IniLine& line, const std::string& value);
};
const Row kRows[] = {
    {"listen", [](PoolFacts& pool, const IniLine&, const std::string& value) { pool.listen = listen_place(value); }},
    {"user", [](PoolFacts& pool, const IniLine&, const std::string& value) { pool.user = value; }},
    {"listen.owner", [](PoolFacts& pool, const IniLine&, const std::string& value) { pool.owner = value; }},
    {"listen.group", [](PoolFacts& pool, const IniLine&, const std::string& value) { pool.group = value; }},
    {"listen.mode", [](PoolFacts& pool, const IniLine&, const std::string& value) { pool.mode = value; }},
    {"pm.max_children",
     [](PoolFacts& pool, const IniLine& line, const std::string& value) {
       pool.max_children = count_of(value);
       pool.line = line.line;
     }},
    {"pm.status_path", [](PoolFacts& pool, const IniLine&, const std::string& value) { pool.status_path = value; }},
    {"ping.path", [](PoolFacts& pool, const IniLine&, const std::string& value) { pool.ping_path = value; }},
    {"request_terminate_timeout",
     [](PoolFacts& pool, const IniLine&, const std::string& value) { pool.request_timeout_ms = fpm_time(value); }},
};

class PoolReader {
 public:
  explicit PoolReader(Files& files) : files_(files) {}

  void read(const std::string& path, int depth) {
    const auto text = files_.read(path);
    if (!text || depth > 3) return;
    for (const auto& line : read_ini(*text)) {
      if (line.key == "include")
        include(line.value, depth);
      else if (!line.section.empty() && line.section != "global")
        set(path, line);
    }
  }
  [[nodiscard]] std::vector<PoolFacts> take() { return std::move(pools_); }

 private:
  void include(const std::string& pattern, int depth) {
    for (const auto& path : files_.match(pattern))
      if (++included_ <= kMostIncludes) read(path, depth + 1);
  }
  void set(const std::string& path, const IniLine& line) {
    auto pool = std::ranges::find(pools_, line.section, &PoolFacts::name);
    if (pool == pools_.end()) {
      if (pools_.size() == kMostPools) return;
      pool = pools_.insert(pools_.end(), PoolFacts{});
      pool->name = line.section;
    }
    pool->file = path;
    const auto* row = std::ranges::find(kRows, line.key, &Row::key);
    if (row != std::end(kRows)) row->set(*pool, line, with_pool(line.value, line.section));
  }

  Files& files_;
  std::vector<PoolFacts> pools_;
  std::size_t included_ = 0;
};

}  // namespace

std::vector<IniLine> read_ini(std::string_view text) {
  std::vector<IniLine> lines;
  std::string section;
  for (int number = 1; !text.empty() && lines.size() < kMostFileLines; ++number) {
    const auto end = std::min(text.find('\n'), text.size());
    const auto line = trim(text.substr(0, end));
    text.remove_prefix(std::min(end + 1, text.size()));
    if (line.empty() || line.front() == ';' || line.front() == '#') continue;
    if (line.front() == '[') {
      section = printable(trim(line.substr(1, line.find(']') - 1)), 100);
      continue;
    }
    const auto equals = line.find('=');
    if (equals == line.npos) continue;
    lines.push_back({.line = number,
                     .section = section,
                     .key = std::string(trim(line.substr(0, equals))),
                     .value = unquoted(trim(line.substr(equals + 1)))});
  }
  return lines;
}

std::optional<std::uint64_t> fpm_time(std::string_view text) {
  std::uint64_t count = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), count);
  if (error != std::errc{} || count == 0 || count > 1'000'000'000) return std::nullopt;
  const auto unit = text.substr(static_cast<std::size_t>(end - text.data()));
  if (unit.empty() || unit == "s") return count * 1000;
  if (unit == "m") return count * 60'000;
  if (unit == "h") return count * 3'600'000;
  if (unit == "d") return count * 86'400'000;
  return std::nullopt;
}

std::string fpm_file_in(std::string_view title) {
  constexpr std::string_view kMaster = "master process (";
  const auto at = title.find(kMaster);
  if (!title.starts_with("php-fpm") || at == title.npos) return {};
  const auto begin = at + kMaster.size();
  const auto end = title.rfind(')');
  return end == title.npos || end < begin ? std::string() : std::string(title.substr(begin, end - begin));
}

std::vector<PoolFacts> read_fpm_pools(const std::string& main_file, Files& files) {
  PoolReader reader(files);
  reader.read(main_file, 0);
  return reader.take();
}

}  // namespace fix502
