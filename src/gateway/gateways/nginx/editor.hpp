#pragma once

// Changes in the file's own style: only the bytes of a value, or one line next to the directive that it belongs to.

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "gateway/gateways/nginx/nginx.hpp"

namespace fix502::nginx {

class Editor {
 public:
  Editor(const NginxConfiguration& configuration, const Route& route);

  /// Null where the route's place is no directive of this configuration.
  [[nodiscard]] const Directive* pass() const { return pass_; }
  [[nodiscard]] const std::string& family() const { return family_; }
  [[nodiscard]] const Block& conf() const { return *pass_->parent; }
  [[nodiscard]] const Group* group() const;
  [[nodiscard]] const Block* server() const;
  [[nodiscard]] bool since(std::string_view version) const;

  /// Gives a directive its value where the route needs it: in the narrowest block that may hold it. Existing there:
  /// only its words change. `keep_if`: nothing is done where the value that applies is this already.
  void set(const std::string& name, const std::string& value);
  /// The same in one certain block; a new line goes behind `near`, or to the end of the block.
  void set_in(const Block& block, const std::string& name, const std::string& value, const Directive* near = nullptr);
  /// A line of its own behind a directive, in the file where the directive's block stands.
  void insert_behind(const Directive& near, const std::string& line);
  void insert_before(const Directive& near, const std::string& line);
  /// `header` with this value among those that are sent; the inherited ones are repeated, since nginx drops them all
  /// as soon as one stands here.
  void set_header(const std::string& header, const std::string& value);
  /// The same for fastcgi_param, uwsgi_param, scgi_param.
  void set_param(const std::string& param, const std::string& value);
  void replace(const ConfigPlace& at, std::uint64_t begin, std::uint64_t end, std::string text);
  void replace_word(const Directive& at, std::size_t word, std::string text);
  void remove(const Directive& at);

  [[nodiscard]] std::vector<Edit> take() { return std::move(edits_); }
  [[nodiscard]] bool any() const { return !edits_.empty(); }

 private:
  [[nodiscard]] const Block* scope(std::string_view name) const;
  [[nodiscard]] const Directive* anchor_in(const Block& block) const;
  void set_pair(const std::string& name, const std::string& key, const std::string& value);

  const NginxConfiguration& configuration_;
  const Directive* pass_ = nullptr;
  std::string family_;
  std::vector<Edit> edits_;
  std::vector<std::pair<const Block*, std::string>> copied_;  ///< lists that were repeated in a block already
};

/// A word as it has to be written: quoted where it holds what would end it.
[[nodiscard]] std::string quote_word(const std::string& word);

/// The changes of one kind each; nothing where nginx has no such setting.
using Mend = bool (*)(Editor& editor, const Route& route, const Mending& mending, const NginxConfiguration& all);
[[nodiscard]] bool mend_limit(Editor&, const Route&, const Mending&, const NginxConfiguration&);
[[nodiscard]] bool mend_address(Editor&, const Route&, const Mending&, const NginxConfiguration&);
[[nodiscard]] bool mend_names(Editor&, const Route&, const Mending&, const NginxConfiguration&);
[[nodiscard]] bool mend_tls(Editor&, const Route&, const Mending&, const NginxConfiguration&);
[[nodiscard]] bool mend_protocol(Editor&, const Route&, const Mending&, const NginxConfiguration&);
[[nodiscard]] bool mend_pool(Editor&, const Route&, const Mending&, const NginxConfiguration&);
[[nodiscard]] bool mend_rest(Editor&, const Route&, const Mending&, const NginxConfiguration&);

}  // namespace fix502::nginx
