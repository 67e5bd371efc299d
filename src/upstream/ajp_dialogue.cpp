#include "upstream/ajp_dialogue.hpp"

#include <algorithm>
#include <charconv>

#include "base/text.hpp"
#include "net/redaction.hpp"
#include "upstream/bounds.hpp"
#include "upstream/looks_like.hpp"
#include "upstream/wire_request.hpp"

namespace fix502 {
namespace {

using namespace std::string_view_literals;

// tomcat.apache.org, "The Apache Tomcat Connectors - AJP Protocol Reference", response packets.
constexpr unsigned char kBodyChunk = 3, kHeaders = 4, kEnd = 5, kGetBody = 6, kPong = 9;
constexpr std::string_view kFields[] = {
    "",         "content-type", "content-language", "content-length", "date",   "last-modified",
    "location", "set-cookie",   "set-cookie2",      "servlet-engine", "status", "www-authenticate"};

/// Takes numbers and texts off a packet; `good` falls when one was not there.
struct Cursor {
  std::string_view rest;
  bool good = true;

  std::size_t number16() {
    if (rest.size() < 2) return good = false;
    const std::size_t value =
        std::size_t{static_cast<unsigned char>(rest[0])} << 8 | static_cast<unsigned char>(rest[1]);
    rest.remove_prefix(2);
    return value;
  }
  std::string_view text() { return text(number16()); }
  std::string_view text(std::size_t size) {
    if (size == 0xFFFF || !good) return {};  // no text at all
    if (rest.size() < size + 1) {
      good = false;
      return {};
    }
    const auto value = rest.substr(0, size);
    rest.remove_prefix(size + 1);
    return value;
  }
};

}  // namespace

AjpDialogue::AjpDialogue(std::string request, DialogueOptions options)
    : request_(std::move(request)), options_(std::move(options)) {}

std::string AjpDialogue::opening() {
  return ajp_ping();
}

void AjpDialogue::take(std::string_view bytes) {
  buffer_.append(bytes);
  std::string_view rest = buffer_;
  while (!over() && !rest.empty()) {
    if (rest[0] != 'A' || (rest.size() >= 2 && rest[1] != 'B')) {
      broken_ = true;
      break;
    }
    if (rest.size() < 4) break;
    const std::size_t length =
        std::size_t{static_cast<unsigned char>(rest[2])} << 8 | static_cast<unsigned char>(rest[3]);
    if (rest.size() < 4 + length) break;
    ++packets_;
    take_packet(rest.substr(4, length));
    rest.remove_prefix(4 + length);
  }
  buffer_.erase(0, buffer_.size() - rest.size());
}

void AjpDialogue::take_packet(std::string_view payload) {
  const auto type = payload.empty() ? 0 : static_cast<unsigned char>(payload[0]);
  if (type != 0) payload.remove_prefix(1);
  if (type == kPong) {
    if (ponged_) return;
    ponged_ = true;
    reply_ += request_;
    ended_ = request_.empty();
  } else if (type == kHeaders && !status_) {
    take_headers(payload);
  } else if (type == kBodyChunk) {
    take_chunk(payload);
  } else if (type == kEnd) {
    ended_ = true;
  } else if (type == kGetBody) {
    reply_ += "\x12\x34\0\0"sv;  // there is no more of it
  } else {
    broken_ = true;
  }
}

void AjpDialogue::take_headers(std::string_view payload) {
  Cursor at{payload};
  header_bytes_ = payload.size();
  const std::size_t status = at.number16();
  at.text();  // the reason
  const std::size_t count = at.number16();
  if (at.good && status >= 100 && status <= 999)
    status_ = static_cast<int>(status);
  else if (at.good)
    flaw_ = HeaderFlaw::bad_status;
  for (std::size_t i = 0; at.good && i < count; ++i) {
    const std::size_t before = at.rest.size();
    const std::size_t first = at.number16();
    const bool coded = (first & 0xFF00) == 0xA000 && (first & 0xFF) < std::size(kFields);
    const std::string name = lower(coded ? kFields[first & 0xFF] : at.text(first));
    const auto value = at.text();
    if (!at.good) break;
    ++field_count_;
    longest_ = std::max<std::uint64_t>(longest_, before - at.rest.size());
    if (headers_.size() < kMostFields)
      headers_.push_back(
          {printable(name, 200), printable(without(without_secret(name, value), options_.secrets), 1024)});
  }
  broken_ = !at.good;
}

void AjpDialogue::take_chunk(std::string_view payload) {
  Cursor at{payload};
  const auto chunk = at.text();
  if (!at.good) {
    broken_ = true;
    return;
  }
  body_bytes_ += chunk.size();
  if (sample_.size() < kSample) sample_.append(chunk.substr(0, kSample - sample_.size()));
  too_much_ = body_bytes_ > options_.max_body;
}

void AjpDialogue::fill(Replay& replay, ReadEnd end) const {
  replay.status = status_;
  replay.headers = headers_;
  replay.header_bytes = header_bytes_;
  replay.longest_field = longest_;
  replay.field_count = field_count_;
  replay.flaw = flaw_;
  replay.body_bytes = body_bytes_;
  replay.body_sample = printable(without(sample_, options_.secrets), kSample, true);
  if (const auto* length = replay.header("content-length")) {
    std::uint64_t number = 0;
    if (std::from_chars(length->data(), length->data() + length->size(), number).ec == std::errc{})
      replay.announced = number;
  }
  const bool failed_in_body = status_.has_value();
  replay.reached = failed_in_body ? Phase::body : begun() ? Phase::header : Phase::wait;
  if (broken_ && packets_ == 0) {
    replay.failure = Failure::not_http;
    replay.flaw = HeaderFlaw::no_status_line;
    replay.first_bytes = hex(buffer_, kFirstBytes);
    replay.looks_like = looks_like(buffer_);
    replay.detail = "what came is no AJP packet";
  } else if (broken_) {
    replay.failure = failed_in_body ? Failure::bad_framing : Failure::header_invalid;
    replay.detail = "a broken AJP packet";
  } else if (ended_ || too_much_) {
    replay.failure = status_ || request_.empty() ? Failure::none : Failure::closed_early;
    if (replay.failure == Failure::none) replay.reached = Phase::done;
    replay.body_end = !status_ ? BodyEnd::none : ended_ ? BodyEnd::whole : BodyEnd::not_read;
  } else if (end == ReadEnd::timeout) {
    replay.failure = failed_in_body ? Failure::stalled : Failure::response_timeout;
    if (failed_in_body) replay.body_end = BodyEnd::stalled;
  } else {
    replay.failure = failed_in_body          ? Failure::truncated
                     : end == ReadEnd::reset ? Failure::reset
                                             : Failure::closed_early;
    if (failed_in_body) replay.body_end = BodyEnd::no_last_chunk;
  }
}

}  // namespace fix502
