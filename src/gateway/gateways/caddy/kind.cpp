#include "gateway/kind.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>

#include "base/text.hpp"
#include "gateway/gateways/caddy/configuration.hpp"

namespace fix502::gateways {
namespace {

using caddy::Caddy;

constexpr std::string_view kUsualAdmin = "localhost:2019";

bool is_master(const RunningProgram& process) {
  const std::string name =
      process.program.empty() ? process.name : process.program.substr(process.program.rfind('/') + 1);
  return name == "caddy" && process.arguments.size() > 1 && process.arguments[1] == "run";
}

std::string option(const std::vector<std::string>& words, std::string_view name) {
  for (std::size_t i = 1; i < words.size(); ++i) {
    if ((words[i] == name || words[i] == "-" + std::string(name)) && i + 1 < words.size()) return words[i + 1];
    if (words[i].starts_with(std::string(name) + "=")) return words[i].substr(name.size() + 1);
  }
  return {};
}

std::string program_of(const RunningProgram* process) {
  return process == nullptr || process->program.empty() ? "caddy" : process->program;
}

/// Caddy's own adapter turns a Caddyfile into JSON; what it complains of is kept in the JSON's place.
void adapt(ReadRequest& request, const std::string& program, const Asker& ask) {
  const auto version = ask({program, "version"}, "/", {});
  if (version)
    request.version =
        printable(version->out.substr(version->out.starts_with('v') ? 1 : 0,
                                      version->out.find_first_of(" \n") - (version->out.starts_with('v') ? 1 : 0)),
                  20);
  if (request.config.ends_with(".json")) return;
  const auto said = ask({program, "adapt", "--config", request.config, "--adapter", "caddyfile"}, request.folder,
                        request.environment);
  if (!said)
    request.adapted = said.error().message();
  else
    request.adapted = said->status == 0 ? said->out : said->err + said->out;
}

Result<ReadRequest> request_for(const std::string& config, const RunningProgram* process, const Asker& ask) {
  ReadRequest request;
  request.config = config;
  request.folder = process == nullptr || process->folder.empty() ? "/" : process->folder;
  if (process != nullptr) {
    request.environment = process->environment;
    request.control = kUsualAdmin;
    const auto own = std::ranges::find(request.environment, "CADDY_ADMIN", &NameValue::name);
    if (own != request.environment.end() && !own->value.empty()) request.control = own->value;
  }
  adapt(request, program_of(process), ask);
  return request;
}

Result<ReadRequest> request_of(const RunningProgram& process, const Asker& ask) {
  std::string config = option(process.arguments, "--config");
  const std::string folder = process.folder.empty() ? "/" : process.folder;
  if (config.empty()) config = "Caddyfile";
  if (!config.starts_with('/')) config = folder + (folder.ends_with('/') ? "" : "/") + config;
  return request_for(config, &process, ask);
}

/// "Error: adapting config using caddyfile: F:4 - Error during parsing: ..."
Problem problem_of(const std::string& said, const std::string& file) {
  Problem problem{.fatal = true, .what = printable(trim(said), 300), .place = {.file = file}};
  const auto error = said.find("Error:");
  if (error != std::string::npos)
    problem.what = printable(trim(std::string_view(said).substr(error, said.find('\n', error) - error)), 300);
  const auto at = said.find(file + ":");
  if (at != std::string::npos) {
    const char* from = said.data() + at + file.size() + 1;
    std::from_chars(from, said.data() + said.size(), problem.place.line);
  }
  return problem;
}

/// What Caddy runs is what happens, whatever its file says by now.
void take_running(Caddy& configuration, const std::string& running, const std::string& control) {
  if (running.empty()) return;
  Json json = Json::parse(running, nullptr, false);
  // Caddy gives the members of its objects in another order than a file may have them.
  if (!json.is_object() || nlohmann::json(json) == nlohmann::json(configuration.root)) return;
  const bool loads = configuration.problems.empty();
  configuration.root = std::move(json);
  configuration.running_from = fmt::format("http://{}/config", control);
  configuration.outdated = loads;
  if (loads)
    configuration.problems.push_back(
        {.fatal = false,
         .what = "Caddy runs another configuration than this: the file was changed and not loaded since, or the admin "
                 "API was used",
         .place = {.file = configuration.main_file}});
}

Result<std::unique_ptr<Configuration>> read(const ReadRequest& request, Files& files) {
  auto configuration = std::make_unique<Caddy>();
  configuration->version = request.version;
  configuration->main_file = request.config;
  configuration->folder = request.folder.empty() ? "/" : request.folder;
  configuration->is_json = request.config.ends_with(".json");
  auto text = files.read(request.config);
  if (!text && request.running.empty()) return std::unexpected(text.error());
  std::string json = request.adapted;
  if (!text) {
    // It was started without one, and given what it runs through its admin API.
    json = request.running;
    configuration->main_file.clear();
  } else if (configuration->is_json) {
    json = *text;
    configuration->files[request.config] = *text;
  } else {
    std::vector<Problem> own;  // the adapter has the last word on what is wrong
    configuration->nodes = caddy::read_caddyfile(request, files, configuration->files, own);
  }
  // Warnings of the adapter stand on the other channel; the JSON begins with its brace.
  configuration->root = Json::parse(json, nullptr, false);
  if (configuration->root.is_discarded()) {
    configuration->root = Json::object();
    configuration->problems.push_back(problem_of(json, request.config));
  }
  if (!text) configuration->running_from = fmt::format("http://{}/config", request.control);
  take_running(*configuration, request.running, request.control);
  if (configuration->is_json && configuration->running_from.empty() && text)
    configuration->places = caddy::json_places(configuration->root, configuration->files.at(request.config));
  return configuration;
}

/// Where the admin API listens: as the JSON says, or the Caddyfile's global option; empty: it is off.
std::string admin_of(const Caddy& configuration, const std::string& usual) {
  const Json& settings = caddy::at(configuration.root, "admin");
  if (caddy::at(settings, "disabled") == true) return {};
  if (const std::string place = caddy::text_of(caddy::at(settings, "listen")); !place.empty()) return place;
  for (const auto& options : configuration.nodes) {
    const caddy::Node* admin = options.words.empty() ? options.child("admin") : nullptr;
    if (admin != nullptr && admin->words.size() > 1)
      return admin->word(1) == "off" ? std::string() : std::string(admin->word(1));
  }
  return usual;
}

Operation operation(const ReadRequest& request, const Configuration& configuration, const RunningProgram* master) {
  Operation operation;
  const std::string program = program_of(master);
  operation.folder = request.folder;
  operation.environment = request.environment;
  operation.check = {program, "validate", "--config", request.config};
  std::string admin = request.control.empty() ? std::string(kUsualAdmin) : request.control;
  if (const auto* own = dynamic_cast<const Caddy*>(&configuration)) {
    admin = admin_of(*own, admin);
    if (!own->is_json) operation.check.insert(operation.check.end(), {"--adapter", "caddyfile"});
  }
  operation.control = admin;
  // What came through the admin API has no file that could be checked or loaded again.
  if (!request.running.empty() && configuration.files.empty()) {
    operation.check.clear();
    return operation;
  }
  if (master == nullptr || admin.empty()) return operation;
  operation.master = master->pid;
  operation.reload = {program, "reload", "--force", "--address", admin, "--config", request.config};
  if (!request.config.ends_with(".json")) operation.reload.insert(operation.reload.end(), {"--adapter", "caddyfile"});
  return operation;
}

}  // namespace

extern const GatewayKind caddy{.id = "caddy",
                               .title = "Caddy",
                               .usual = "/etc/caddy/Caddyfile",
                               .is_master = is_master,
                               .request_of = request_of,
                               .request_for = request_for,
                               .read = read,
                               .operation = operation};

}  // namespace fix502::gateways
