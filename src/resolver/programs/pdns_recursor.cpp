// PowerDNS Recursor, by rec_control(1) and the folders that the process was started with. Measured with 4.8.8.

#include <stdlib.h>

#include <filesystem>
#include <fstream>

#include "base/text.hpp"
#include "resolver/program.hpp"

namespace fix502 {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t kMaxLine = 64 * 1024;

std::vector<std::string> control(const LocalResolver& resolver, std::vector<std::string> command) {
  std::vector<std::string> line = {"rec_control"};
  for (const char* option : {"--config-dir", "--config-name", "--socket-dir"})
    if (const auto value = resolver.process.option(option)) line.push_back(std::string(option) + "=" + *value);
  line.insert(line.end(), command.begin(), command.end());
  return line;
}

/// A folder of our own that goes with its owner: rec_control writes a dump into a file that must not be there yet.
class Folder {
 public:
  Folder() {
    std::error_code error;
    std::string text = (fs::temp_directory_path(error) / "fix502-XXXXXX").string();
    if (!error && mkdtemp(text.data()) != nullptr) path_ = text;
  }
  Folder(const Folder&) = delete;
  Folder& operator=(const Folder&) = delete;
  ~Folder() {
    std::error_code ignored;
    if (!path_.empty()) fs::remove_all(path_, ignored);
  }
  [[nodiscard]] const fs::path& path() const { return path_; }

 private:
  fs::path path_;
};

void look(const LocalResolver& resolver, ResolverCache& cache, Moment deadline) {
  const Folder folder;
  if (folder.path().empty()) {
    cache.problem = "there is no place for what it shows";
    return;
  }
  const std::string dump = (folder.path() / "cache").string();
  const auto end = run_tool(control(resolver, {"dump-cache", dump}), [](std::string_view) { return false; }, deadline);
  std::ifstream file(dump);
  if (end.status != 0 || !file) {
    cache.problem = end.error.empty() ? "it does not show its cache" : end.error;
    return;
  }
  cache.looked = true;
  const auto names = names_of(cache);
  // "NAME TTL-AT-FIRST TTL-LEFT IN A ADDRESS ; ..."
  for (std::string line; std::getline(file, line) && std::chrono::steady_clock::now() < deadline;)
    if (line.size() < kMaxLine) add_stored_line(cache, names, line, 2);
  if (cache.cached != Cached::yes) cache.cached = Cached::no;
}

std::vector<std::string> asks(const LocalResolver& resolver, const std::string& name, Moment deadline) {
  std::vector<Forward> forwards;
  for (const char* parameter : {"forward-zones-recurse", "forward-zones"}) {
    const auto end =
        run_tool(control(resolver, {"get-parameter", parameter}), [](std::string_view) { return true; }, deadline);
    // forward-zones-recurse=".=192.0.2.1;192.0.2.2, shop.example=198.51.100.53"
    std::string text = end.output;
    std::erase(text, '"');
    const auto equals = text.find('=');
    if (end.status != 0 || equals == text.npos) continue;
    for (const auto zone : split(std::string_view(text).substr(equals + 1), ',')) {
      const auto mark = zone.find('=');
      if (mark == zone.npos) continue;
      Forward& forward = forwards.emplace_back();
      forward.zone = trim(zone.substr(zone.starts_with('+') ? 1 : 0, mark - (zone.starts_with('+') ? 1 : 0)));
      for (const auto server : split(zone.substr(mark + 1), ';')) forward.servers.emplace_back(server);
    }
  }
  return nearest_forward(forwards, name);
}

void plan(const LocalResolver& resolver, ResolverCache& cache) {
  std::vector<std::string> words = {"wipe-cache"};
  for (auto& name : names_of(cache)) words.push_back(std::move(name));
  cache.flush = {control(resolver, std::move(words))};
  cache.needs_root = true;
}

}  // namespace

extern const CacheProgram pdns_recursor_program{
    .id = "pdns_recursor",
    .executables = "pdns_recursor",
    .calls_itself = "PowerDNS Recursor",
    .look = look,
    .asks = asks,
    .plan = plan,
};

}  // namespace fix502
