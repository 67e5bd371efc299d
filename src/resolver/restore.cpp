#include "resolver/restore.hpp"

#include "base/text.hpp"

namespace fix502 {
namespace {

constexpr std::size_t kMaxKept = 64 * 1024;

}  // namespace

void RecordKeeper::take(std::string_view line) {
  if (line.starts_with(";rrset")) {
    header_ = line;
    return;
  }
  const auto column = words(line);
  // "shop.example.	298	IN	A	203.0.113.99"; messages begin with "msg", and their parts have no TTL.
  if (column.size() < 5 || column[2] != "IN" || column[0].size() != name_.size() + 1) return;
  if (!equals_ignoring_case(column[0].substr(0, name_.size()), name_) || kept_.size() + line.size() > kMaxKept) return;
  if (!header_.empty()) kept_.append(header_).append("\n");
  header_.clear();
  kept_.append(line).append("\n");
}

std::string RecordKeeper::text() const {
  if (kept_.empty()) return {};
  return "START_RRSET_CACHE\n" + kept_ + "END_RRSET_CACHE\nSTART_MSG_CACHE\nEND_MSG_CACHE\nEOF\n";
}

Restore restore_of(const std::vector<std::string>& flush, Moment deadline) {
  Restore restore;
  // unbound-control -c CONFIGURATION flush NAME
  if (flush.size() != 5 || flush[0] != "unbound-control" || flush[3] != "flush") return restore;
  const std::vector<std::string> control(flush.begin(), flush.begin() + 3);
  auto dump = control;
  dump.emplace_back("dump_cache");
  RecordKeeper keeper(flush[4]);
  const auto end = run_tool(
      dump,
      [&](std::string_view line) {
        keeper.take(line);
        return false;
      },
      deadline);
  restore.input = keeper.text();
  if (end.status != 0 || restore.input.empty()) return {};
  restore.words = control;
  restore.words.emplace_back("load_cache");
  return restore;
}

}  // namespace fix502
