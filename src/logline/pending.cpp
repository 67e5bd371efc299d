#include "logline/pending.hpp"

#include <functional>

#include "base/text.hpp"

namespace fix502 {
namespace {

/// A few lines of a burst may be long; their memory is not kept for all that come after.
constexpr std::size_t kMostKept = 4096;

void empty(std::string& text) {
  text.clear();
  if (text.capacity() > kMostKept) text.shrink_to_fit();
}

}  // namespace

void ErrorGroup::clear() {
  for (std::string* text : {&gateway, &upstream, &client, &port, &host, &url, &connection, &sample}) empty(*text);
  rows.clear();
  tried.clear();
  first = last = {};
  logs = {};
  message = nullptr;
  file = 0;
  number = 0;
  done = false;
  by_connection = {};
  by_request = {};
}

void WaitingAccess::clear() {
  for (std::string* text : {&gateway, &client, &port, &host, &url, &upstream, &upstreams, &connection, &sample})
    empty(*text);
  at = {};
  logs = {};
  judgement = {};
  file = 0;
  number = 0;
  status = 0;
  done = false;
  by_client = {};
}

std::size_t mixed_key(std::size_t seed, std::string_view text) {
  return std::hash<std::string_view>{}(text) ^
         (seed * 0x9E3779B97F4A7C15ULL + 0x7F4A7C15ULL + (seed << 6) + (seed >> 2));
}

std::size_t request_key(std::string_view gateway, std::string_view client, std::string_view url) {
  return mixed_key(mixed_key(mixed_key(3, gateway), client), url);
}

std::size_t client_key(std::string_view gateway, std::string_view client) {
  return mixed_key(mixed_key(5, gateway), client);
}

std::string_view path_of_url(std::string_view url) {
  if (const auto scheme = url.find("://"); scheme != url.npos && scheme <= 5) {
    const auto slash = url.find('/', scheme + 3);
    url = slash == url.npos ? std::string_view("/") : url.substr(slash);
  }
  return url.substr(0, url.find_first_of("?#"));
}

void add_tried(std::vector<std::string>& tried, std::string_view upstream) {
  if (!upstream.empty() && !lists(tried, upstream)) tried.emplace_back(upstream);
}

}  // namespace fix502
