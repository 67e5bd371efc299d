#include "owner/units.hpp"

#include <algorithm>
#include <array>
#include <filesystem>

#include "base/text.hpp"
#include "sys/linux/files.hpp"
#include "sys/linux/tool.hpp"

namespace fix502 {
namespace {

namespace fs = std::filesystem;

constexpr const char* kFolders[] = {"/etc/systemd/system", "/run/systemd/system", "/usr/local/lib/systemd/system",
                                    "/usr/lib/systemd/system"};
constexpr std::size_t kMostUnitFile = 64UL * 1024;
constexpr std::size_t kMostFilesRead = 3'000;
constexpr std::size_t kLastLines = 5;
constexpr std::size_t kMostLine = 300;

bool is_digit(char c) {
  return c >= '0' && c <= '9';
}

/// The port stands there as a number of its own, behind something that makes it a port: ":8000", "PORT=8000", "-p
/// 8000", "--port 8000".
bool names_port(std::string_view line, const std::string& port) {
  for (auto at = line.find(port); at != line.npos; at = line.find(port, at + 1)) {
    const auto end = at + port.size();
    if (at == 0 || (end < line.size() && (is_digit(line[end]) || line[end] == '.'))) continue;
    const auto before = line.substr(0, at);
    constexpr std::string_view kBefore[] = {":", "port=", "-p ", "-p", "port ", "listen=", "listenstream=", "bind "};
    const std::string small = lower(before.substr(before.size() - std::min<std::size_t>(before.size(), 16)));
    if (std::ranges::any_of(kBefore, [&](std::string_view word) { return small.ends_with(word); })) return true;
  }
  return false;
}

/// The path stands there whole.
bool names_path(std::string_view line, const std::string& path) {
  for (auto at = line.find(path); at != line.npos; at = line.find(path, at + 1)) {
    const auto end = at + path.size();
    if (end == line.size() || std::string_view(" \t\"';,:").contains(line[end])) return true;
  }
  return false;
}

/// "app@.service" is no unit that runs; "gunicorn.socket" is for "gunicorn.service".
std::string service_of(const std::string& file) {
  if (file.contains("@.")) return {};
  if (file.ends_with(".service")) return file;
  constexpr std::string_view kSocket = ".socket";
  return file.ends_with(kSocket) ? file.substr(0, file.size() - kSocket.size()) + ".service" : std::string();
}

}  // namespace

bool has_systemd() {
  std::error_code error;
  return fs::is_directory("/run/systemd/system", error);
}

void read_unit_properties(std::string_view text, ServiceFacts& facts) {
  for (const auto line : split(text, '\n')) {
    const auto equals = line.find('=');
    if (equals == line.npos) continue;
    const auto key = line.substr(0, equals);
    const std::string value = printable(line.substr(equals + 1), 100);
    if (key == "ActiveState") facts.state = value;
    if (key == "Result") facts.result = value;
  }
  facts.memory_kill |= facts.result == "oom-kill";
}

bool names_endpoint(std::string_view unit_file, const UpstreamServer& server) {
  const std::string port = std::to_string(server.port);
  for (const auto line : split(unit_file, '\n')) {
    if (line.starts_with('#') || line.starts_with(';')) continue;
    if (!line.starts_with("Exec") && !line.starts_with("Environment=") && !line.starts_with("ListenStream=")) continue;
    if (server.socket.empty() ? server.port > 0 && names_port(line, port) : names_path(line, server.socket))
      return true;
  }
  return false;
}

std::vector<std::string> units_naming(const UpstreamServer& server) {
  std::vector<std::string> units;
  std::size_t files = 0;
  for (const char* folder : kFolders) {
    std::error_code error;
    for (fs::directory_iterator each(folder, error), end; !error && each != end; each.increment(error)) {
      const std::string unit = service_of(each->path().filename().string());
      if (unit.empty() || ++files > kMostFilesRead) continue;
      if (std::ranges::find(units, unit) != units.end()) continue;
      if (names_endpoint(read_text(each->path(), kMostUnitFile), server)) units.push_back(printable(unit, 200));
    }
  }
  return units;
}

ServiceFacts look_at_unit(const std::string& unit, std::chrono::steady_clock::time_point deadline) {
  ServiceFacts facts;
  facts.unit = unit;
  if (!has_systemd()) return facts;
  const auto all = [](std::string_view) { return true; };
  const ToolEnd shown = run_program(
      {.words = {"systemctl", "show", "--property=ActiveState,SubState,Result,NRestarts", "--", unit}}, all, deadline);
  read_unit_properties(shown.output, facts);
  const ToolEnd journal = run_program(
      {.words = {"journalctl", "-q", "--no-pager", "-o", "cat", "-n", std::to_string(kLastLines), "-u", unit}}, all,
      deadline);
  const auto lines = split(journal.output, '\n');
  for (const auto line : lines)
    if (facts.last_lines.size() < kLastLines) facts.last_lines.push_back(printable(line, kMostLine));
  return facts;
}

}  // namespace fix502
