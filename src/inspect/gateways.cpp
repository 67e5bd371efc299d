#include "inspect/gateways.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>

#include "base/text.hpp"
#include "owner/asker.hpp"
#include "owner/control.hpp"
#include "owner/disk_files.hpp"
#include "owner/programs.hpp"

namespace fix502 {
namespace {

constexpr std::chrono::milliseconds kControlTime{1'000};

/// The process that holds the configuration. Workers may look the same; their parent is the one.
bool is_master(const GatewayKind& kind, const RunningProgram& program, const std::vector<RunningProgram>& all) {
  if (!kind.is_master(program)) return false;
  const auto parent = std::ranges::find(all, program.parent, &RunningProgram::pid);
  return parent == all.end() || !kind.is_master(*parent);
}

/// Where a gateway that tells what it runs is asked: its file may have gone another way since. `read`: its file's
/// content; null: there is none. Empty for one that does not tell.
std::string control_of(const FoundGateway& gateway, const Configuration* read) {
  if (!gateway.master || gateway.request.control.empty()) return {};
  return read == nullptr ? gateway.request.control
                         : gateway.kind->operation(gateway.request, *read, &*gateway.master).control;
}

/// Reads what the request names, and what it runs by its own word.
Result<void> read_files(FoundGateway& gateway) {
  DiskFiles files(gateway.root);
  auto configuration = gateway.kind->read(gateway.request, files);
  const std::string control = control_of(gateway, configuration ? configuration->get() : nullptr);
  if (auto running = ask_running_configuration(gateway.kind->id, control, kControlTime)) {
    gateway.request.running = std::move(*running);
    gateway.request.control = control;
    configuration = gateway.kind->read(gateway.request, files);
  }
  if (!configuration) return std::unexpected(configuration.error());
  gateway.configuration = std::move(*configuration);
  gateway.operation =
      gateway.kind->operation(gateway.request, *gateway.configuration, gateway.master ? &*gateway.master : nullptr);
  return {};
}

Result<FoundGateway> read_one(const GatewayKind& kind, ReadRequest request, std::optional<RunningProgram> master,
                              const std::vector<RunningProgram>& all) {
  FoundGateway found{.kind = &kind,
                     .request = std::move(request),
                     .master = std::move(master),
                     .processes = {},
                     .configuration = {},
                     .operation = {},
                     .root = {}};
  if (found.master) {
    found.root = root_of(found.master->pid);
    // Shut up after it had read its files (HAProxy's chroot): they stand outside.
    if (!found.root.empty() && !DiskFiles(found.root).read(found.request.config)) found.root.clear();
    found.processes = children_of(found.master->pid, all);
    found.processes.insert(found.processes.begin(), found.master->pid);
  }
  if (auto read = read_files(found); !read) return std::unexpected(read.error());
  return found;
}

Result<FoundGateway> by_file(const GatewayWish& wish, const std::vector<RunningProgram>& all) {
  const GatewayKind* kind = find_gateway_kind(wish.kind);
  if (kind != nullptr && kind->read == nullptr) return fail("this version does not read its configuration", wish.kind);
  std::string config = wish.config;
  if (kind == nullptr) {
    // A file's name says whose it is where its folder does.
    for (const GatewayKind* one : gateway_kinds())
      if (one->read != nullptr && (config.contains(one->id) || config.contains(one->title))) kind = one;
    if (kind == nullptr) return fail("say with --kind whose configuration this is", config);
  }
  if (config.empty()) config = kind->usual;
  const Asker ask = program_asker();
  // Of several running ones the one that has read this file; else any: its program and environment are used.
  const RunningProgram* master = nullptr;
  std::optional<ReadRequest> own;
  for (const auto& program : all) {
    if (!is_master(*kind, program, all)) continue;
    const auto request = kind->request_of(program, ask);
    const bool same = request && (request->config == config || lists(request->more, config));
    if (!same) continue;
    master = &program;
    own = *request;
  }
  if (own) return read_one(*kind, *own, *master, all);
  auto request = kind->request_for(config, nullptr, ask);
  if (!request) return std::unexpected(request.error());
  return read_one(*kind, std::move(*request), std::nullopt, all);
}

}  // namespace

Result<std::vector<FoundGateway>> find_gateways(const GatewayWish& wish, std::vector<std::string>& notes) {
  const auto all = running_programs();
  std::vector<FoundGateway> found;
  if (!wish.config.empty()) {
    auto one = by_file(wish, all);
    if (!one) return std::unexpected(one.error());
    found.push_back(std::move(*one));
    return found;
  }
  const Asker ask = program_asker();
  for (const GatewayKind* kind : gateway_kinds()) {
    if (kind->read == nullptr || (!wish.kind.empty() && kind->id != wish.kind)) continue;
    for (const auto& program : all) {
      if (!is_master(*kind, program, all)) continue;
      auto request = kind->request_of(program, ask);
      auto one = request ? read_one(*kind, std::move(*request), program, all)
                         : Result<FoundGateway>(std::unexpected(request.error()));
      if (one)
        found.push_back(std::move(*one));
      else
        notes.push_back(fmt::format("{} (process {}): {}", kind->title, program.pid, one.error().message()));
    }
  }
  if (found.empty() && !wish.kind.empty()) {
    auto one = by_file(wish, all);
    if (!one) return std::unexpected(one.error());
    notes.push_back(fmt::format("no {} runs here; its usual file is read", wish.kind));
    found.push_back(std::move(*one));
  }
  return found;
}

std::vector<std::string> commands_of(const FoundGateway& gateway) {
  std::vector<std::string> commands;
  const auto joined = [](const std::vector<std::string>& words) {
    std::string text;
    for (const auto& word : words) text += (text.empty() ? "" : " ") + shell_quoted(word);
    return text;
  };
  const Operation& operation = gateway.operation;
  if (!operation.check.empty()) commands.push_back(joined(operation.check));
  if (!operation.reload.empty())
    commands.push_back(joined(operation.reload));
  else if (operation.signal != 0 && operation.master != 0)
    commands.push_back(fmt::format("kill -{} {}", operation.signal, operation.master));
  return commands;
}

}  // namespace fix502
