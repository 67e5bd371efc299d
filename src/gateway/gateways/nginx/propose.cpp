#include <algorithm>
#include <array>

#include "gateway/gateways/nginx/editor.hpp"

namespace fix502::nginx {
namespace {

struct MendingRow {
  MendingKind kind;
  Mend mend;
};

/// What is not in it, nginx has no setting for: tolerate_header, check_path.
constexpr auto kMends = std::to_array<MendingRow>({
    {MendingKind::set_address, mend_address},  {MendingKind::loop_out, mend_address},
    {MendingKind::ipv4_only, mend_address},    {MendingKind::set_limit, mend_limit},
    {MendingKind::use_tls, mend_tls},          {MendingKind::use_plain, mend_tls},
    {MendingKind::send_sni, mend_tls},         {MendingKind::verify_name, mend_tls},
    {MendingKind::trust_file, mend_tls},       {MendingKind::tls_versions, mend_tls},
    {MendingKind::speak, mend_protocol},       {MendingKind::script_file, mend_protocol},
    {MendingKind::unchunked, mend_protocol},   {MendingKind::pass_upgrade, mend_protocol},
    {MendingKind::keep_shorter, mend_pool},    {MendingKind::no_pool, mend_pool},
    {MendingKind::use_pool, mend_pool},        {MendingKind::resolve_again, mend_names},
    {MendingKind::cache_no_errors, mend_rest}, {MendingKind::run_as, mend_rest},
});

}  // namespace

std::optional<Proposal> NginxConfiguration::propose(const Route& route, const Mending& mending) const {
  if (mending.kind == MendingKind::reload_only) return Proposal{};
  const auto row = std::ranges::find(kMends, mending.kind, &MendingRow::kind);
  if (row == kMends.end() || route.kind != RouteKind::proxied) return std::nullopt;
  Editor editor(*this, route);
  if (editor.pass() == nullptr || !row->mend(editor, route, mending, *this) || !editor.any()) return std::nullopt;
  Proposal proposal;
  proposal.edits = editor.take();
  // What came from -g stands in no file.
  if (std::ranges::any_of(proposal.edits, [](const Edit& edit) { return edit.file.empty(); })) return std::nullopt;
  return proposal;
}

}  // namespace fix502::nginx
