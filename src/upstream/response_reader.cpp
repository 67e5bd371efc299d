#include "upstream/response_reader.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <cstring>

#include "base/text.hpp"
#include "net/redaction.hpp"
#include "upstream/bounds.hpp"
#include "upstream/looks_like.hpp"

namespace fix502 {
namespace {

constexpr std::size_t kMostHead = 1024 * 1024;  // bytes: far beyond every gateway's buffer
constexpr std::size_t kMostKept = 20'000;       // that are read
constexpr std::size_t kMostValue = 1024;        // bytes shown of a value
constexpr std::size_t kMostLine = 200;          // bytes shown of a broken line
constexpr std::size_t kEnoughToTell = 9;        // bytes: an HTTP/2 frame's header
constexpr std::size_t kMostChunkLine = 16 * 1024;
constexpr std::string_view kStatusStart = "HTTP/";

bool is_control(char c) {
  const auto byte = static_cast<unsigned char>(c);
  return (byte < 0x20 && byte != '\t') || byte == 0x7F;
}

bool is_digit(char c) {
  return c >= '0' && c <= '9';
}

std::string_view without_end(std::string_view line) {
  if (line.ends_with('\n')) line.remove_suffix(1);
  if (line.ends_with('\r')) line.remove_suffix(1);
  return line;
}

bool may_be_status_line(std::string_view bytes) {
  const auto size = std::min(bytes.size(), kStatusStart.size());
  return bytes.substr(0, size) == kStatusStart.substr(0, size);
}

}  // namespace

ResponseReader::ResponseReader(Form form, bool to_head, DialogueOptions options)
    : form_(form), to_head_(to_head), options_(std::move(options)) {}

void ResponseReader::note(HeaderFlaw flaw, std::string_view line) {
  if (flaw_ != HeaderFlaw::none) return;
  flaw_ = flaw;
  flawed_line_ = line;
}

void ResponseReader::give_up(BodyEnd why) {
  state_ = State::given_up;
  body_end_ = why;
}

void ResponseReader::take(std::string_view bytes) {
  while (!bytes.empty() && state_ != State::given_up) {
    switch (state_) {
      case State::head:
        take_head(bytes);
        break;
      case State::length:
      case State::chunk_data:
        take_counted(bytes);
        break;
      case State::until_close:
        take_body(bytes);
        bytes = {};
        break;
      case State::chunk_size:
      case State::chunk_end:
      case State::trailer:
        take_line(bytes);
        break;
      case State::done:
      case State::given_up:
        surplus_ += bytes.size();
        return;
    }
  }
}

void ResponseReader::take_head(std::string_view& bytes) {
  const std::size_t before = head_.size();
  head_.append(bytes);
  if (form_ == Form::http && !may_be_status_line(head_)) {
    bytes = {};
    not_http_ = true;
    note(HeaderFlaw::no_status_line);
    if (head_.size() >= kEnoughToTell) state_ = State::given_up;
    if (head_.size() > kMostHead) head_.resize(kMostHead);
    return;
  }
  // The blank line is an LF, with a CR before it or not, right behind another one; or the very first line.
  for (std::size_t at = searched_; at < head_.size(); ++at) {
    if (head_[at] != '\n') continue;
    const bool blank =
        at == 0 || head_[at - 1] == '\n' || (head_[at - 1] == '\r' && (at == 1 || head_[at - 2] == '\n'));
    if (!blank) continue;
    bytes.remove_prefix(at + 1 - before);
    head_.resize(at + 1);
    return end_head();
  }
  searched_ = head_.size();
  bytes = {};
  if (head_.size() < kMostHead) return;
  too_large_ = true;
  end_head();
  note(HeaderFlaw::never_ends);
  give_up(BodyEnd::none);
}

void ResponseReader::end_head() {
  head_ended_ = !too_large_;
  header_bytes_ = head_.size();
  std::string_view rest = head_;
  bool first = true;
  while (!rest.empty()) {
    const auto end = std::min(rest.find('\n'), rest.size() - 1) + 1;
    const auto whole = rest.substr(0, end);
    const auto line = without_end(whole);
    rest.remove_prefix(end);
    const bool status_line =
        first && (form_ == Form::http || (form_ == Form::either && line.starts_with(kStatusStart)));
    first = false;
    if (!status_line) longest_ = std::max<std::uint64_t>(longest_, whole.size());
    if (status_line)
      read_status_line(line);
    else if (!line.empty())
      read_field(line);
  }
  if (too_large_) return;
  if (form_ != Form::http && !status_)
    // RFC 3875 6.2.3, 6.3.3
    status_ = std::ranges::any_of(fields_, [](const auto& field) { return field.first == "location"; }) ? 302 : 200;
  if (status_ && *status_ >= 100 && *status_ < 200 && *status_ != 101) {  // RFC 9110 15.2: another one follows
    head_.clear();
    searched_ = 0;
    head_ended_ = false;
    longest_ = header_bytes_ = 0;
    field_count_ = 0;
    status_.reset();
    fields_.clear();
    return;
  }
  choose_framing();
  head_.shrink_to_fit();
}

void ResponseReader::read_status_line(std::string_view line) {
  // RFC 9112 4: HTTP/1.1 SP 200 SP reason
  const auto blank = std::min(line.find(' '), line.size());
  const auto version = line.substr(0, blank).substr(std::min(kStatusStart.size(), blank));
  const bool good_version = version.size() == 3 && is_digit(version[0]) && version[1] == '.' && is_digit(version[2]);
  if (!good_version) {
    not_http_ = true;
    return note(HeaderFlaw::no_status_line, line);
  }
  version_ = version;
  const auto code = trim(line.substr(blank));
  const auto size = std::min(code.find(' '), code.size());
  if (size != 3 || !std::ranges::all_of(code.substr(0, 3), is_digit) || code[0] == '0')
    return note(HeaderFlaw::bad_status, line);
  status_ = (code[0] - '0') * 100 + (code[1] - '0') * 10 + (code[2] - '0');
}

void ResponseReader::read_field(std::string_view line) {
  ++field_count_;
  const auto colon = line.find(':');
  if (colon == line.npos) return note(HeaderFlaw::no_colon, line);
  const auto name = line.substr(0, colon);
  const auto value = line.substr(colon + 1);
  const auto bare = name.substr(0, name.find_last_not_of(" \t") + 1);
  if (!is_token(bare))
    note(HeaderFlaw::bad_name, line);
  else if (bare.size() != name.size())
    note(HeaderFlaw::space_before_colon, line);
  if (std::ranges::any_of(value, is_control)) note(HeaderFlaw::bad_byte, line);
  if (fields_.size() < kMostKept) add_field(trim(bare), trim(value));
}

void ResponseReader::add_field(std::string_view name, std::string_view value) {
  fields_.emplace_back(lower(name), value);
  if (form_ != Form::http && version_.empty() && fields_.back().first == "status") take_status_field(value);
}

void ResponseReader::take_status_field(std::string_view value) {
  // RFC 3875 6.3.3: Status: 404 Not Found
  const auto code = value.substr(0, value.find(' '));
  if (code.size() != 3 || !std::ranges::all_of(code, is_digit) || code[0] == '0')
    return note(HeaderFlaw::bad_status, value);
  status_ = (code[0] - '0') * 100 + (code[1] - '0') * 10 + (code[2] - '0');
}

std::optional<std::uint64_t> ResponseReader::read_length() {
  std::optional<std::uint64_t> length;
  int count = 0;
  for (const auto& [name, value] : fields_) {
    if (name != "content-length") continue;
    std::uint64_t number = 0;
    const auto [end, error] = std::from_chars(value.data(), value.data() + value.size(), number);
    if (error != std::errc{} || end != value.data() + value.size())
      note(HeaderFlaw::bad_length, "Content-Length: " + value);
    else if (!length)
      length = number;
    if (++count == 2) note(HeaderFlaw::twice_length, "Content-Length: " + value);
  }
  return length;
}

bool ResponseReader::read_chunked() {
  int codings = 0;
  bool chunked = false, bad = false;
  for (const auto& [name, value] : fields_) {
    if (name != "transfer-encoding") continue;
    for (const auto word : split(value, ',')) {
      const std::string coding = lower(trim(word.substr(0, word.find(';'))));
      // RFC 9112 7.1: chunked once, and last.
      bad |= chunked || (coding != "chunked" && coding != "gzip" && coding != "deflate" && coding != "compress" &&
                         coding != "x-gzip" && coding != "identity");
      chunked |= coding == "chunked";
      ++codings;
    }
    if (bad) note(HeaderFlaw::bad_coding, "Transfer-Encoding: " + value);
  }
  if (codings > 0 && announced_) note(HeaderFlaw::length_and_chunked, "Content-Length beside Transfer-Encoding");
  return chunked;
}

void ResponseReader::choose_framing() {
  announced_ = read_length();
  // CGI knows no transfer codings: the server in front makes them.
  chunked_ = (form_ == Form::http || !version_.empty()) && read_chunked();
  if (to_head_ || status_ == 101 || status_ == 204 || status_ == 304) {
    state_ = State::done;
  } else if (chunked_) {
    state_ = State::chunk_size;
  } else if (announced_) {
    left_ = *announced_;
    state_ = left_ == 0 ? State::done : State::length;
    if (left_ == 0) body_end_ = BodyEnd::whole;
  } else {
    state_ = State::until_close;
  }
}

void ResponseReader::take_body(std::string_view bytes) {
  body_bytes_ += bytes.size();
  if (sample_.size() < kSample) sample_.append(bytes.substr(0, kSample - sample_.size()));
  if (body_bytes_ > options_.max_body) give_up(BodyEnd::not_read);
}

void ResponseReader::take_counted(std::string_view& bytes) {
  const auto piece = bytes.substr(0, static_cast<std::size_t>(std::min<std::uint64_t>(left_, bytes.size())));
  bytes.remove_prefix(piece.size());
  left_ -= piece.size();
  const bool by_length = state_ == State::length;
  if (left_ == 0) state_ = by_length ? State::done : State::chunk_end;
  if (state_ == State::done) body_end_ = BodyEnd::whole;
  // A whole body is whole, even if it is the last byte that passes our bound.
  const State then = state_;
  take_body(piece);
  if (then == State::done) {
    state_ = then;
    body_end_ = BodyEnd::whole;
  }
}

void ResponseReader::take_line(std::string_view& bytes) {
  const auto end = bytes.find('\n');
  const auto piece = bytes.substr(0, end == bytes.npos ? end : end + 1);
  bytes.remove_prefix(piece.size());
  if (line_.size() + piece.size() > kMostChunkLine) return give_up(BodyEnd::bad_chunk);
  line_.append(piece);
  if (end == bytes.npos) {
    // What is no hexadecimal digit need not be waited for: "zz" never becomes a size.
    if (state_ == State::chunk_size && !std::isxdigit(static_cast<unsigned char>(line_[0])))
      give_up(BodyEnd::bad_chunk);
    return;
  }
  end_line();
}

void ResponseReader::end_line() {
  const std::string whole = std::exchange(line_, {});
  const auto line = without_end(whole);
  if (state_ == State::chunk_size) {
    read_chunk_size(line);
  } else if (state_ == State::chunk_end) {
    if (line.empty())
      state_ = State::chunk_size;
    else
      give_up(BodyEnd::bad_chunk);
  } else if (line.empty()) {  // the trailer section's end
    state_ = State::done;
    body_end_ = BodyEnd::whole;
  }
}

void ResponseReader::read_chunk_size(std::string_view line) {
  const auto digits = trim(line.substr(0, line.find(';')));
  const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), left_, 16);
  if (error != std::errc{} || end != digits.data() + digits.size()) return give_up(BodyEnd::bad_chunk);
  state_ = left_ == 0 ? State::trailer : State::chunk_data;
}

