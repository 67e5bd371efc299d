#include "serve/http.hpp"

#include "base/text.hpp"

namespace fix502 {
namespace {

constexpr std::size_t kMostParameters = 32;

int digit(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}

std::string_view found_in(const std::map<std::string, std::string>& all, const std::string& name) {
  const auto found = all.find(name);
  return found == all.end() ? std::string_view{} : std::string_view(found->second);
}

bool read_query(std::string_view text, Request& request) {
  std::size_t count = 0;
  for (const std::string_view pair : split(text, '&')) {
    if (++count > kMostParameters) return false;
    const auto equals = std::min(pair.find('='), pair.size());
    auto name = decoded(pair.substr(0, equals), true);
    auto value = decoded(pair.substr(std::min(equals + 1, pair.size())), true);
    if (!name || !value) return false;
    request.query.emplace(std::move(*name), std::move(*value));
  }
  return true;
}

}  // namespace

std::string_view Request::field(const std::string& name) const {
  return found_in(fields, name);
}

std::string_view Request::asked(const std::string& name) const {
  return found_in(query, name);
}

Reply json_reply(const Json& json, int status) {
  Reply reply;
  reply.status = status;
  reply.type = "application/json";
  reply.body = json.dump(-1, ' ', false, Json::error_handler_t::replace) + "\n";
  return reply;
}

Reply no_content() {
  Reply reply;
  reply.status = 204;
  return reply;
}

std::optional<std::string> decoded(std::string_view text, bool plus) {
  std::string result;
  result.reserve(text.size());
  for (std::size_t i = 0; i < text.size(); ++i) {
    char c = text[i];
    if (c == '%') {
      const int high = i + 2 < text.size() ? digit(text[i + 1]) : -1;
      const int low = high < 0 ? -1 : digit(text[i + 2]);
      if (low < 0) return std::nullopt;
      c = static_cast<char>(high * 16 + low);
      i += 2;
    } else if (c == '+' && plus) {
      c = ' ';
    }
    if (c == '\0') return std::nullopt;
    result += c;
  }
  return result;
}

bool read_request_target(std::string_view target, Request& request) {
  // RFC 9112 3.2.1; the other forms are for proxies.
  if (!target.starts_with('/')) return false;
  const auto question = std::min(target.find('?'), target.size());
  auto path = decoded(target.substr(0, question), false);
  if (!path) return false;
  request.path = std::move(*path);
  return question == target.size() || read_query(target.substr(question + 1), request);
}

}  // namespace fix502
