#pragma once

#include <nghttp2/nghttp2.h>

#include <memory>
#include <optional>
#include <utility>
#include <vector>

#include "gateway/route.hpp"
#include "upstream/dialogue.hpp"

namespace fix502 {

/// HTTP/2 (RFC 9113), from the client's preface on: h2 after ALPN, h2c with prior knowledge, gRPC. nghttp2 makes and
/// reads the frames.
class Http2Dialogue final : public Dialogue {
 public:
  Http2Dialogue(UpstreamRequest request, DialogueOptions options);

  [[nodiscard]] std::string opening() override;
  void take(std::string_view bytes) override;
  [[nodiscard]] std::string reply() override { return std::exchange(reply_, {}); }
  [[nodiscard]] bool over() const override { return closed_ || broken_ || not_http2_ || too_much_ || going_away_; }
  [[nodiscard]] bool begun() const override { return !first_.empty(); }
  void fill(Replay& replay, ReadEnd end) const override;

 private:
  struct FreeSession {
    void operator()(nghttp2_session* session) const noexcept { nghttp2_session_del(session); }
  };
  static int on_header(nghttp2_session*, const nghttp2_frame* frame, const std::uint8_t* name, std::size_t name_size,
                       const std::uint8_t* value, std::size_t value_size, std::uint8_t flags, void* self);
  static int on_invalid_header(nghttp2_session*, const nghttp2_frame* frame, const std::uint8_t* name,
                               std::size_t name_size, const std::uint8_t* value, std::size_t value_size,
                               std::uint8_t flags, void* self);
  static int on_data(nghttp2_session*, std::uint8_t flags, std::int32_t stream, const std::uint8_t* data,
                     std::size_t size, void* self);
  static int on_frame(nghttp2_session*, const nghttp2_frame* frame, void* self);
  static int on_stream_close(nghttp2_session*, std::int32_t stream, std::uint32_t error, void* self);
  static ssize_t read_body(nghttp2_session*, std::int32_t stream, std::uint8_t* buffer, std::size_t size,
                           std::uint32_t* flags, nghttp2_data_source* source, void* self);
  static bool make_session(nghttp2_session** session, void* self);
  void submit();
  [[nodiscard]] std::string pending();
  void take_field(std::string_view name, std::string_view value);
  void judge(Replay& replay, ReadEnd end) const;

  UpstreamRequest request_;
  DialogueOptions options_;
  std::unique_ptr<nghttp2_session, FreeSession> session_;
  std::size_t body_sent_ = 0;
  std::string reply_;

  std::string first_;  // bytes that came, the first 64
  bool settings_came_ = false, head_ended_ = false, whole_ = false, closed_ = false;
  bool broken_ = false, not_http2_ = false, too_much_ = false, going_away_ = false;
  std::uint32_t stream_error_ = 0, goaway_error_ = 0;
  std::string detail_;
  std::optional<int> status_;
  std::vector<HeaderField> headers_;  // printable, trailers among them
  std::uint64_t header_bytes_ = 0, longest_ = 0, body_bytes_ = 0;
  int field_count_ = 0;
  HeaderFlaw flaw_ = HeaderFlaw::none;
  std::string flawed_line_;
  std::string sample_;
};

}  // namespace fix502