void ResponseReader::judge(Replay& replay, ReadEnd end) const {
  const auto set = [&](Failure failure, Phase reached) {
    replay.failure = failure;
    replay.reached = reached;
  };
  if (!begun()) {
    return set(end == ReadEnd::reset     ? Failure::reset
               : end == ReadEnd::timeout ? Failure::response_timeout
                                         : Failure::closed_early,
               Phase::wait);
  }
  if (not_http_) return set(Failure::not_http, Phase::header);
  if (too_large_) return set(Failure::header_too_large, Phase::header);
  if (!head_ended_)
    return set(end == ReadEnd::reset     ? Failure::reset
               : end == ReadEnd::timeout ? Failure::stalled
                                         : Failure::closed_early,
               Phase::header);
  replay.body_end = body_end_;
  switch (state_) {
    case State::done:
      return set(Failure::none, Phase::done);
    case State::given_up:
      return body_end_ == BodyEnd::not_read ? set(Failure::none, Phase::done) : set(Failure::bad_framing, Phase::body);
    case State::until_close:
      replay.body_end = end == ReadEnd::timeout ? BodyEnd::stalled : BodyEnd::until_close;
      if (end == ReadEnd::timeout) return set(Failure::stalled, Phase::body);
      return end == ReadEnd::reset ? set(Failure::truncated, Phase::body) : set(Failure::none, Phase::done);
    default:
      break;
  }
  if (end == ReadEnd::timeout) {
    replay.body_end = BodyEnd::stalled;
    return set(Failure::stalled, Phase::body);
  }
  replay.body_end = chunked_ ? BodyEnd::no_last_chunk : BodyEnd::short_of_length;
  set(Failure::truncated, Phase::body);
}

