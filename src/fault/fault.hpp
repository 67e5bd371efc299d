#pragma once

// The pure heart: evidence in, verdict out. No I/O, no clock, no globals.

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/fields.hpp"
#include "observation/evidence.hpp"

namespace fix502 {

enum class Side { unknown, visitor, owner, third_party };
enum class Outcome { healthy, fault, inconclusive };
enum class Scope { unknown, only_you, some_visitors, everyone };
[[nodiscard]] std::string_view to_word(Side side);  ///< "visitor", "owner", "third-party"; "" for unknown
[[nodiscard]] std::string_view to_word(Outcome outcome);
[[nodiscard]] std::string_view to_word(Scope scope);  ///< "only-you", "some-visitors", "everyone", "unknown"

/// How well the observations carry a finding. The number that a report shows for it is measured by the lab.
enum class Certainty { guess, likely, strong, proven };
[[nodiscard]] double confidence(Certainty certainty);

using Cites = std::vector<std::string>;  ///< ids of observations

struct Alternative {
  std::string fault;
  double confidence = 0;
};

/// One fault concluded from the evidence.
struct Finding {
  std::string fault;  ///< id of the catalogue
  Certainty certainty = Certainty::likely;
  Side side = Side::unknown;
  Scope scope = Scope::unknown;
  std::string cause;    ///< RFC 9209 error type, may be empty
  std::string nel;      ///< Network Error Logging type
  std::string summary;  ///< one sentence that a visitor understands, with what was seen
  Cites cites;
  std::string subject;       ///< what it is about: an address, a resolver, a proxy, a pattern
  bool felt = false;         ///< visitors meet it although the visits made here all worked
  bool hidden = false;       ///< it is there, and the visits made here got round it
  bool sees_behind = false;  ///< the site was reached round it, so that what was found there stands beside it
};

struct Verdict {
  Outcome outcome = Outcome::inconclusive;
  std::optional<Finding> finding;  ///< present exactly when the outcome is `fault`
  double confidence = 0;
  std::string summary;
  Cites evidence;
  std::vector<Alternative> alternatives;  ///< what else would explain the same observations
  std::vector<Finding> also;              ///< independent further faults
  std::string nel = "ok";
  std::string answered_by;  ///< "nginx", "cloudflare", "application"; empty when unsure
};

/// An entry of the catalogue. A visitor's: words and rule in faults/<id with underscores>.cpp, its rank in faults.def.
/// The gateway's own: words in owner_faults.def, rule in src/cause/.
struct FaultInfo {
  std::string_view id;  ///< "dns.stale-record"
  Hop hop;
  Side side;  ///< the side where it does not depend on the case; unknown: the rule says
  std::string_view title;
  std::string_view meaning;  ///< one or two sentences for a visitor
};
/// Both tables of product.md: what a visitor's machine sees, then what the gateway's own machine sees.
[[nodiscard]] const std::vector<FaultInfo>& fault_catalogue();
[[nodiscard]] const FaultInfo* find_fault(std::string_view id);
/// How many of the catalogue, from its beginning, are of the first table.
[[nodiscard]] std::size_t faults_of_visitors();

/// The verdict that explains the evidence best.
[[nodiscard]] Verdict diagnose(const Evidence& evidence);

enum class StepState { done, skipped };
enum class Outlook { fixes, may_help, no_effect, unknown };
[[nodiscard]] std::string_view to_word(StepState state);
[[nodiscard]] std::string_view to_word(Outlook outlook);  ///< "fixes", "may-help", "no-effect", "unknown"

/// One of the eight pieces of advice, answered for this case.
struct Step {
  std::string id;
  StepState state = StepState::skipped;
  Outlook outlook = Outlook::unknown;
  std::string finding;
  Cites evidence;
};
/// All eight, in product.md's order.
[[nodiscard]] std::vector<Step> judge_steps(const Evidence& evidence, const Verdict& verdict);

enum class HopState { ok, broken, absent, unknown };
[[nodiscard]] std::string_view to_word(HopState state);
struct PathHop {
  Hop hop = Hop::browser;
  HopState state = HopState::unknown;
  std::string detail;
};
/// All seven hops, in the order in which a request passes them.
[[nodiscard]] std::vector<PathHop> judge_path(const Evidence& evidence, const Verdict& verdict);

}  // namespace fix502
