#pragma once

// An upstream's answer, given to the reader of its protocol whole and in pieces.

#include "fuzz.hpp"
#include "upstream/dialogue.hpp"

namespace fix502::fuzz {

inline Replay read_answer(Protocol protocol, std::string_view bytes, std::size_t piece, ReadEnd end) {
  UpstreamRequest request;
  request.protocol = protocol;
  const auto dialogue = make_dialogue(request, {.max_body = 4096});
  static_cast<void>(dialogue->opening());
  while (!bytes.empty() && !dialogue->over()) {
    dialogue->take(bytes.substr(0, piece));
    promise(dialogue->reply().size() <= 64 * 1024);
    bytes.remove_prefix(std::min(piece, bytes.size()));
  }
  Replay replay;
  dialogue->fill(replay, dialogue->over() ? ReadEnd::over : end);
  return replay;
}

/// The first byte says how the bytes end, and how they are cut.
inline void answer(Protocol protocol, std::string_view input) {
  if (input.empty()) return;
  const auto choice = static_cast<unsigned char>(input[0]);
  constexpr ReadEnd kEnds[] = {ReadEnd::closed, ReadEnd::reset, ReadEnd::timeout, ReadEnd::closed};
  const ReadEnd end = kEnds[choice & 3];
  input.remove_prefix(1);
  const Replay whole = read_answer(protocol, input, input.size() + 1, end);
  const Replay pieces = read_answer(protocol, input, 1 + (choice >> 2), end);
  promise(whole.failure == pieces.failure && whole.status == pieces.status && whole.flaw == pieces.flaw &&
          whole.body_end == pieces.body_end);
  promise(whole.headers.size() <= 200 && whole.body_sample.size() <= 2048 && whole.flawed_line.size() <= 200);
  // What was made of hostile bytes must be text that a report can hold: dump() throws on anything else.
  Replay again;
  promise(from_json(Json::parse(to_json(whole).dump()), again).has_value() && again == whole);
}

}  // namespace fix502::fuzz
