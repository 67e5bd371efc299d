#include "faulty/http_answers.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "faulty/world.hpp"

namespace fix502::faulty {
namespace {

using Shaper = void (*)(Answer&, const Exchange&);
using Handler = Task<Outcome> (*)(Exchange&);

/// One kind of answer: it shapes a response, or does something else entirely.
struct Kind {
  std::string_view name;
  Shaper shape = nullptr;
  Handler handle = nullptr;
};

void shape_big_header(Answer& answer, const Exchange&) {
  const std::size_t size = answer.field_bytes == 0 ? 1'000'000 : answer.field_bytes;
  answer.headers.emplace_back("X-Large", std::string(size, 'x'));
}

void shape_many_headers(Answer& answer, const Exchange&) {
  for (std::size_t i = 0; i < answer.count; ++i) answer.headers.emplace_back(fmt::format("X-Field-{}", i), "value");
}

void shape_bad_gzip(Answer& answer, const Exchange&) {
  answer.headers.emplace_back("Content-Encoding", "gzip");
  if (answer.body.empty()) answer.body = "this is not gzip, whatever the header says\n";
}

void shape_gzip_bomb(Answer& answer, const Exchange&) {
  answer.headers.emplace_back("Content-Encoding", "gzip");
  answer.body = gzip_zeros(answer.megabytes);
}

void shape_escapes(Answer& answer, const Exchange&) {
  static constexpr const char* kEscapes =
      "\x1b[2J\x1b[31mred\x1b]0;title\x07\x1b]8;;http://evil.example\x1b\\link\x9b"
      "5m";
  answer.reason = std::string("Bad \x1b[31mGateway\x1b[0m \x1b]0;owned\x07");
  answer.headers.emplace_back("Server", kEscapes);
  answer.headers.emplace_back("X-Escapes", kEscapes);
  answer.body = std::string("<title>") + kEscapes + "</title>\x1b[8mhidden\r\x1b[A\n" + answer.body;
}

void redirect_to(Answer& answer, std::string to) {
  if (answer.status == 200) answer.status = 302;
  answer.headers.emplace_back("Location", std::move(to));
}

void shape_redirect(Answer& answer, const Exchange&) {
  redirect_to(answer, answer.to);
  answer.fill = true;
}

void shape_redirect_loop(Answer& answer, const Exchange& exchange) {
  redirect_to(answer, exchange.request.origin_form());
}

void shape_redirect_chain(Answer& answer, const Exchange& exchange) {
  const std::string query = exchange.request.query();
  const auto mark = query.find("hop=");
  const auto hop = mark == query.npos ? std::size_t{0} : parse_size(query.substr(mark + 4)).value_or(0);
  if (hop < answer.times) redirect_to(answer, fmt::format("{}?hop={}", exchange.request.path(), hop + 1));
}

void shape_echo(Answer& answer, const Exchange& exchange) {
  const Request& request = exchange.request;
  answer.type = "text/plain; charset=utf-8";
  answer.body = fmt::format("{} {} HTTP/{}\n", request.method, request.target, request.version);
  for (const auto& [name, value] : request.headers) answer.body += name + ": " + value + "\n";
  answer.body += "\n" + request.body;
}

template <Ending kEnding>
Task<Outcome> answer_nothing(Exchange&) {
  co_return kEnding;
}

Task<Outcome> answer_raw(Exchange& exchange) {
  const Answer& answer = exchange.answer;
  const std::string bytes = answer.kind == "preset" ? preset_bytes(answer.which).value_or("") : answer.bytes;
  if (!co_await send_dripping(exchange.inbox.stream, bytes, answer.drip, answer.drip_bytes)) co_return Ending::close;
  if (answer.then == Ending::keep) co_return std::nullopt;
  co_return answer.then;
}

constexpr Kind kKinds[] = {
    {.name = "response", .shape = [](Answer&, const Exchange&) {}},
    {.name = "big_header", .shape = shape_big_header},
    {.name = "many_headers", .shape = shape_many_headers},
    {.name = "bad_gzip", .shape = shape_bad_gzip},
    {.name = "gzip_bomb", .shape = shape_gzip_bomb},
    {.name = "escapes", .shape = shape_escapes},
    {.name = "redirect", .shape = shape_redirect},
    {.name = "redirect_loop", .shape = shape_redirect_loop},
    {.name = "redirect_chain", .shape = shape_redirect_chain},
    {.name = "echo", .shape = shape_echo},
    {.name = "close", .handle = answer_nothing<Ending::close>},
    {.name = "reset", .handle = answer_nothing<Ending::reset>},
    {.name = "silent", .handle = answer_nothing<Ending::stall>},
    {.name = "raw", .handle = answer_raw},
    {.name = "preset", .handle = answer_raw},
    {.name = "endless_head", .handle = answer_endless_head},
    {.name = "endless_body", .handle = answer_endless_body},
    {.name = "doh", .handle = answer_doh},
    {.name = "proxy", .handle = answer_proxy},
    {.name = "edge", .handle = answer_edge},
};

const Kind* find_kind(std::string_view name) {
  const auto found = std::ranges::find(kKinds, name, &Kind::name);
  return found == std::end(kKinds) ? nullptr : &*found;
}

}  // namespace

bool is_answer_kind(std::string_view name) {
  return find_kind(name) != nullptr;
}

Task<Outcome> give_answer(Exchange& exchange) {
  co_await pause_for(exchange.answer.delay);
  const Kind* kind = find_kind(exchange.answer.kind);
  if (kind->handle) co_return co_await kind->handle(exchange);
  Answer answer = exchange.answer;
  kind->shape(answer, exchange);
  co_return co_await send_response(exchange, std::move(answer));
}

Task<Outcome> answer_endless_head(Exchange& exchange) {
  const Answer& answer = exchange.answer;
  Stream& stream = exchange.inbox.stream;
  const std::uint64_t limit = answer.limit_bytes == 0 ? std::uint64_t{1} << 30 : answer.limit_bytes;
  const std::size_t size = answer.field_bytes == 0 ? 200 : answer.field_bytes;
  std::string piece = "HTTP/1.1 200 OK\r\n";
  std::size_t number = 0;
  for (std::uint64_t sent = 0; sent < limit; sent += piece.size(), piece.clear()) {
    while (piece.size() < (16 << 10)) piece += fmt::format("X-Field-{}: {}\r\n", number++, std::string(size, 'x'));
    if (!co_await stream.write(piece)) co_return Ending::close;
    co_await pause_for(answer.pause);
  }
  co_return Ending::close;
}

Task<Outcome> answer_endless_body(Exchange& exchange) {
  Answer answer = exchange.answer;
  answer.framing = Framing::chunked;
  Stream& stream = exchange.inbox.stream;
  const std::uint64_t limit = answer.limit_bytes == 0 ? ~std::uint64_t{0} : answer.limit_bytes;
  const std::string head = render(answer, exchange).head;
  if (!co_await stream.write(head)) co_return Ending::close;
  const std::string piece = fmt::format("{:x}\r\n{}\r\n", 16 << 10, std::string(16 << 10, 'x'));
  for (std::uint64_t sent = 0; sent < limit; sent += piece.size()) {
    if (!co_await stream.write(piece)) co_return Ending::close;
    co_await pause_for(answer.pause);
  }
  co_await stream.write("0\r\n\r\n");
  co_return std::nullopt;
}

}  // namespace fix502::faulty
