#pragma once

#include <memory>
#include <string>

#include "base/fields.hpp"
#include "headless/channel.hpp"

namespace fix502 {

/// Commands and answers over a channel; both protocols number them alike ({"id": 1, "method": ..., "params": ...}).
class Conversation {
 public:
  Conversation(std::unique_ptr<BrowserLine> channel, SteadyTime deadline)
      : channel_(std::move(channel)), deadline_(deadline) {}

  /// The answer's "result". Events that come meanwhile are left out. An error that the browser gives is its message.
  Task<Result<Json>> call(std::string method, Json params, std::string session = {});
  /// Without waiting for the answer: its number.
  Task<Result<int>> say(std::string method, Json params, std::string session = {});
  /// The next message, be it an event or an answer. What is no JSON object is skipped.
  Task<Result<Json>> hear();

  [[nodiscard]] SteadyTime deadline() const { return deadline_; }
  void extend(SteadyTime deadline) { deadline_ = deadline; }

 private:
  std::unique_ptr<BrowserLine> channel_;
  SteadyTime deadline_;
  int last_ = 0;
};

}  // namespace fix502
