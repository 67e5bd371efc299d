#pragma once

#include <curl/curl.h>

#include <string_view>

#include "net/answer_reader.hpp"
#include "observation/words.hpp"

namespace fix502 {

/// How a transfer ended, as curl, OpenSSL and our own reader saw it.
struct Ending {
  CURLcode code = CURLE_OK;
  int os_error = 0;        ///< errno of the last connection attempt
  std::string_view words;  ///< curl's message
  bool proxied = false;
  bool connected = false;  ///< TCP
  bool refused = false;    ///< one of several addresses refused, whatever the last one did
  int tunnel_status = 0;   ///< of the proxy's answer to CONNECT, 0: none
  bool encrypted = false;  ///< https
  bool greeting = false;   ///< TLS has begun
  bool http2 = false;
  int alert = -1;
  int verify_error = 0;
  bool requested = false;  ///< the way was open and the request sent
  bool begun = false;      ///< some byte of the answer came
  bool header_complete = false;
  AnswerReader::Stop stop = AnswerReader::Stop::none;
  bool ended = false;   ///< by the peer, in good order or not
  bool silent = false;  ///< nothing more had come for a while when time was up
};

/// What a transfer came to.
struct EndingOutcome {
  Failure failure = Failure::none;
  Phase reached = Phase::done;
  std::string_view words;  ///< of ours, where curl has none to the point

  bool operator==(const EndingOutcome&) const = default;
};

[[nodiscard]] EndingOutcome judge(const Ending& ending);

}  // namespace fix502
