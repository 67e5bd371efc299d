#include "gateway/kind.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "base/text.hpp"
#include "gateway/gateways/haproxy/configuration.hpp"

namespace fix502::gateways {
namespace {

using haproxy::Haproxy;

constexpr int kReload = 12;  // SIGUSR2, to a master (management.txt 4)

std::string base_name(const std::string& path) {
  return path.substr(path.rfind('/') + 1);
}

/// Options that take a value as their next word (management.txt 3).
bool option_takes_value(std::string_view option) {
  constexpr std::string_view kOptions[] = {"-C", "-L", "-m", "-M", "-n", "-N", "-p", "-S", "-x", "-F"};
  return std::ranges::find(kOptions, option) != std::end(kOptions);
}

/// Its arguments without what only a start or a hand-over has.
struct Arguments {
  std::vector<std::string> files;
  std::vector<std::string> kept;  ///< -f FILE, -C DIR, -n N ...: for a check or a new start
  std::string change_to, pid_file;
  bool master = false;
};

Arguments read(const std::vector<std::string>& words) {
  Arguments arguments;
  for (std::size_t i = 1; i < words.size(); ++i) {
    const std::string& word = words[i];
    if (word == "-f" && i + 1 < words.size()) {
      arguments.files.push_back(words[++i]);
    } else if (word == "--") {
      arguments.files.insert(arguments.files.end(), words.begin() + static_cast<std::ptrdiff_t>(i) + 1, words.end());
      break;
    } else if (word == "-W" || word == "-Ws") {
      arguments.master = true;
    } else if (word == "-sf" || word == "-st") {
      while (i + 1 < words.size() && !words[i + 1].starts_with('-')) ++i;
    } else if (option_takes_value(word) && i + 1 < words.size()) {
      if (word == "-C") arguments.change_to = words[i + 1];
      if (word == "-p") arguments.pid_file = words[i + 1];
      if (word == "-C" || word == "-n" || word == "-m" || word == "-L")
        arguments.kept.insert(arguments.kept.end(), {word, words[i + 1]});
      ++i;
    }
  }
  return arguments;
}

bool is_master(const RunningProgram& process) {
  const std::string name = process.program.empty() ? process.name : base_name(process.program);
  return name == "haproxy" && std::ranges::find(process.arguments, "-f") != process.arguments.end();
}

/// "HAProxy version 2.6.12-1+deb12u1 2023/12/16 - https://haproxy.org/"
std::string version_of(const std::string& program, const Asker& ask) {
  const auto said = ask({program.empty() ? "haproxy" : program, "-v"}, "/", {});
  if (!said) return {};
  const auto at = said->out.find("version ");
  if (at == std::string::npos) return {};
  const auto end = said->out.find_first_not_of("0123456789.", at + 8);
  return printable(std::string_view(said->out).substr(at + 8, end - at - 8), 20);
}

Result<ReadRequest> request_of(const RunningProgram& process, const Asker& ask) {
  const Arguments arguments = read(process.arguments);
  if (arguments.files.empty()) return fail("haproxy runs without a configuration file", std::to_string(process.pid));
  ReadRequest request;
  request.folder = arguments.change_to.empty() ? process.folder : arguments.change_to;
  request.config = arguments.files.front();
  if (!request.config.starts_with('/') && !request.folder.empty())
    request.config = request.folder + "/" + request.config;
  request.more.assign(arguments.files.begin() + 1, arguments.files.end());
  // What a master tells its workers would make a check wait for listeners that it does not get.
  for (const auto& variable : process.environment)
    if (!variable.name.starts_with("HAPROXY_") && variable.name != "NOTIFY_SOCKET")
      request.environment.push_back(variable);
  request.version = version_of(process.program, ask);
  return request;
}

Result<ReadRequest> request_for(const std::string& config, const RunningProgram* process, const Asker& ask) {
  ReadRequest request;
  if (process != nullptr)
    if (auto own = request_of(*process, ask)) request = std::move(*own);
  if (request.config != config) request.more.clear();
  request.config = config;
  if (request.version.empty()) request.version = version_of({}, ask);
  return request;
}

Result<std::unique_ptr<Configuration>> read_configuration(const ReadRequest& request, Files& files) {
  auto configuration = std::make_unique<Haproxy>();
  configuration->version = request.version;
  configuration->model = haproxy::read_model(request, files, configuration->files, configuration->problems);
  if (configuration->files.empty()) {
    const bool known = !configuration->problems.empty();
    return fail(known ? configuration->problems.front().what : "no configuration file was found", request.config);
  }
  for (const auto& section : configuration->model.sections) {
    for (const auto& line : section.lines) {
      const bool names = line.word(0) == "use_backend" || line.word(0) == "default_backend";
      if (names && !line.word(1).contains('%') && configuration->model.backend(line.word(1)) == nullptr)
        configuration->problems.push_back(
            {.fatal = true,
             .what = fmt::format("unable to find required {}: '{}'", line.word(0), printable(line.word(1), 80)),
             .place = line.place()});
    }
  }
  configuration->syslog_files = files.match("/var/log/haproxy.log");
  if (const haproxy::Section* global = configuration->model.global())
    for (const auto& line : global->lines)
      if (line.word(0) == "user") configuration->user = line.word(1);
  return configuration;
}

Operation operation(const ReadRequest& request, const Configuration& configuration, const RunningProgram* master) {
  Operation operation;
  const std::string program = master == nullptr || master->program.empty() ? "haproxy" : master->program;
  const Arguments arguments = master == nullptr ? Arguments{} : read(master->arguments);
  std::vector<std::string> files = {"-f", request.config};
  for (const auto& more : request.more) files.insert(files.end(), {"-f", more});
  operation.folder = request.folder.empty() ? "/" : request.folder;
  operation.environment = request.environment;
  operation.check = {program, "-c"};
  operation.check.insert(operation.check.end(), arguments.kept.begin(), arguments.kept.end());
  operation.check.insert(operation.check.end(), files.begin(), files.end());
  if (const auto* own = dynamic_cast<const Haproxy*>(&configuration))
    if (const haproxy::Section* global = own->model.global())
      for (const auto& line : global->lines)
        if (line.word(0) == "stats" && line.word(1) == "socket" && operation.control.empty())
          operation.control = line.word(2).starts_with("unix@") ? line.word(2).substr(5) : line.word(2);
  if (master == nullptr) return operation;
  operation.master = master->pid;
  if (arguments.master) {
    operation.signal = kReload;
    return operation;
  }
  // Without a master: a new process takes the listeners over and lets the old one finish (management.txt 4).
  operation.reload = {program, "-D"};
  operation.reload.insert(operation.reload.end(), arguments.kept.begin(), arguments.kept.end());
  operation.reload.insert(operation.reload.end(), files.begin(), files.end());
  if (!arguments.pid_file.empty()) operation.reload.insert(operation.reload.end(), {"-p", arguments.pid_file});
  operation.reload.insert(operation.reload.end(), {"-sf", std::to_string(master->pid)});
  return operation;
}

}  // namespace

extern const GatewayKind haproxy{.id = "haproxy",
                                 .title = "HAProxy",
                                 .usual = "/etc/haproxy/haproxy.cfg",
                                 .is_master = is_master,
                                 .request_of = request_of,
                                 .request_for = request_for,
                                 .read = read_configuration,
                                 .operation = operation};

}  // namespace fix502::gateways
