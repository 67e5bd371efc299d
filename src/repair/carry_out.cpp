#include "repair/carry_out.hpp"

#include <variant>

namespace fix502 {
namespace {

struct Doer {
  ChangeSet& set;
  const std::string& say;

  Result<void> operator()(const WriteFile& write) const {
    WriteOptions options;
    options.mode = write.mode;
    options.links = write.replace_link ? Links::replace : Links::refuse;
    return set.write_file(write.path, write.bytes, options);
  }
  Result<void> operator()(const MoveAway& move) const {
    const std::vector<std::filesystem::path> paths(move.paths.begin(), move.paths.end());
    return set.move_away(paths, move.over_newer ? Regrown::replace : Regrown::refuse);
  }
  Result<void> operator()(const RunCommand& run) const {
    if (run.undo.empty()) return set.once(Command{run.words, run.as_root}, say);
    return set.command(Command{run.words, run.as_root}, Command{run.undo, run.as_root, run.undo_input}, say);
  }
};

}  // namespace

Result<void> carry_out(const Work& work, ChangeSet& set) {
  for (const auto& step : work.steps)
    if (auto done = std::visit(Doer{set, step.say}, step.change); !done) return done;
  return {};
}

}  // namespace fix502
