#pragma once

#include "upstream/dialogue.hpp"
#include "upstream/response_reader.hpp"

namespace fix502 {

/// FastCGI 1.0, the web server's side of one request.
class FastcgiDialogue final : public Dialogue {
 public:
  FastcgiDialogue(std::string opening, bool to_head, DialogueOptions options);

  [[nodiscard]] std::string opening() override { return opening_; }
  void take(std::string_view bytes) override;
  [[nodiscard]] bool over() const override { return ended_ || broken_ || reader_.over(); }
  [[nodiscard]] bool begun() const override { return !buffer_.empty() || records_ > 0; }
  void fill(Replay& replay, ReadEnd end) const override;

 private:
  void take_record(unsigned char type, std::string_view content);
  void end_request(std::string_view content);

  std::string opening_;
  DialogueOptions options_;
  ResponseReader reader_;
  std::string buffer_;  // the record in the making, at most 64 KiB and a little
  std::string errors_;  // of its error stream, the first 4 KiB
  std::size_t records_ = 0;
  bool ended_ = false, broken_ = false;
  bool output_ended_ = false;     // an empty STDOUT record
  unsigned protocol_status_ = 0;  // of END_REQUEST
};

}  // namespace fix502
