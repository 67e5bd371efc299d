// BIND's named. Asked without "recursion desired" it gives what it has and no more, which shows its cache to
// everybody whom it serves; rndc(8) flushes one name. Measured with 9.18.

#include <unistd.h>

#include <array>
#include <filesystem>

#include "base/text.hpp"
#include "resolver/named_conf.hpp"
#include "resolver/program.hpp"
#include "sys/linux/files.hpp"

namespace fix502 {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view kDefault = "/etc/bind/named.conf";
constexpr std::size_t kMaxConfig = 1024 * 1024;

std::string config_path(const LocalResolver& resolver) {
  return path_of(resolver.process, resolver.process.option("-c").value_or(std::string(kDefault)));
}

NamedConf configuration(const LocalResolver& resolver) {
  const fs::path file = config_path(resolver);
  return read_named_conf(read_text(file, kMaxConfig), [&](const std::string& included) {
    return read_text(included.starts_with('/') ? fs::path(included) : file.parent_path() / included, kMaxConfig);
  });
}

void look(const LocalResolver& resolver, ResolverCache& cache, Moment deadline) {
  for (const char* type : {"A", "AAAA"}) {
    Question question;
    question.server = resolver.server;
    question.name = cache.name;
    question.type = type;
    question.recurse = false;
    const auto answer = ask_server(question, deadline);
    if (!answer || answer->rcode == "REFUSED") {
      cache.problem = answer ? "it does not show its cache to this machine" : answer.error().message();
      return;
    }
    cache.looked = true;
    if (answer->authoritative) continue;  // a zone of its own is no cache
    if (answer->rcode == "NXDOMAIN") cache.cached = Cached::yes;
    std::uint32_t ttl = 0xffff'ffff;
    for (const auto& record : answer->answer) ttl = std::min(ttl, record.ttl);
    for (auto& address : answer->addresses()) add_stored(cache, std::move(address), ttl);
  }
  if (cache.cached != Cached::yes) cache.cached = Cached::no;
}

std::vector<std::string> asks(const LocalResolver& resolver, const std::string& name, Moment) {
  const NamedConf conf = configuration(resolver);
  return conf.forwarders.empty() ? std::vector<std::string>{} : nearest_forward({{".", conf.forwarders}}, name);
}

void plan(const LocalResolver& resolver, ResolverCache& cache) {
  const NamedConf conf = configuration(resolver);
  std::vector<std::string> rndc = {"rndc"};
  if (!conf.control_address.empty()) rndc.insert(rndc.end(), {"-s", conf.control_address});
  if (!conf.control_port.empty()) rndc.insert(rndc.end(), {"-p", conf.control_port});
  const std::array places = {fs::path(config_path(resolver)).parent_path() / "rndc.key",
                             fs::path("/etc/bind/rndc.key")};
  for (const auto& key : places) {
    std::error_code error;
    if (!fs::exists(key, error)) continue;
    rndc.insert(rndc.end(), {"-k", key.string()});
    cache.needs_root = access(key.c_str(), R_OK) != 0;
    break;
  }
  for (const auto& name : names_of(cache)) {
    cache.flush.push_back(rndc);
    cache.flush.back().insert(cache.flush.back().end(), {"flushname", name});
  }
}

}  // namespace

extern const CacheProgram named_program{
    .id = "named",
    .executables = "named",
    .calls_itself = "9.",
    .look = look,
    .asks = asks,
    .plan = plan,
};

}  // namespace fix502