void ResponseReader::fill_head(Replay& replay) const {
  replay.status = status_;
  replay.http_version = version_;
  replay.header_bytes = header_bytes_;
  replay.longest_field = longest_;
  replay.field_count = field_count_;
  for (const auto& [name, value] : fields_) {
    if (replay.headers.size() == kMostFields) break;
    const std::string shown = without(without_secret(name, value), options_.secrets);
    replay.headers.push_back({printable(name, kMostLine), printable(shown, kMostValue)});
  }
}

void ResponseReader::fill_body(Replay& replay) const {
  replay.announced = announced_;
  replay.body_bytes = body_bytes_;
  replay.body_sample = printable(without(sample_, options_.secrets), kSample, true);
  if (surplus_ > 0) replay.detail = fmt::format("{} bytes more came than the response announced", surplus_);
}

/// A header that was cut off: what there is of it is read all the same.
void ResponseReader::fill_cut_head(Replay& replay) const {
  ResponseReader cut(form_, to_head_, options_);
  cut.head_ = head_;
  cut.too_large_ = true;  // keeps it from going on to a body
  cut.end_head();
  cut.fill_head(replay);
  cut.fill_flaw(replay);
}

void ResponseReader::fill_flaw(Replay& replay) const {
  replay.flaw = flaw_;
  const auto colon = flawed_line_.find(':');
  const std::string name = lower(trim(flawed_line_.substr(0, std::min(colon, flawed_line_.size()))));
  const std::string shown =
      colon != std::string::npos && is_secret_field(name)
          ? flawed_line_.substr(0, colon + 1) + without_secret(name, flawed_line_.substr(colon + 1))
          : flawed_line_;
  replay.flawed_line = printable(without(shown, options_.secrets), kMostLine);
}

void ResponseReader::fill(Replay& replay, ReadEnd end) const {
  const bool cut = !head_ended_ && !head_.empty() && !not_http_ && !too_large_;
  if (cut) {
    fill_cut_head(replay);
  } else {
    fill_head(replay);
    fill_flaw(replay);
    fill_body(replay);
  }
  if (not_http_ || (cut && form_ != Form::http)) {
    replay.first_bytes = hex(head_, kFirstBytes);
    replay.looks_like = looks_like(head_);
    replay.body_sample = printable(without(head_.substr(0, kSample), options_.secrets), kSample, true);
    if (not_http_) replay.status.reset();
  }
  judge(replay, end);
}

}  // namespace fix502
