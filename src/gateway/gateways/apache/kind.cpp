#include "gateway/kind.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "base/text.hpp"
#include "gateway/gateways/apache/configuration.hpp"

namespace fix502::gateways {
namespace {

using apache::Apache;

std::string base_name(std::string_view path) {
  return std::string(path.substr(path.rfind('/') + 1));
}

bool is_httpd(std::string_view name) {
  return name == "apache2" || name == "httpd" || name == "httpd2" || name == "httpd.worker" || name == "httpd.event";
}

/// Children have the master's name and arguments: only a master's parent is another program. The caller looks at
/// parents; here a process counts that was started as one.
bool is_master(const RunningProgram& process) {
  const std::string program = process.program.empty() ? process.name : base_name(process.program);
  const std::string name = program.ends_with(" (deleted)") ? program.substr(0, program.size() - 10) : program;
  return is_httpd(name);
}

/// The arguments that decide what is read: -d, -f, -D, -C, -c. `-k start` and `-X` do not.
struct Arguments {
  std::string root, config;
  std::vector<std::string> kept, defines, directives;
};

Arguments read_arguments(const std::vector<std::string>& words) {
  Arguments arguments;
  for (std::size_t i = 1; i < words.size(); ++i) {
    const std::string& word = words[i];
    if (word.size() < 2 || word[0] != '-') continue;
    const char option = word[1];
    if (!std::string_view("dfDCckeE").contains(option)) continue;
    std::string value = word.substr(2);
    if (value.empty() && i + 1 < words.size()) value = words[++i];
    if (option == 'd') arguments.root = value;
    if (option == 'f') arguments.config = value;
    if (option == 'D') arguments.defines.push_back(value);
    if (option == 'C' || option == 'c') arguments.directives.push_back(fmt::format("-{} {}", option, value));
    if (option != 'k' && option != 'e' && option != 'E')
      arguments.kept.insert(arguments.kept.end(), {fmt::format("-{}", option), value});
  }
  return arguments;
}

std::string between(std::string_view text, std::string_view start, std::string_view end) {
  const auto at = text.find(start);
  if (at == std::string_view::npos) return {};
  const auto from = at + start.size();
  const auto to = text.find(end, from);
  return printable(text.substr(from, to == std::string_view::npos ? to : to - from), 4096);
}

/// `apache2 -V` and `-l`: the built-in places, the version, the modules that are part of the program.
struct BuiltIn {
  std::string root, config, version;
  std::vector<std::string> modules;
};

BuiltIn built_in(const std::string& program, const std::vector<NameValue>& environment, const Asker& ask) {
  BuiltIn known;
  if (const auto said = ask({program, "-V"}, "/", environment)) {
    const std::string text = said->out + said->err;
    known.root = between(text, "-D HTTPD_ROOT=\"", "\"");
    known.config = between(text, "-D SERVER_CONFIG_FILE=\"", "\"");
    known.version = between(text, "Server version: Apache/", " ");
    known.version = known.version.substr(0, known.version.find('\n'));
  }
  if (const auto said = ask({program, "-l"}, "/", environment))
    for (const auto word : words(said->out))
      if (word.ends_with(".c")) known.modules.emplace_back(word);
  return known;
}

/// Debian's /etc/apache2/envvars, as it is without a process to ask (`apache2ctl` runs it).
std::vector<NameValue> usual_environment() {
  return {{"APACHE_RUN_USER", "www-data"},
          {"APACHE_RUN_GROUP", "www-data"},
          {"APACHE_PID_FILE", "/var/run/apache2/apache2.pid"},
          {"APACHE_RUN_DIR", "/var/run/apache2"},
          {"APACHE_LOCK_DIR", "/var/lock/apache2"},
          {"APACHE_LOG_DIR", "/var/log/apache2"},
          {"LANG", "C"}};
}

std::string program_of(const RunningProgram* process) {
  if (process == nullptr || process->program.empty()) return "apache2";
  return process->program.ends_with(" (deleted)") ? process->program.substr(0, process->program.size() - 10)
                                                  : process->program;
}

Result<ReadRequest> request_for(const std::string& config, const RunningProgram* process, const Asker& ask) {
  ReadRequest request;
  const Arguments arguments = process == nullptr ? Arguments{} : read_arguments(process->arguments);
  request.environment = process == nullptr || process->environment.empty() ? usual_environment() : process->environment;
  const BuiltIn known = built_in(program_of(process), request.environment, ask);
  request.folder = process == nullptr || process->folder.empty() ? "/" : process->folder;
  request.prefix = !arguments.root.empty() ? arguments.root : known.root.empty() ? "/etc/apache2" : known.root;
  if (!request.prefix.starts_with('/')) request.prefix = request.folder + "/" + request.prefix;
  request.config = !config.empty()             ? config
                   : !arguments.config.empty() ? arguments.config
                   : known.config.empty()      ? "apache2.conf"
                                               : known.config;
  if (!request.config.starts_with('/')) request.config = request.prefix + "/" + request.config;
  request.defines = arguments.defines;
  request.more = arguments.directives;
  for (const auto& module : known.modules) request.more.push_back("-l " + module);
  request.version = known.version;
  return request;
}

Result<ReadRequest> request_of(const RunningProgram& process, const Asker& ask) {
  return request_for({}, &process, ask);
}

Result<std::unique_ptr<Configuration>> read_configuration(const ReadRequest& request, Files& files) {
  auto configuration = std::make_unique<Apache>(request, files);
  if (configuration->files.empty()) {
    const bool known = !configuration->problems.empty();
    return fail(known ? configuration->problems.front().what : "no configuration file was found", request.config);
  }
  return configuration;
}

Operation operation(const ReadRequest& request, const Configuration& configuration, const RunningProgram* master) {
  static_cast<void>(configuration);
  Operation operation;
  std::vector<std::string> words{program_of(master), "-d", request.prefix, "-f", request.config};
  for (const auto& define : request.defines) words.insert(words.end(), {"-D", define});
  for (const auto& more : request.more)
    if (more.starts_with("-C ") || more.starts_with("-c "))
      words.insert(words.end(), {more.substr(0, 2), more.substr(3)});
  operation.check = words;
  operation.check.emplace_back("-t");
  operation.folder = request.folder.empty() ? "/" : request.folder;
  operation.environment = request.environment;
  // Fine by its grammar, and without effect all the same.
  operation.bad_words = {"AH01146", "AH01150", "AH02532"};
  if (master == nullptr) return operation;
  operation.master = master->pid;
  // Never the signal itself: at a broken file SIGUSR1 ends the master, `-k graceful` checks first (stopping.xml).
  operation.reload = words;
  operation.reload.insert(operation.reload.end(), {"-k", "graceful"});
  return operation;
}

}  // namespace

extern const GatewayKind apache{.id = "apache",
                                .title = "Apache httpd",
                                .usual = "/etc/apache2/apache2.conf",
                                .is_master = is_master,
                                .request_of = request_of,
                                .request_for = request_for,
                                .read = read_configuration,
                                .operation = operation};

}  // namespace fix502::gateways
