#pragma once

#include <vector>

#include "upstream/dialogue.hpp"

namespace fix502 {

/// AJP13: a ping first, and when it was answered the request.
class AjpDialogue final : public Dialogue {
 public:
  /// `request`: its packet; empty: a ping is all that is wanted.
  AjpDialogue(std::string request, DialogueOptions options);

  [[nodiscard]] std::string opening() override;
  void take(std::string_view bytes) override;
  [[nodiscard]] std::string reply() override { return std::exchange(reply_, {}); }
  [[nodiscard]] bool over() const override { return ended_ || broken_ || too_much_; }
  [[nodiscard]] bool begun() const override { return packets_ > 0 || !buffer_.empty(); }
  void fill(Replay& replay, ReadEnd end) const override;

 private:
  void take_packet(std::string_view payload);
  void take_headers(std::string_view payload);
  void take_chunk(std::string_view payload);

  std::string request_;
  DialogueOptions options_;
  std::string reply_;
  std::string buffer_;
  std::size_t packets_ = 0;
  bool ponged_ = false, ended_ = false, broken_ = false, too_much_ = false;
  std::optional<int> status_;
  std::vector<HeaderField> headers_;
  std::uint64_t header_bytes_ = 0, longest_ = 0, body_bytes_ = 0;
  int field_count_ = 0;
  HeaderFlaw flaw_ = HeaderFlaw::none;
  std::string sample_;
};

}  // namespace fix502
