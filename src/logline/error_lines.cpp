// Error logs: who wrote the line is told by how it begins, what it means by the table of messages.
#include <algorithm>
#include <cstring>

#include "base/text.hpp"
#include "logline/line.hpp"

namespace fix502 {

std::string_view between(std::string_view text, std::string_view begin, std::string_view end) {
  const auto from = text.find(begin);
  if (from == text.npos) return {};
  text.remove_prefix(from + begin.size());
  const auto to = text.find(end);
  return to == text.npos ? std::string_view() : text.substr(0, to);
}

namespace lines {
namespace {

bool stamp_at_head(std::string_view line, const Clock& clock, Record& record, std::size_t& length) {
  const auto moment = read_moment(line, clock);
  if (!moment) return false;
  record.at = moment->at;
  record.micros = moment->micros;
  length = moment->length;
  return true;
}

void set_request(std::string_view request, Record& record) {
  record.request = request;
  const auto blank = request.find(' ');
  if (blank == request.npos) return;
  record.method = request.substr(0, blank);
  request.remove_prefix(blank + 1);
  record.url = request.substr(0, request.find(' '));
}

/// "127.0.0.1:81" of "http://127.0.0.1:81/x", "unix:/run/a.sock" of "fastcgi://unix:/run/a.sock:".
std::string_view authority_of(std::string_view url) {
  if (const auto scheme = url.find("://"); scheme != url.npos && scheme <= 8) url.remove_prefix(scheme + 3);
  if (url.starts_with("unix:")) return url.substr(0, url.find(':', 5));
  return url.substr(0, url.find('/'));
}

/// The text after `begin` up to `end`, which is taken off; nothing where they do not stand there.
std::string_view next_between(std::string_view& rest, std::string_view begin, std::string_view end) {
  const auto from = rest.starts_with(begin) ? 0 : rest.find(begin);
  if (from == rest.npos) return {};
  const auto to = rest.find(end, from + begin.size());
  if (to == rest.npos) return {};
  const std::string_view value = rest.substr(from + begin.size(), to - from - begin.size());
  rest.remove_prefix(to);
  return value;
}

/// What stands behind the last one of such a mark, which begins with a comma; from the end on, comma by comma.
std::string_view behind_last(std::string_view text, std::string_view mark) {
  for (std::string_view before = text; !before.empty();) {
    const void* found = memrchr(before.data(), ',', before.size());
    if (found == nullptr) break;
    const auto comma = static_cast<std::size_t>(static_cast<const char*>(found) - before.data());
    if (text.substr(comma).starts_with(mark)) return text.substr(comma + mark.size());
    before = before.substr(0, comma);
  }
  return {};
}

void set_upstream_after(Record& record, std::string_view line) {
  if (record.message == nullptr || record.message->upstream_after.empty() || !record.upstream.empty()) return;
  const auto from = line.find(record.message->upstream_after);
  if (from == line.npos) return;
  line.remove_prefix(from + record.message->upstream_after.size());
  if (line.starts_with('(')) line.remove_prefix(1);
  line = line.substr(0, line.find_first_of(" ,;\"'()]!\\"));
  while (!line.empty() && (line.back() == ':' || line.back() == '.')) line.remove_suffix(1);
  record.upstream = line;
}

}  // namespace

bool read_nginx_error(std::string_view line, const LineContext& context, Record& record) {
  // 2026/11/22 04:54:03 [error] 12#12: *7 message, client: ..., server: ..., request: "...", upstream: "...", host:
  // "..."
  if (!is_nginx_error(line)) return false;
  std::size_t length = 0;
  if (!stamp_at_head(line, context.clock, record, length)) return false;
  record.role = Role::error;
  record.gateway = "nginx";
  record.line = line;
  // Behind ", client: " stands the client's own text, which must not pass for nginx' words.
  const auto client_at = line.find(", client: ");
  std::string_view said = line.substr(20, client_at - 20);
  if (const auto star = said.substr(0, 43).find(": *"); star != said.npos) {
    said.remove_prefix(star + 3);
    record.connection = said.substr(0, said.find_first_not_of("0123456789"));
    said.remove_prefix(record.connection.size());
  }
  record.message = context.nginx != nullptr ? context.nginx->find(said) : find_message("nginx", said);
  std::string_view rest = client_at == line.npos ? line : line.substr(client_at);
  record.client = next_between(rest, ", client: ", ",");
  if (const auto server = next_between(rest, ", server: ", ","); server != "_") record.host = server;
  if (const auto request = next_between(rest, ", request: \"", "\", "); !request.empty())
    set_request(request, record);
  else
    set_request(next_between(rest, ", request: \"", "\""), record);
  // The request is the client's text, so what is looked for behind it is the last of its kind.
  const std::string_view upstream = behind_last(rest, ", upstream: \"");
  if (const auto quote = upstream.find('"'); quote != upstream.npos)
    record.upstream = authority_of(upstream.substr(0, quote));
  if (record.upstream.empty() && record.message != nullptr && record.message->fault == "upstream.name-not-resolved") {
    // "*7 NAME could not be resolved (3: Host not found)"
    const auto end = line.find(" could not be resolved");
    if (end != line.npos)
      record.upstream = line.substr(line.rfind(' ', end - 1) + 1, end - line.rfind(' ', end - 1) - 1);
  }
  set_upstream_after(record, line);
  return true;
}

bool read_apache_error(std::string_view line, const LineContext& context, Record& record) {
  // [Sun Nov 22 04:54:03.123456 2026] [proxy:error] [pid 12:tid 13] (111)...: [client 192.0.2.7:5000] AH...: text
  if (!line.starts_with('[') || line.size() < 40 || line[4] != ' ' || line[8] != ' ') return false;
  std::size_t length = 0;
  if (!stamp_at_head(line.substr(1), context.clock, record, length)) return false;
  record.role = Role::error;
  record.gateway = "apache";
  record.line = line;
  record.message = find_message("apache", line);
  record.connection = between(line, "[pid ", "]");
  std::string_view client = between(line, "[client ", "]");
  if (const auto colon = client.rfind(':'); colon != client.npos) {
    record.port = client.substr(colon + 1);
    client = client.substr(0, colon);
  }
  record.client = client;
  if (const auto from = line.rfind(" returned by "); from != line.npos) {
    record.url = line.substr(from + 13);
    record.url = record.url.substr(0, record.url.find_first_of(" ,"));
  }
  set_upstream_after(record, line);
  return true;
}

bool read_other_error(std::string_view line, const LineContext& context, Record& record) {
  record.role = Role::error;
  record.line = line;
  std::string_view body = line;
  std::size_t length = 0;
  const bool bracketed = line.starts_with('[');
  if (stamp_at_head(bracketed ? line.substr(1) : line, context.clock, record, length)) {
    body.remove_prefix(length + (bracketed ? 1 : 0));
  } else if (line.starts_with("time=\"")) {  // Traefik's own log
    const auto stamp = parse_stamp(line.substr(6));
    if (stamp) record.at = moment_of(*stamp, context.clock.zone, context.clock.near);
  }
  record.message = context.program.empty() ? nullptr : find_message(context.program, body);
  if (record.message == nullptr) record.message = find_message(body);
  if (record.message == nullptr) return false;
  const std::string_view program = record.message->program;
  record.gateway = program == "go" ? (context.gateway.empty() ? "traefik" : context.gateway) : program;
  const bool application = record.message->weight == Weight::trouble ||
                           (record.message->weight == Weight::change && program != "haproxy" && program != "lighttpd");
  if (application && program != "haproxy" && program != "squid") record.role = Role::application;
  if (program == "lighttpd" || program == "h2o") {
    // "... for /x?, closing connection", "in request:/x:text"
    record.url = program == "h2o" ? between(line, "in request:", ":") : between(line, " for ", "?");
  }
  set_upstream_after(record, line);
  return true;
}

}  // namespace lines
}  // namespace fix502
