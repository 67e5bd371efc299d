#include "upstream/http2_dialogue.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <cstring>

#include "base/text.hpp"
#include "net/redaction.hpp"
#include "upstream/bounds.hpp"
#include "upstream/looks_like.hpp"

namespace fix502 {
namespace {

constexpr std::size_t kFrameHeader = 9;
constexpr std::uint64_t kMostHeader = 1024 * 1024;  // bytes of header and trailer, after HPACK
constexpr std::int32_t kLargestWindow = 2'147'483'647;
constexpr std::int32_t kFirstWindow = 65'535;  // RFC 9113 6.9.2

/// RFC 9113 8.2.2: fields of the connection, which HTTP/2 does not have.
constexpr std::string_view kConnectionFields[] = {"connection",        "host",    "keep-alive",    "proxy-connection",
                                                  "transfer-encoding", "upgrade", "http2-settings"};

std::string_view view(const std::uint8_t* bytes, std::size_t size) {
  return {reinterpret_cast<const char*>(bytes), size};
}

Http2Dialogue& dialogue(void* self) {
  return *static_cast<Http2Dialogue*>(self);
}

/// The fields as HTTP/2 sends them: pseudo fields first, names in lower case.
std::vector<NameValue> http2_fields(const UpstreamRequest& request, bool tls) {
  std::vector<NameValue> fields = {
      {":method", request.method}, {":scheme", tls ? "https" : "http"}, {":path", request.target}};
  std::string authority;
  for (const auto& [name, value] : request.headers)
    if (equals_ignoring_case(name, "host") || name == ":authority") authority = value;
  if (!authority.empty()) fields.push_back({":authority", authority});
  for (const auto& [name, value] : request.headers) {
    std::string small = lower(name);
    if (small.empty() || small.front() == ':' ||
        std::ranges::find(kConnectionFields, small) != std::end(kConnectionFields))
      continue;
    if (small == "te" && !equals_ignoring_case(value, "trailers")) continue;
    fields.push_back({std::move(small), value});
  }
  return fields;
}

}  // namespace

bool Http2Dialogue::make_session(nghttp2_session** session, void* self) {
  nghttp2_session_callbacks* callbacks = nullptr;
  nghttp2_option* option = nullptr;
  if (nghttp2_session_callbacks_new(&callbacks) != 0) return false;
  if (nghttp2_option_new(&option) != 0) {
    nghttp2_session_callbacks_del(callbacks);
    return false;
  }
  nghttp2_session_callbacks_set_on_header_callback(callbacks, on_header);
  nghttp2_session_callbacks_set_on_invalid_header_callback(callbacks, on_invalid_header);
  nghttp2_session_callbacks_set_on_data_chunk_recv_callback(callbacks, on_data);
  nghttp2_session_callbacks_set_on_frame_recv_callback(callbacks, on_frame);
  nghttp2_session_callbacks_set_on_stream_close_callback(callbacks, on_stream_close);
  nghttp2_option_set_max_send_header_block_length(option, kMostHeader);
  const bool made = nghttp2_session_client_new2(session, callbacks, self, option) == 0;
  nghttp2_option_del(option);
  nghttp2_session_callbacks_del(callbacks);
  return made;
}

Http2Dialogue::Http2Dialogue(UpstreamRequest request, DialogueOptions options)
    : request_(std::move(request)), options_(std::move(options)) {
  nghttp2_session* session = nullptr;
  if (make_session(&session, this)) session_.reset(session);
}

std::string Http2Dialogue::opening() {
  if (!session_) return {};
  // What nginx sends for gRPC: no dynamic table, no push, the largest window.
  constexpr std::array<nghttp2_settings_entry, 3> kSettings = {
      {{NGHTTP2_SETTINGS_HEADER_TABLE_SIZE, 0},
       {NGHTTP2_SETTINGS_ENABLE_PUSH, 0},
       {NGHTTP2_SETTINGS_INITIAL_WINDOW_SIZE, kLargestWindow}}};
  nghttp2_submit_settings(session_.get(), NGHTTP2_FLAG_NONE, kSettings.data(), kSettings.size());
  nghttp2_submit_window_update(session_.get(), NGHTTP2_FLAG_NONE, 0, kLargestWindow - kFirstWindow);
  submit();
  return pending();
}

void Http2Dialogue::submit() {
  const auto fields = http2_fields(request_, options_.tls);
  std::vector<nghttp2_nv> list;
  for (const auto& field : fields) {
    // nghttp2 copies them before this returns.
    auto* name = reinterpret_cast<std::uint8_t*>(const_cast<char*>(field.name.data()));
    auto* value = reinterpret_cast<std::uint8_t*>(const_cast<char*>(field.value.data()));
    list.push_back({name, value, field.name.size(), field.value.size(), NGHTTP2_NV_FLAG_NONE});
  }
  nghttp2_data_provider body{};
  body.read_callback = read_body;
  // nginx ends a gRPC call without a body by an empty DATA frame, and streams of gRPC always have one.
  const bool with_body = !request_.body.empty() || request_.protocol == Protocol::grpc;
  nghttp2_submit_request(session_.get(), nullptr, list.data(), list.size(), with_body ? &body : nullptr, nullptr);
}

ssize_t Http2Dialogue::read_body(nghttp2_session*, std::int32_t, std::uint8_t* buffer, std::size_t size,
                                 std::uint32_t* flags, nghttp2_data_source*, void* self) {
  auto& that = dialogue(self);
  const auto piece = std::string_view(that.request_.body).substr(that.body_sent_, size);
  std::memcpy(buffer, piece.data(), piece.size());
  that.body_sent_ += piece.size();
  if (that.body_sent_ == that.request_.body.size()) *flags |= NGHTTP2_DATA_FLAG_EOF;
  return static_cast<ssize_t>(piece.size());
}

std::string Http2Dialogue::pending() {
  std::string bytes;
  while (session_) {
    const std::uint8_t* data = nullptr;
    const ssize_t size = nghttp2_session_mem_send(session_.get(), &data);
    if (size <= 0) break;
    bytes.append(view(data, static_cast<std::size_t>(size)));
  }
  return bytes;
}

void Http2Dialogue::take(std::string_view bytes) {
  if (over() || !session_) return;
  const bool telling = first_.size() < kFrameHeader;
  if (first_.size() < kFirstBytes) first_.append(bytes.substr(0, kFirstBytes - first_.size()));
  // RFC 9113 3.4: the first frame is SETTINGS. nghttp2 would call what an HTTP/1 server says a frame that is too large.
  if (telling && first_.size() >= 4 && first_[3] != NGHTTP2_SETTINGS) {
    not_http2_ = true;
    return;
  }
  const ssize_t taken =
      nghttp2_session_mem_recv(session_.get(), reinterpret_cast<const std::uint8_t*>(bytes.data()), bytes.size());
  if (taken < 0) {
    broken_ = true;
    detail_ = nghttp2_strerror(static_cast<int>(taken));
    return;
  }
  // Only when our own GOAWAY is made does nghttp2 say that it reads no more.
  reply_ += pending();
  if (nghttp2_session_want_read(session_.get()) != 0 || closed_) return;
  broken_ = true;
  if (detail_.empty()) detail_ = "the frames are broken";
}

void Http2Dialogue::take_field(std::string_view name, std::string_view value) {
  header_bytes_ += name.size() + value.size() + 4;
  too_much_ |= header_bytes_ > kMostHeader;
  if (name == ":status" && value.size() == 3 &&
      std::ranges::all_of(value, [](char c) { return c >= '0' && c <= '9'; })) {
    status_ = (value[0] - '0') * 100 + (value[1] - '0') * 10 + (value[2] - '0');
    return;
  }
  ++field_count_;
  longest_ = std::max<std::uint64_t>(longest_, name.size() + value.size() + 4);
  if (headers_.size() < kMostFields)
    headers_.push_back(
        {printable(lower(name), 200), printable(without(without_secret(name, value), options_.secrets), 1024)});
}

int Http2Dialogue::on_header(nghttp2_session*, const nghttp2_frame* frame, const std::uint8_t* name,
                             std::size_t name_size, const std::uint8_t* value, std::size_t value_size, std::uint8_t,
                             void* self) {
  if (frame->hd.type == NGHTTP2_HEADERS) dialogue(self).take_field(view(name, name_size), view(value, value_size));
  return 0;
}

int Http2Dialogue::on_invalid_header(nghttp2_session*, const nghttp2_frame*, const std::uint8_t* name,
                                     std::size_t name_size, const std::uint8_t* value, std::size_t value_size,
                                     std::uint8_t, void* self) {
  auto& that = dialogue(self);
  if (that.flaw_ == HeaderFlaw::none) {
    that.flaw_ = HeaderFlaw::bad_name;
    const auto shown = without_secret(lower(view(name, name_size)), view(value, value_size));
    that.flawed_line_ = printable(fmt::format("{}: {}", view(name, name_size), shown), 200);
  }
  return 0;  // goes on without it
}

int Http2Dialogue::on_data(nghttp2_session*, std::uint8_t, std::int32_t, const std::uint8_t* data, std::size_t size,
                           void* self) {
  auto& that = dialogue(self);
  that.body_bytes_ += size;
  if (that.sample_.size() < kSample) that.sample_.append(view(data, size).substr(0, kSample - that.sample_.size()));
  that.too_much_ |= that.body_bytes_ > that.options_.max_body;
  return 0;
}

int Http2Dialogue::on_frame(nghttp2_session*, const nghttp2_frame* frame, void* self) {
  auto& that = dialogue(self);
  if (frame->hd.type == NGHTTP2_SETTINGS) that.settings_came_ = true;
  if (frame->hd.type == NGHTTP2_GOAWAY) {
    that.goaway_error_ = frame->goaway.error_code;
    that.going_away_ = !that.whole_ && frame->goaway.last_stream_id < 1;
    that.detail_ = fmt::format("GOAWAY {} {}", nghttp2_http2_strerror(frame->goaway.error_code),
                               printable(view(frame->goaway.opaque_data, frame->goaway.opaque_data_len), 100));
  }
  if (frame->hd.stream_id != 1) return 0;
  const bool final = that.status_ && (*that.status_ < 100 || *that.status_ >= 200);
  if (frame->hd.type == NGHTTP2_HEADERS && final) that.head_ended_ = true;
  if (frame->hd.flags & NGHTTP2_FLAG_END_STREAM && that.head_ended_ &&
      (frame->hd.type == NGHTTP2_HEADERS || frame->hd.type == NGHTTP2_DATA))
    that.whole_ = true;
  return 0;
}

int Http2Dialogue::on_stream_close(nghttp2_session*, std::int32_t, std::uint32_t error, void* self) {
  auto& that = dialogue(self);
  that.closed_ = true;
  that.stream_error_ = error;
  return 0;
}

void Http2Dialogue::judge(Replay& replay, ReadEnd end) const {
  const auto set = [&](Failure failure, Phase reached) {
    replay.failure = failure;
    replay.reached = reached;
  };
  const Phase phase = head_ended_ ? Phase::body : begun() ? Phase::header : Phase::wait;
  if (head_ended_) replay.body_end = BodyEnd::no_last_chunk;
  if (whole_) {
    replay.body_end = BodyEnd::whole;
    return set(Failure::none, Phase::done);
  }
  if (too_much_) {
    replay.body_end = head_ended_ ? BodyEnd::not_read : BodyEnd::none;
    return head_ended_ ? set(Failure::none, Phase::done) : set(Failure::header_too_large, phase);
  }
  if (closed_ || broken_ || going_away_) {
    if (replay.detail.empty() && closed_)
      replay.detail = fmt::format("the stream was reset: {}", nghttp2_http2_strerror(stream_error_));
    return set(Failure::http2_error, phase);
  }
  if (end == ReadEnd::timeout) {
    if (head_ended_) replay.body_end = BodyEnd::stalled;
    return set(head_ended_ ? Failure::stalled : Failure::response_timeout, phase);
  }
  if (head_ended_) return set(Failure::truncated, phase);
  set(end == ReadEnd::reset ? Failure::reset : Failure::closed_early, phase);
}

void Http2Dialogue::fill(Replay& replay, ReadEnd end) const {
  // Fewer bytes than tell it apart, and then an end: no SETTINGS came.
  if (not_http2_ || (begun() && !settings_came_ && first_.size() < kFrameHeader)) {
    replay.failure = Failure::not_http;
    replay.reached = Phase::header;
    replay.flaw = HeaderFlaw::no_status_line;
    replay.first_bytes = hex(first_, kFirstBytes);
    replay.looks_like = looks_like(first_);
    replay.body_sample = printable(without(first_, options_.secrets), kSample, true);
    replay.detail = "what came is not HTTP/2";
    return;
  }
  replay.status = status_;
  if (settings_came_) replay.http_version = "2";
  replay.headers = headers_;
  replay.header_bytes = header_bytes_;
  replay.longest_field = longest_;
  replay.field_count = field_count_;
  replay.flaw = flaw_;
  replay.flawed_line = flawed_line_;
  replay.body_bytes = body_bytes_;
  replay.body_sample = printable(without(sample_, options_.secrets), kSample, true);
  replay.detail = printable(detail_, 200);
  if (const auto* length = replay.header("content-length")) {
    std::uint64_t number = 0;
    if (std::from_chars(length->data(), length->data() + length->size(), number).ec == std::errc{})
      replay.announced = number;
  }
  judge(replay, end);
}

}  // namespace fix502
