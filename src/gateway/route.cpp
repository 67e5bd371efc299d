#include "gateway/route.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "gateway/replay_facts.hpp"
#include "target/target.hpp"

namespace fix502 {

std::string UpstreamServer::endpoint() const {
  if (!socket.empty()) return "unix:" + socket;
  return fmt::format("{}:{}", bracketed(host), port);
}

bool UpstreamServer::is_name() const {
  return !host.empty() && !is_ipv4(host) && !is_ipv6(host);
}

const Limit* Route::limit(LimitKind which) const {
  const auto found = limits.find(std::string(to_word(which)));
  return found == limits.end() ? nullptr : &found->second;
}

const Setting* Route::setting(std::string_view directive) const {
  const auto found = std::ranges::find(settings, directive, &Setting::directive);
  return found == settings.end() ? nullptr : &*found;
}

const std::string* Replay::header(std::string_view name) const {
  const auto found = std::ranges::find(headers, name, &HeaderField::name);
  return found == headers.end() ? nullptr : &found->value;
}

}  // namespace fix502
