#pragma once

#include "faulty/http_message.hpp"

namespace fix502::faulty {

struct World;
struct Listener;
struct HttpState;
struct RouteState;

/// One request that is about to be answered.
struct Exchange {
  World& world;
  const Listener& listener;
  Inbox& inbox;
  const Request& request;
  const Route* route;  // null: none matched
  RouteState* state;   // null with it
  const Answer& answer;
  std::size_t number = 0;      // of this request in its route
  std::size_t connection = 0;  // per run
};

/// How the connection ends after an answer; none: it goes on.
using Outcome = std::optional<Ending>;

/// Whether a kind of answer has this name.
[[nodiscard]] bool is_answer_kind(std::string_view name);
/// The bytes of a well-known wrong answer.
[[nodiscard]] std::optional<std::string> preset_bytes(std::string_view name);
[[nodiscard]] bool is_edge_cause(std::string_view name);
[[nodiscard]] bool is_edge_style(std::string_view name);
/// What a gateway of this style says when its origin failed in this way.
[[nodiscard]] Answer edge_error(std::string_view style, std::string_view cause, const Request& request);

/// Answers, by the kind that the route names.
Task<Outcome> give_answer(Exchange& exchange);
/// Sends an answer of kind `response`.
Task<Outcome> send_response(Exchange& exchange, Answer answer);
Task<Outcome> answer_endless_head(Exchange& exchange);
Task<Outcome> answer_endless_body(Exchange& exchange);
Task<Outcome> answer_doh(Exchange& exchange);
Task<Outcome> answer_proxy(Exchange& exchange);
Task<Outcome> answer_edge(Exchange& exchange);

/// A response as an answer to pass on, without its framing and without some headers.
[[nodiscard]] Answer to_answer(Response response, const std::vector<std::string>& remove);

/// The bytes of an answer, before anything is cut off.
struct Rendered {
  std::string head;
  std::string body;  // as framed
  bool keep = true;
};
[[nodiscard]] Rendered render(Answer answer, const Exchange& exchange);
[[nodiscard]] std::string reason_of(int status);
/// A gzip stream of so many MiB of zeros.
[[nodiscard]] std::string gzip_zeros(std::size_t megabytes);
[[nodiscard]] std::string gzip(std::string_view bytes);
Task<bool> send_dripping(Stream& stream, std::string_view bytes, milliseconds drip, std::size_t size);

}  // namespace fix502::faulty
