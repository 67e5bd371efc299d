#pragma once

// Protocols that need no more than bytes to send and a reader: HTTP/1, uwsgi, SCGI; and plain TCP.

#include "upstream/dialogue.hpp"
#include "upstream/response_reader.hpp"

namespace fix502 {

/// Sends its bytes, and reads a response in HTTP's or CGI's form.
class PlainDialogue final : public Dialogue {
 public:
  PlainDialogue(std::string opening, ResponseReader::Form form, bool to_head, DialogueOptions options)
      : opening_(std::move(opening)), reader_(form, to_head, std::move(options)) {}

  [[nodiscard]] std::string opening() override { return opening_; }
  void take(std::string_view bytes) override { reader_.take(bytes); }
  [[nodiscard]] bool over() const override { return reader_.over(); }
  [[nodiscard]] bool begun() const override { return reader_.begun(); }
  void fill(Replay& replay, ReadEnd end) const override { reader_.fill(replay, end); }

 private:
  std::string opening_;
  ResponseReader reader_;
};

/// A connection is all that is wanted.
class TcpDialogue final : public Dialogue {
 public:
  [[nodiscard]] std::string opening() override { return {}; }
  void take(std::string_view) override {}
  [[nodiscard]] bool over() const override { return true; }
  [[nodiscard]] bool begun() const override { return false; }
  void fill(Replay& replay, ReadEnd) const override {
    replay.failure = Failure::none;
    replay.reached = Phase::done;
  }
};

}  // namespace fix502
