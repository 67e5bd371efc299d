#pragma once

// One protocol's side of an exchange, without a socket: what is sent, and what becomes of the bytes that come. Every
// reader of an upstream's bytes stands behind this, so that tests and fuzzers feed it what they like.

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "gateway/replay_facts.hpp"

namespace fix502 {

/// How the bytes ceased to come.
enum class ReadEnd { over, closed, reset, timeout };

class Dialogue {
 public:
  Dialogue() = default;
  Dialogue(const Dialogue&) = delete;
  Dialogue& operator=(const Dialogue&) = delete;
  virtual ~Dialogue() = default;

  /// The first bytes to send.
  [[nodiscard]] virtual std::string opening() = 0;
  /// Any bytes, cut anywhere.
  virtual void take(std::string_view bytes) = 0;
  /// What is to be sent after that; empty: nothing.
  [[nodiscard]] virtual std::string reply() { return {}; }
  /// Nothing more is wanted: a whole response, or something that cannot become one.
  [[nodiscard]] virtual bool over() const = 0;
  /// A byte of an answer came.
  [[nodiscard]] virtual bool begun() const = 0;
  /// Puts what was read into the Replay, `failure` and `reached` included.
  virtual void fill(Replay& replay, ReadEnd end) const = 0;
};

/// What the dialogue needs to know beside the request.
struct DialogueOptions {
  std::uint64_t max_body = 1024 * 1024;
  std::vector<std::string> secrets = {};  ///< values that the answer might echo
  bool tls = false;                       ///< the scheme that HTTP/2 names
};

/// The speaker of the request's protocol; never null. Plain TCP's wants nothing and is over at once.
[[nodiscard]] std::unique_ptr<Dialogue> make_dialogue(const UpstreamRequest& request, DialogueOptions options);

}  // namespace fix502
