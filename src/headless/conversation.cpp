#include "headless/conversation.hpp"

#include "headless/message.hpp"

namespace fix502 {

Task<Result<int>> Conversation::say(std::string method, Json params, std::string session) {
  const int id = ++last_;
  Json message = Json::object();
  message["id"] = id;
  message["method"] = std::move(method);
  message["params"] = std::move(params);
  if (!session.empty()) message["sessionId"] = std::move(session);
  std::string text = message.dump(-1, ' ', false, Json::error_handler_t::replace);
  const auto sent = co_await channel_->send(std::move(text), deadline_);
  if (!sent) co_return std::unexpected(sent.error());
  co_return id;
}

Task<Result<Json>> Conversation::hear() {
  for (;;) {
    const auto text = co_await channel_->receive(deadline_);
    if (!text) co_return std::unexpected(text.error());
    Json message = Json::parse(*text, nullptr, false);
    if (message.is_object()) co_return message;
  }
}

Task<Result<Json>> Conversation::call(std::string method, Json params, std::string session) {
  const std::string name = method;
  const auto id = co_await say(std::move(method), std::move(params), std::move(session));
  if (!id) co_return std::unexpected(id.error());
  for (;;) {
    auto message = co_await hear();
    if (!message) co_return std::unexpected(message.error());
    if (number_at(*message, {"id"}) != *id) continue;
    // DevTools: {"error": {"message": ...}}; BiDi: {"type": "error", "message": ...}.
    std::string refusal = text_at(*message, {"error", "message"}, 160);
    if (refusal.empty() && member(*message, {"error"}) != nullptr) refusal = text_at(*message, {"message"}, 160);
    if (!refusal.empty() || member(*message, {"error"}) != nullptr) co_return fail("it refused " + name, refusal);
    const Json* result = member(*message, {"result"});
    co_return result == nullptr ? Json::object() : *result;
  }
}

}  // namespace fix502
