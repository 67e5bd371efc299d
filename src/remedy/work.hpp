#pragma once

// What a remedy changes on this machine, as a plan: nothing here touches it. src/repair carries it out through the
// journal, which makes each step's undo out of what it finds.

#include <string>
#include <variant>
#include <vector>

namespace fix502 {

/// How far a step reaches.
enum class Risk { none, this_user, this_machine };

/// A file shall hold these bytes.
struct WriteFile {
  std::string path;
  std::string bytes;
  unsigned mode = 0644;       ///< of a new file
  bool replace_link = false;  ///< a symbolic link at the path is replaced, not followed
};

/// Files or folders go into the journal.
struct MoveAway {
  std::vector<std::string> paths;
  bool over_newer = false;  ///< undo takes the place of what has grown there since
};

/// A command, and the one that takes it back; none: there is nothing to take back.
struct RunCommand {
  std::vector<std::string> words;
  bool as_root = false;
  std::vector<std::string> undo;
  std::string undo_input = {};  ///< what that reads
};

struct WorkStep {
  std::string say;  ///< "comment out line 3 of /etc/hosts"
  Risk risk = Risk::this_user;
  std::variant<WriteFile, MoveAway, RunCommand> change;
};

/// A remedy made concrete for this machine and this site.
struct Work {
  std::vector<WorkStep> steps;
  std::string nothing;            ///< why there is nothing to do; then there are no steps
  std::vector<std::string> tell;  ///< what a person should know when it is done
};

}  // namespace fix502
