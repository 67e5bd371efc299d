#pragma once

// Reads a response in HTTP/1's form, or CGI's, and never stops at the first thing that is wrong: what the gateway would
// say to it is for others to judge, and they need all of it.

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "upstream/dialogue.hpp"

namespace fix502 {

class ResponseReader {
 public:
  /// `http`: a status line comes first. `cgi`: none does (RFC 3875 6). `either`: what nginx takes from uwsgi and SCGI.
  enum class Form { http, cgi, either };

  ResponseReader(Form form, bool to_head, DialogueOptions options);

  void take(std::string_view bytes);
  /// The protocol below says that nothing more comes (FastCGI's END_REQUEST): as good as a close in order.
  void finish() { finished_ = true; }
  [[nodiscard]] bool over() const { return finished_ || state_ == State::done || state_ == State::given_up; }
  [[nodiscard]] bool begun() const { return !head_.empty() || head_ended_; }
  void fill(Replay& replay, ReadEnd end) const;

 private:
  enum class State { head, length, until_close, chunk_size, chunk_data, chunk_end, trailer, done, given_up };

  void take_head(std::string_view& bytes);
  void end_head();
  void read_status_line(std::string_view line);
  void read_field(std::string_view line);
  void add_field(std::string_view name, std::string_view value);
  void take_status_field(std::string_view value);
  void choose_framing();
  [[nodiscard]] std::optional<std::uint64_t> read_length();
  [[nodiscard]] bool read_chunked();
  void take_body(std::string_view bytes);
  void take_counted(std::string_view& bytes);
  void take_line(std::string_view& bytes);
  void end_line();
  void read_chunk_size(std::string_view line);
  void note(HeaderFlaw flaw, std::string_view line = {});
  void give_up(BodyEnd why);
  void judge(Replay& replay, ReadEnd end) const;
  void fill_head(Replay& replay) const;
  void fill_cut_head(Replay& replay) const;
  void fill_flaw(Replay& replay) const;
  void fill_body(Replay& replay) const;

  Form form_;
  bool to_head_;
  DialogueOptions options_;
  State state_ = State::head;
  bool finished_ = false;

  std::string head_;          // raw, until its blank line
  std::size_t searched_ = 0;  // of head_, for the blank line
  bool head_ended_ = false, not_http_ = false, too_large_ = false;
  std::uint64_t header_bytes_ = 0, longest_ = 0;
  int field_count_ = 0;
  std::optional<int> status_;
  std::string version_;
  std::vector<std::pair<std::string, std::string>> fields_;  // raw, names in lower case
  HeaderFlaw flaw_ = HeaderFlaw::none;
  std::string flawed_line_;

  std::optional<std::uint64_t> announced_;
  bool chunked_ = false;
  std::uint64_t left_ = 0;  // of the body by its length, or of the chunk
  std::string line_;        // chunk size or trailer in the making
  std::uint64_t body_bytes_ = 0, surplus_ = 0;
  std::string sample_;
  BodyEnd body_end_ = BodyEnd::none;
};

}  // namespace fix502
