#include <fmt/format.h>

#include <algorithm>

#include "faulty/http_answers.hpp"
#include "faulty/world.hpp"

namespace fix502::faulty {
namespace {

constexpr std::pair<int, const char*> kReasons[] = {{101, "Switching Protocols"},
                                                    {200, "OK"},
                                                    {204, "No Content"},
                                                    {301, "Moved Permanently"},
                                                    {302, "Found"},
                                                    {303, "See Other"},
                                                    {304, "Not Modified"},
                                                    {307, "Temporary Redirect"},
                                                    {308, "Permanent Redirect"},
                                                    {400, "Bad Request"},
                                                    {401, "Unauthorized"},
                                                    {403, "Forbidden"},
                                                    {404, "Not Found"},
                                                    {405, "Method Not Allowed"},
                                                    {407, "Proxy Authentication Required"},
                                                    {408, "Request Timeout"},
                                                    {410, "Gone"},
                                                    {413, "Content Too Large"},
                                                    {414, "URI Too Long"},
                                                    {421, "Misdirected Request"},
                                                    {429, "Too Many Requests"},
                                                    {431, "Request Header Fields Too Large"},
                                                    {451, "Unavailable For Legal Reasons"},
                                                    {500, "Internal Server Error"},
                                                    {501, "Not Implemented"},
                                                    {502, "Bad Gateway"},
                                                    {503, "Service Unavailable"},
                                                    {504, "Gateway Timeout"},
                                                    {511, "Network Authentication Required"}};

std::string filled(std::string text, const Exchange& exchange) {
  const Request& request = exchange.request;
  boost::system::error_code ignored;
  const std::pair<const char*, std::string> facts[] = {
      {"{host}", request.host()},
      {"{path}", request.path()},
      {"{query}", request.query()},
      {"{target}", request.target},
      {"{method}", request.method},
      {"{client}", exchange.inbox.stream.socket().remote_endpoint(ignored).address().to_string()},
      {"{number}", std::to_string(exchange.number)},
      {"{connection}", std::to_string(exchange.connection)}};
  for (const auto& [mark, value] : facts)
    for (auto at = text.find(mark); at != text.npos; at = text.find(mark, at + value.size()))
      text.replace(at, std::string_view(mark).size(), value);
  return text;
}

std::string chunked(const Answer& answer, std::string_view body) {
  std::string framed;
  std::size_t number = 0;
  while (!body.empty()) {
    const std::string_view piece = body.substr(0, answer.chunk_bytes);
    framed += ++number == answer.bad_chunk ? answer.bad_size : fmt::format("{:x}", piece.size());
    framed += "\r\n";
    framed += piece;
    framed += "\r\n";
    body.remove_prefix(piece.size());
  }
  if (answer.bad_chunk > number) return framed + answer.bad_size + "\r\n";
  return answer.chunk_end ? framed + "0\r\n\r\n" : framed;
}

/// RFC 9110 13.1: the client has what we would send.
bool is_unchanged(const Answer& answer, const Request& request) {
  const std::string* tag = request.header("if-none-match");
  if (tag) return !answer.etag.empty() && tag->find(answer.etag) != tag->npos;
  const std::string* since = request.header("if-modified-since");
  return since && !answer.last_modified.empty() && *since == answer.last_modified;
}

void add_line(std::string& head, std::string_view name, std::string_view value) {
  if (value.empty()) return;
  head += name;
  head += ": ";
  head += value;
  head += "\r\n";
}

std::string fixed_lines(const Answer& answer) {
  std::string lines;
  if (!find_header(answer.headers, "content-type") && answer.status != 304)
    add_line(lines, "Content-Type", answer.type);
  add_line(lines, "Retry-After", answer.retry_after);
  add_line(lines, "ETag", answer.etag);
  add_line(lines, "Last-Modified", answer.last_modified);
  if (answer.gzip) add_line(lines, "Content-Encoding", "gzip");
  return lines;
}

bool has_no_body(const Answer& answer) {
  return answer.status == 204 || answer.status == 304 || answer.status < 200;
}

std::string framing_lines(const Answer& answer, std::size_t size, bool keep) {
  std::string lines;
  if (answer.announce) {
    add_line(lines, "Content-Length", std::to_string(*answer.announce));
  } else if (answer.framing == Framing::chunked) {
    add_line(lines, "Transfer-Encoding", "chunked");
  } else if (answer.framing == Framing::length && !has_no_body(answer)) {
    add_line(lines, "Content-Length", std::to_string(size));
  }
  if (!keep && !find_header(answer.headers, "connection")) add_line(lines, "Connection", "close");
  return lines;
}

bool wants_to_keep(const Answer& answer, const Request& request) {
  const std::string* connection = request.header("connection");
  if (connection && same_name(*connection, "close")) return false;
  if (request.version == "1.0" && !(connection && same_name(*connection, "keep-alive"))) return false;
  return answer.keep_alive && answer.framing != Framing::close;
}

}  // namespace

std::string reason_of(int status) {
  const auto found = std::ranges::find(kReasons, status, &std::pair<int, const char*>::first);
  return found == std::end(kReasons) ? "Unknown" : found->second;
}

Rendered render(Answer answer, const Exchange& exchange) {
  if (is_unchanged(answer, exchange.request)) {
    answer.status = 304;
    answer.reason.reset();
    answer.body.clear();
  }
  if (answer.fill) {
    answer.body = filled(std::move(answer.body), exchange);
    for (auto& [name, value] : answer.headers) value = filled(std::move(value), exchange);
  }
  std::string body;
  body.reserve(answer.body.size() * answer.body_repeat);
  for (std::size_t i = 0; i < answer.body_repeat; ++i) body += answer.body;
  if (answer.gzip) body = gzip(body);
  Rendered rendered;
  rendered.keep = wants_to_keep(answer, exchange.request);
  rendered.head =
      fmt::format("{} {} {}\r\n", answer.version, answer.status, answer.reason.value_or(reason_of(answer.status)));
  for (const auto& [name, value] : answer.headers) rendered.head += name + ": " + value + "\r\n";
  rendered.head += fixed_lines(answer) + framing_lines(answer, body.size(), rendered.keep) + "\r\n";
  if (exchange.request.method == "HEAD" || has_no_body(answer)) return rendered;
  rendered.body = answer.framing == Framing::chunked ? chunked(answer, body) : std::move(body);
  return rendered;
}

Task<bool> send_dripping(Stream& stream, std::string_view bytes, milliseconds drip, std::size_t size) {
  if (drip.count() == 0) co_return co_await stream.write(bytes);
  while (!bytes.empty()) {
    const std::string_view piece = bytes.substr(0, std::max<std::size_t>(size, 1));
    if (!co_await stream.write(piece)) co_return false;
    bytes.remove_prefix(piece.size());
    co_await pause_for(drip);
  }
  co_return true;
}

Task<Outcome> send_response(Exchange& exchange, Answer answer) {
  Stream& stream = exchange.inbox.stream;
  const Rendered rendered = render(answer, exchange);
  for (const std::string& bytes : answer.interim)
    if (!co_await stream.write(bytes)) co_return Ending::close;
  std::string whole = rendered.head;
  if (answer.cut && !answer.cut->in_body) {
    whole.resize(std::min(whole.size(), answer.cut->after));
  } else {
    whole += answer.cut ? rendered.body.substr(0, answer.cut->after) : rendered.body;
  }
  if (!co_await send_dripping(stream, whole, answer.drip, answer.drip_bytes)) co_return Ending::close;
  if (answer.cut) co_return answer.cut->then;
  if (answer.close_after) co_return Ending::close;
  if (!rendered.keep) co_return Ending::keep;
  co_return std::nullopt;
}

}  // namespace fix502::faulty
