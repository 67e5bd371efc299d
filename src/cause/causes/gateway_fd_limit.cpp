#include <fmt/format.h>

#include <algorithm>

#include "cause/rule.hpp"

namespace fix502::causes {
namespace {

constexpr std::uint64_t kFew = 1024;
constexpr std::int64_t kEnoughDescriptors = 4096;

void match_gateway_fd_limit(const Scene& scene, std::vector<CauseFinding>& found) {
  const auto logged = scene.logged("gateway.fd-limit");
  const auto full = std::ranges::find_if(scene.seen.machine.workers, [](const WorkerFacts& worker) {
    return worker.files_used && worker.files_allowed && *worker.files_used * 20 >= *worker.files_allowed * 19;
  });
  if (logged.empty() && full == scene.seen.machine.workers.end()) return;
  CauseFinding finding = scene.about_gateway("gateway.fd-limit", "proxy_internal_error");
  // Nearly full is no failure yet.
  if (logged.empty() && scene.bad_answer() == nullptr) finding.state = CauseState::latent;
  scene.cite_log(finding, "gateway.fd-limit");
  std::uint64_t allowed = 0;
  for (const auto& worker : scene.seen.machine.workers)
    if (worker.files_allowed) allowed = std::max(allowed, *worker.files_allowed);
  if (full != scene.seen.machine.workers.end())
    finding.signs.push_back({.kind = SignKind::machine,
                             .text = fmt::format("worker {} has {} of {} descriptors open", full->pid,
                                                 *full->files_used, *full->files_allowed)});
  else if (allowed > 0 && allowed <= kFew)
    finding.signs.push_back(
        {.kind = SignKind::machine, .text = fmt::format("its workers may open {} descriptors", allowed)});
  scene.cite_answer(finding);
  finding.place = scene.place_of(LimitKind::files);
  finding.certainty = certainty_of(finding.signs);
  finding.summary = fmt::format("The gateway's workers have no descriptors left{}.",
                                allowed > 0 ? fmt::format(": each may have {}", allowed) : std::string());
  // Two descriptors per request in flight, as many requests as the workers may have connections.
  const std::int64_t wanted =
      std::max<std::int64_t>({kEnoughDescriptors, 2 * scene.limit(LimitKind::connections).value_or(0),
                              4 * static_cast<std::int64_t>(std::min<std::uint64_t>(allowed, 1U << 20))});
  finding.mendings.push_back({.kind = MendingKind::set_limit, .limit = LimitKind::files, .amount = wanted});
  found.push_back(std::move(finding));
}

}  // namespace

extern const CauseRule gateway_fd_limit{.fault = "gateway.fd-limit",
                                        .explains = {"upstream.closed-early", "upstream.all-down"},
                                        .of_one_server = false,
                                        .match = match_gateway_fd_limit};

}  // namespace fix502::causes
