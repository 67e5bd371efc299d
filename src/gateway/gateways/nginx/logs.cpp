#include <algorithm>

#include "base/text.hpp"
#include "gateway/gateways/nginx/nginx.hpp"

namespace fix502::nginx {
namespace {

bool is_elsewhere(const std::string& target) {
  return target == "stderr" || target == "off" || target.starts_with("syslog:") || target.starts_with("memory:");
}

void put_target(LogPlace& log, const std::string& target, const std::string& prefix) {
  if (is_elsewhere(target))
    log.where = target;
  else if (target.contains('$'))
    log.where = "a file that a variable names: " + printable(target, 200);
  else
    log.path = under(prefix, target);
}

std::string format_of(const Directive& access, const Model& model) {
  const auto& name = access.arg(1);
  if (name.empty() || name.find('=') != std::string::npos || name == "combined") return {};
  const auto found = model.log_formats.find(name);
  if (found == model.log_formats.end()) return {};
  std::string text;
  for (std::size_t i = 1; i < found->second->args(); ++i)
    if (i > 1 || !found->second->arg(i).starts_with("escape=")) text += found->second->arg(i);
  return text;
}

/// The path that the program was built with, or was given by -e.
std::string built_in(const ReadRequest& request, std::string_view option) {
  for (const auto& word : request.more)
    if (word.starts_with(option)) return word.substr(option.size());
  return {};
}

void add_errors(const Block& from, const ReadRequest& request, std::vector<LogPlace>& logs) {
  for (const auto* at : effective_all(from, "error_log")) {
    LogPlace log;
    log.level = at->args() > 1 ? at->arg(1) : "error", log.place = at->place;
    put_target(log, at->arg(0), request.prefix);
    if (std::ranges::find(logs, at->place, &LogPlace::place) == logs.end()) logs.push_back(std::move(log));
  }
}

}  // namespace

std::vector<LogPlace> NginxConfiguration::logs(const Route& route) const {
  // The innermost block that the request passed.
  const Block* at = model_.http == nullptr ? &main_ : model_.http;
  for (const auto& place : route.way)
    for (const Block* inner = at; inner != nullptr;) {
      const auto found = std::ranges::find_if(inner->children, [&](const auto& child) {
        return child->place == place && child->block && child->block->kind != BlockKind::pairs;
      });
      if (found == inner->children.end()) break;
      at = inner = (*found)->block.get();
    }
  std::vector<LogPlace> logs;
  add_errors(*at, request_, logs);
  if (logs.empty())
    if (const auto path = built_in(request_, "--error-log-path="); !path.empty()) {
      LogPlace log;
      log.level = "error";
      put_target(log, path, request_.prefix);
      logs.push_back(std::move(log));
    }
  const auto accesses = effective_all(*at, "access_log");
  for (const auto* access : accesses) {
    LogPlace log;
    log.kind = LogPlace::Kind::access, log.format = format_of(*access, model_), log.place = access->place;
    put_target(log, access->arg(0), request_.prefix);
    logs.push_back(std::move(log));
  }
  if (accesses.empty())
    if (const auto path = built_in(request_, "--http-log-path="); !path.empty()) {
      LogPlace log;
      log.kind = LogPlace::Kind::access, log.path = under(request_.prefix, path);
      logs.push_back(std::move(log));
    }
  // The gateway's own stands behind them: what concerns no virtual host is written there.
  add_errors(main_, request_, logs);
  return logs;
}

}  // namespace fix502::nginx
