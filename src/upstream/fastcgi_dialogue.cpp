#include "upstream/fastcgi_dialogue.hpp"

#include <algorithm>

#include "base/text.hpp"
#include "net/redaction.hpp"
#include "upstream/bounds.hpp"
#include "upstream/looks_like.hpp"

namespace fix502 {
namespace {

constexpr std::size_t kHeader = 8;
constexpr std::size_t kMostErrors = 4096;

// FastCGI 1.0, 8: what an application sends.
constexpr unsigned char kEndRequest = 3, kStdout = 6, kStderr = 7, kGetValuesResult = 10, kUnknownType = 11;

constexpr std::string_view kStatuses[] = {"", "the application takes one request per connection",
                                          "the application is overloaded", "the application has no such role"};

unsigned char byte(std::string_view bytes, std::size_t at) {
  return static_cast<unsigned char>(bytes[at]);
}

bool is_known(unsigned char type) {
  return type == kEndRequest || type == kStdout || type == kStderr || type == kGetValuesResult || type == kUnknownType;
}

}  // namespace

FastcgiDialogue::FastcgiDialogue(std::string opening, bool to_head, DialogueOptions options)
    : opening_(std::move(opening)),
      options_(options),
      reader_(ResponseReader::Form::cgi, to_head, std::move(options)) {}

void FastcgiDialogue::take(std::string_view bytes) {
  buffer_.append(bytes);
  std::string_view rest = buffer_;
  while (!over() && !rest.empty()) {
    // The first two bytes tell whether it is a record at all.
    if (byte(rest, 0) != 1 || (rest.size() >= 2 && !is_known(byte(rest, 1)))) {
      broken_ = true;
      break;
    }
    if (rest.size() < kHeader) break;
    const std::size_t length = std::size_t{byte(rest, 4)} << 8 | byte(rest, 5);
    const std::size_t whole = kHeader + length + byte(rest, 6);
    if (rest.size() < whole) break;
    ++records_;
    take_record(byte(rest, 1), rest.substr(kHeader, length));
    rest.remove_prefix(whole);
  }
  buffer_.erase(0, buffer_.size() - rest.size());
}

void FastcgiDialogue::take_record(unsigned char type, std::string_view content) {
  if (type == kStdout) {
    output_ended_ |= content.empty();
    reader_.take(content);
  } else if (type == kStderr) {
    errors_.append(content.substr(0, kMostErrors - std::min(kMostErrors, errors_.size())));
  } else if (type == kEndRequest) {
    end_request(content);
  }
}

void FastcgiDialogue::end_request(std::string_view content) {
  ended_ = true;
  if (content.size() >= 5) protocol_status_ = byte(content, 4);
  reader_.finish();
}

void FastcgiDialogue::fill(Replay& replay, ReadEnd end) const {
  if (broken_ && records_ == 0) {
    replay.failure = Failure::not_http;
    replay.reached = Phase::header;
    replay.flaw = HeaderFlaw::no_status_line;
    replay.first_bytes = hex(buffer_, kFirstBytes);
    replay.looks_like = looks_like(buffer_);
    replay.body_sample = printable(without(buffer_.substr(0, kSample), options_.secrets), kSample, true);
    replay.detail = "what came is no FastCGI record";
    return;
  }
  reader_.fill(replay, ended_ ? ReadEnd::over : end);
  replay.errors = printable(without(errors_, options_.secrets), kMostErrors, true);
  if (protocol_status_ > 0 && protocol_status_ < std::size(kStatuses)) replay.detail = kStatuses[protocol_status_];
  if (records_ == 0 && !buffer_.empty()) replay.reached = Phase::header;
  if (broken_) {
    replay.failure = replay.status ? Failure::bad_framing : Failure::header_invalid;
    replay.reached = replay.status ? Phase::body : Phase::header;
    replay.body_end = replay.status ? BodyEnd::bad_chunk : BodyEnd::none;
    replay.detail = "a broken FastCGI record";
  } else if (replay.body_end == BodyEnd::until_close && !ended_ && !output_ended_) {
    // The stream ends by its own empty record; a connection that ends before is one that was cut off.
    replay.failure = Failure::truncated;
    replay.reached = Phase::body;
    replay.body_end = BodyEnd::no_last_chunk;
  } else if (replay.body_end == BodyEnd::until_close) {
    replay.body_end = BodyEnd::whole;
  }
}

}  // namespace fix502
