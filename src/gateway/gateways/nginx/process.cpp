// A running nginx: its master's title holds the words that it was started with, and `nginx -V` says what it was built
// with (src/core/nginx.c).

#include "gateway/gateways/nginx/process.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <optional>

#include "base/text.hpp"
#include "gateway/gateways/nginx/tree.hpp"

namespace fix502::nginx {
namespace {

constexpr std::string_view kTitle = "nginx: master process";
constexpr int kHangUp = 1;  // SIGHUP: read the configuration again

std::vector<std::string> words_of(const RunningProgram& process) {
  if (process.arguments.empty()) return {};
  const auto& first = process.arguments.front();
  if (!first.starts_with(kTitle)) return process.arguments;
  std::vector<std::string> all;
  for (const auto word : words(std::string_view(first).substr(kTitle.size()))) all.emplace_back(word);
  return all;
}

struct Flags {
  std::optional<std::string> config, prefix, error_log;
  std::string directives;  ///< -g
  bool only_looks = false;
};

/// The title has lost its quotes: what stands behind -g reaches to the word that ends with ";" and has an option or
/// nothing behind it.
Flags read_flags(const std::vector<std::string>& all) {
  Flags flags;
  const auto is_option = [&](std::size_t i) { return i >= all.size() || (all[i].size() >= 2 && all[i][0] == '-'); };
  for (std::size_t i = 1; i < all.size(); ++i) {
    const auto& word = all[i];
    if (word.size() < 2 || word[0] != '-') continue;
    const char option = word[1];
    if (option == 't' || option == 'T' || option == 's' || option == 'v' || option == 'V' || option == 'h')
      flags.only_looks = true;
    if (option != 'c' && option != 'p' && option != 'e' && option != 'g') continue;
    std::string value = word.substr(2);
    if (value.empty() && i + 1 < all.size()) value = all[++i];
    while (option == 'g' && !(value.ends_with(';') && is_option(i + 1)) && i + 1 < all.size()) value += " " + all[++i];
    if (option == 'c') flags.config = value;
    if (option == 'p') flags.prefix = value;
    if (option == 'e') flags.error_log = value;
    if (option == 'g') flags.directives = value;
  }
  return flags;
}

/// What the program was built with; Debian's places where it cannot be asked.
struct Built {
  std::string prefix = "/usr/share/nginx", config = "/etc/nginx/nginx.conf", error_log, access_log, version;
};

Built ask_program(const std::string& program, const RunningProgram* process, const Asker& ask) {
  Built built;
  if (!ask) return built;
  const auto said = ask({program, "-V"}, process == nullptr ? "/" : process->folder, {});
  if (!said) return built;
  const std::string text = said->err + "\n" + said->out;
  if (const auto at = text.find("version: "); at != std::string::npos)
    if (const auto slash = text.find('/', at); slash != std::string::npos)
      built.version = text.substr(slash + 1, text.find_first_not_of("0123456789.", slash + 1) - slash - 1);
  const auto take = [&](std::string_view option, std::string& into) {
    const auto at = text.find(option);
    if (at == std::string::npos) return false;
    const auto start = at + option.size();
    into = text.substr(start, text.find_first_of(" \n'", start) - start);
    return true;
  };
  const bool prefixed = take("--prefix=", built.prefix);
  if (!take("--conf-path=", built.config) && prefixed) built.config = under(built.prefix, "conf/nginx.conf");
  if (!take("--error-log-path=", built.error_log)) built.error_log = "logs/error.log";
  if (!take("--http-log-path=", built.access_log)) built.access_log = "logs/access.log";
  return built;
}

std::string program_of(const RunningProgram* process) {
  if (process == nullptr) return "nginx";
  if (!process->program.empty()) return process->program;
  const auto all = words_of(*process);
  return all.empty() || all.front().empty() ? "nginx" : all.front();
}

ReadRequest make_request(const Flags& flags, const RunningProgram* process, const Asker& ask) {
  const auto built = ask_program(program_of(process), process, ask);
  ReadRequest request;
  request.folder = process == nullptr || process->folder.empty() ? "/" : process->folder;
  request.prefix = under(request.folder, flags.prefix.value_or(built.prefix));
  if (!request.prefix.ends_with('/')) request.prefix += '/';
  // A relative -c is looked for below the prefix (ngx_conf_full_name()).
  request.config = under(request.prefix, flags.config.value_or(built.config));
  request.version = built.version;
  if (process != nullptr) request.environment = process->environment;
  if (!flags.directives.empty()) request.more.push_back("-g " + flags.directives);
  if (flags.error_log) request.more.push_back("-e " + *flags.error_log);
  const auto error_log = flags.error_log.value_or(built.error_log);
  if (!error_log.empty()) request.more.push_back("--error-log-path=" + error_log);
  if (!built.access_log.empty()) request.more.push_back("--http-log-path=" + built.access_log);
  return request;
}

}  // namespace

bool is_master(const RunningProgram& process) {
  if (process.arguments.empty()) return false;
  const auto& first = process.arguments.front();
  if (first.starts_with(kTitle)) return true;
  // With `master_process off` there is one process, whose words nobody changes.
  const auto slash = first.rfind('/');
  const auto name = slash == std::string::npos ? first : first.substr(slash + 1);
  return name == "nginx" && (process.name.empty() || process.name == "nginx") &&
         !read_flags(process.arguments).only_looks;
}

Result<ReadRequest> request_of(const RunningProgram& process, const Asker& ask) {
  const auto all = words_of(process);
  if (all.empty()) return fail("nginx's arguments cannot be read", fmt::format("process {}", process.pid));
  return make_request(read_flags(all), &process, ask);
}

Result<ReadRequest> request_for(const std::string& config, const RunningProgram* process, const Asker& ask) {
  if (config.empty()) return fail("no file is named");
  Flags flags = process == nullptr ? Flags{} : read_flags(words_of(*process));
  flags.config = under(process == nullptr || process->folder.empty() ? "/" : process->folder, config);
  return make_request(flags, process, ask);
}

Operation operation(const ReadRequest& request, const Configuration&, const RunningProgram* master) {
  Operation operation;
  operation.check = {program_of(master), "-t"};
  const auto add = [&](std::string_view option, std::string value) {
    operation.check.emplace_back(option);
    operation.check.push_back(std::move(value));
  };
  if (!request.prefix.empty()) add("-p", request.prefix);
  add("-c", request.config);
  for (const auto& word : request.more)
    if (word.starts_with("-g ") || word.starts_with("-e ")) add(word.substr(0, 2), word.substr(3));
  operation.folder = request.folder.empty() ? "/" : request.folder;
  operation.environment = request.environment;
  if (master == nullptr) return operation;
  operation.signal = kHangUp;
  operation.master = master->pid;
  return operation;
}

}  // namespace fix502::nginx
