#pragma once

// The reader of httpd's files while it is at work: what stands open, what is defined, what was included.

#include <map>

#include "gateway/gateways/apache/tree.hpp"

namespace fix502::apache {

struct Macro {
  std::string file;
  std::vector<std::string> parameters;
  std::vector<Line> lines;
};

/// One section that is open while a file is read.
struct Open {
  std::string name;
  Scope* scope = nullptr;
  bool skip = false;  ///< its condition does not hold
  ConfigPlace place;
  bool own = false;  ///< `scope` was made by it
};

class Reader {
 public:
  Reader(const ReadRequest& request, Files& files) : request_(request), files_(files) {}
  std::unique_ptr<Tree> read();

 private:
  void read_file(const std::string& path, Scope& scope, int depth, const ConfigPlace& from);
  void read_lines(const std::string& path, const std::vector<Line>& lines, Scope& scope, int depth, bool exact);
  void take_line(const std::string& path, Line line, std::vector<Open>& open, int depth, bool exact);
  void open_section(const std::string& path, const Line& line, std::vector<Open>& open, bool exact);
  void close_section(const std::string& path, const Line& line, std::vector<Open>& open);
  bool take_at_once(Directive& directive, Scope& scope, int depth);
  void include(const Directive& directive, Scope& scope, int depth);
  void include_folder(const std::string& folder, Scope& scope, int depth, const ConfigPlace& from);
  void use_macro(const Directive& directive, Scope& scope, int depth);
  void load_module(const Directive& directive);
  bool check_known(const Directive& directive);
  bool condition_holds(std::string_view name, std::string_view argument);
  bool version_holds(std::string_view argument) const;
  [[nodiscard]] const std::string* value_of(const std::string& name) const;
  [[nodiscard]] std::string absolute(std::string_view path) const;
  void stop(std::string what, const ConfigPlace& place) { tree_->problem(true, std::move(what), place); }

  const ReadRequest& request_;
  Files& files_;
  std::unique_ptr<Tree> tree_;
  std::map<std::string, std::string> defines_;
  std::map<std::string, std::string> environment_;
  std::map<std::string, Macro> macros_;
  Macro* recording_ = nullptr;
  std::size_t recording_depth_ = 0;
  std::size_t reads_ = 0;
  std::size_t directives_ = 0;
  bool too_deep_ = false;  ///< files include each other without end: no further one is read
};

/// What a section of that name is; `key`: in lower case.
[[nodiscard]] ScopeKind kind_of(std::string_view key);
/// ifmodule, ifdefine and their kin, which are decided when the file is read.
[[nodiscard]] bool is_start_condition(std::string_view key);

}  // namespace fix502::apache
