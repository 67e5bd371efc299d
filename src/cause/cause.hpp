#pragma once

// The owner's side of the reasoning: evidence of one way through a gateway in, causes out. Pure, as src/fault is.

#include <string>
#include <string_view>
#include <vector>

#include "cause/gateway_evidence.hpp"
#include "fault/fault.hpp"

namespace fix502 {

enum class CauseState {
  present,  ///< seen happening
  latent,   ///< will bite one day; never the cause of what fails now
};
[[nodiscard]] std::string_view to_word(CauseState state);

/// Where a sign was seen. Two signs of different kinds are independent.
enum class SignKind { configuration, log, replay, machine, answer };
[[nodiscard]] std::string_view to_word(SignKind kind);

/// One thing that was seen and that carries a cause.
struct Sign {
  SignKind kind = SignKind::replay;
  std::string text{};  ///< a sentence part: "connect() was refused at 127.0.0.1:8000"
  std::string file{};  ///< configuration, log
  int line = 0;
  std::uint64_t count = 0;  ///< log: lines
  WallTime first_seen{};
  WallTime last_seen{};
  std::string sample{};     ///< log: one raw line, printable
  std::string reproduce{};  ///< replay: a command that shows it
};

/// What somebody can do outside of the gateway's configuration.
struct Advice {
  std::string say{};
  std::vector<std::string> commands{};
  ConfigPlace place{};    ///< a file of the application's that says it
  std::string replace{};  ///< with `place`: what its bytes should be
};

/// One fault of the second table, concluded.
struct CauseFinding {
  std::string fault, cause;
  CauseState state = CauseState::present;
  Certainty certainty = Certainty::likely;
  std::string upstream;  ///< "127.0.0.1:8000"; empty: not one of them
  std::string
      upstream_name;  ///< the group's or server's name in the configuration, where it has one: "shop_pool", "b/s1"
  ConfigPlace place;  ///< the directive that it is about
  std::string summary;
  std::vector<Sign> signs;
  std::vector<Mending> mendings;  ///< in order of preference; the first that this gateway can do is proposed
  bool mends = true;              ///< the mending is expected to end it by itself: it may be applied
  std::vector<Advice> advice;
  std::uint64_t failed = 0;  ///< requests that the logs show
  bool now = false;          ///< the page fails by it now
};

/// Every fault of this way: what is present first, in order of damage.
[[nodiscard]] std::vector<CauseFinding> find_causes(const GatewayEvidence& evidence);

/// What explains the page's failure best. `fixed`: after a change, what is said of it.
[[nodiscard]] Verdict judge_gateway(const std::vector<CauseFinding>& findings,
                                    const std::vector<const GatewayEvidence*>& ways);

}  // namespace fix502
