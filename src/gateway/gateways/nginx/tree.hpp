#pragma once

// A configuration as nginx's own parser sees it (src/core/ngx_conf_file.c): directives of words, in blocks, with the
// bytes that each stands on. Included files are read in place.

#include <map>
#include <memory>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "gateway/configuration.hpp"
#include "gateway/files.hpp"

namespace fix502::nginx {

/// One word of a directive, with its quotes taken off and its escapes replaced.
struct Word {
  std::string text{};
  std::uint64_t begin = 0, end = 0;  ///< of its bytes in the file, the quotes counted in
  bool quoted = false;
  bool plain = true;  ///< the bytes between begin and end are `text`, but for the quotes
};

/// What a block's words mean.
enum class BlockKind {
  main,
  events,
  http,
  server,
  location,
  upstream,
  if_server,
  if_location,
  limit_except,
  pairs,   ///< map, geo, types ...: keys and values, no directives
  foreign  ///< stream, mail: read for its brackets only
};

struct Block;

struct Directive {
  std::vector<Word> words{};  ///< the name first
  ConfigPlace place;          ///< begin of the name to behind ";" or "}"
  std::uint64_t open = 0;     ///< behind the "{" of its block
  std::uint64_t close = 0;    ///< at the "}" of its block
  std::unique_ptr<Block> block{};
  const Block* parent = nullptr;
  const Directive* via = nullptr;  ///< the include that brought it, where it stands in another file than its block's

  [[nodiscard]] const std::string& name() const { return words.front().text; }
  /// The n-th word behind the name; empty where there is none.
  [[nodiscard]] const std::string& arg(std::size_t n) const;
  [[nodiscard]] std::size_t args() const { return words.size() - 1; }
  /// The words behind the name, joined by blanks.
  [[nodiscard]] std::string value() const;
};

struct Block {
  BlockKind kind = BlockKind::main;
  const Directive* opener = nullptr;  ///< null for the whole file
  const Block* parent = nullptr;
  std::vector<std::unique_ptr<Directive>> children{};  ///< in order of reading, included ones in their place
  std::vector<std::pair<std::string_view, const Directive*>> by_name{};  ///< sorted by name, then by order of reading

  [[nodiscard]] const Directive* own(std::string_view name) const;  ///< the first of that name in this very block
  [[nodiscard]] std::vector<const Directive*> all_own(std::string_view name) const;
};

/// The nearest block, from this one outwards, that has the directive.
[[nodiscard]] const Directive* effective(const Block& block, std::string_view name);
/// All of that name in the nearest block that has any: nginx replaces lists as a whole.
[[nodiscard]] std::vector<const Directive*> effective_all(const Block& block, std::string_view name);

/// The text of one file, or of `-g`, read into blocks.
class TreeReader {
 public:
  TreeReader(Files& files, std::string conf_folder, FileTexts& texts, std::vector<Problem>& problems)
      : files_(files), conf_folder_(std::move(conf_folder)), texts_(texts), problems_(problems) {}

  void read_file(const std::string& path, Block& into);
  /// The text behind `-g`; its directives have no place.
  void read_text(std::string_view text, Block& into);

 private:
  struct Open;
  void read_bytes(std::string_view text, const std::string& path, Block& into, const Directive* via);
  void include(const Directive& directive, Block& into);
  void include_file(const std::string& path, const Directive& directive, Block& into);
  void problem(bool fatal, std::string what, const ConfigPlace& place);

  Files& files_;
  std::string conf_folder_;
  FileTexts& texts_;
  std::vector<Problem>& problems_;
  std::vector<std::string> stack_;  ///< files that are being read, for loops
  std::size_t read_ = 0;            ///< files read so far, each time counted
  std::size_t bytes_ = 0;
  bool full_ = false;
};

inline constexpr std::size_t kMostProblems = 200;
inline constexpr std::size_t kDeepestBlock = 64;
inline constexpr std::size_t kMostBytes = 64U * 1024 * 1024;  ///< of all files together, each time counted

/// Sorts the names of every block below.
void index_tree(Block& block);

/// The absolute name of a file that a directive mentions.
[[nodiscard]] std::string under(const std::string& folder, const std::string& path);

}  // namespace fix502::nginx
