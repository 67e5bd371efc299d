#pragma once

// Changes of httpd's files: a word's bytes, a parameter, a line beside its neighbour.

#include <string>
#include <string_view>
#include <vector>

#include "gateway/gateways/apache/configuration.hpp"

namespace fix502::apache {

class Editor {
 public:
  Editor(const Apache& apache, const Way& way);

  /// Each gives false where the file cannot be changed so: a macro's line, the command line.
  bool replace_word(const Directive& directive, std::size_t word, std::string_view text);
  bool replace_words(const Directive& directive, std::size_t first, std::string_view text);
  bool append(const Directive& directive, std::string_view text);
  bool insert_behind(const ConfigPlace& place, const std::vector<std::string>& lines);
  bool insert_before(const ConfigPlace& place, const std::vector<std::string>& lines);
  bool remove(const Directive& directive);

  /// A setting of servers: its value where the virtual host or the main server has it, else a line beside ServerName.
  bool set_in_host(std::string_view name, std::string_view value, const VirtualHost& host);
  /// A setting of sections: where it stands for this request, else at the narrowest level.
  bool set_here(std::string_view name, std::string_view value);
  /// SSLProxy...: not allowed within <Location> and its kin, so beside the outermost section.
  bool set_for_upstream(std::string_view name, std::string_view value);
  /// A line that counts for this target alone: within its <Location>, or in one made for its path.
  bool add_for_target(const std::vector<std::string>& lines);
  /// A worker's or balancer's "key=value".
  bool set_parameter(const Parameters& parameters, std::string_view key, std::string_view value, const Directive* owner,
                     const ConfigPlace& owner_place);
  bool set_worker(const Worker* worker, std::string_view key, std::string_view value);

  [[nodiscard]] const Apache& apache() const { return apache_; }
  [[nodiscard]] const Way& way() const { return way_; }
  [[nodiscard]] const Target& target() const { return *way_.mapping.target; }
  [[nodiscard]] std::vector<Edit>& edits() { return edits_; }

 private:
  [[nodiscard]] const std::string* text_of(const ConfigPlace& place) const;
  bool insert(const ConfigPlace& place, const std::vector<std::string>& lines, bool behind, bool deeper);

  const Apache& apache_;
  const Way& way_;
  std::vector<Edit> edits_;
};

/// As httpd takes it for one word: quoted where it must be.
[[nodiscard]] std::string as_word(std::string_view text);

/// What stands in `editor` by now, as a proposal.
[[nodiscard]] Proposal proposal(Editor& editor, std::string title = {});
/// The worker of one of the target's servers; null: httpd's own for everything else.
[[nodiscard]] const Worker* worker_of(const Target& target, std::size_t server);
/// A worker's parameter; where the target has no worker of its own a <Proxy> section makes one.
bool set_on_worker(Editor& editor, std::size_t server, std::string_view key, std::string_view value,
                   std::string_view beside = {});

[[nodiscard]] std::optional<Proposal> mend_address(Editor& editor, const Mending& mending);
[[nodiscard]] std::optional<Proposal> mend_limit(Editor& editor, const Route& route, const Mending& mending);
[[nodiscard]] std::optional<Proposal> mend_pool(Editor& editor, const Route& route, const Mending& mending);
[[nodiscard]] std::optional<Proposal> mend_tls(Editor& editor, const Route& route, const Mending& mending);
[[nodiscard]] std::optional<Proposal> mend_protocol(Editor& editor, const Route& route, const Mending& mending);
[[nodiscard]] std::optional<Proposal> mend_rest(Editor& editor, const Route& route, const Mending& mending);

/// The target's URL anew: another scheme, another address, another path. Empty parts stay as they are.
struct UrlChange {
  std::string scheme, address, path;
  bool change_path = false;
};
[[nodiscard]] bool change_url(Editor& editor, std::size_t server, const UrlChange& change);

}  // namespace fix502::apache
