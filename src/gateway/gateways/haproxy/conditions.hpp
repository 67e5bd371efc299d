#pragma once

// ACLs and the fetches that they and formats look at (configuration.txt 7), as far as one request decides them.

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "gateway/gateways/haproxy/model.hpp"

namespace fix502::haproxy {

/// The request as the rules see it; they change it on their way.
struct Asked {
  Incoming incoming;
  std::string path, query;  ///< of the target, without and with what follows "?"
  bool tls = false;

  explicit Asked(const Incoming& from);
  [[nodiscard]] std::string target() const { return query.empty() ? path : path + "?" + query; }
  [[nodiscard]] std::optional<std::string> header(std::string_view name) const;
  void set_header(std::string_view name, const std::string& value);
  void add_header(std::string_view name, const std::string& value);
  void remove_header(std::string_view name);
};

enum class Answer { no, yes, unknown };

/// What a sample expression gives: "path,lower", "hdr(host)", "map_beg(...)". Nothing: it cannot be told.
[[nodiscard]] std::optional<std::string> sample(std::string_view expression, const Asked& asked, const Model& model);

/// A format: text with %[expression] in it. Nothing: a part cannot be told.
[[nodiscard]] std::optional<std::string> formatted(std::string_view format, const Asked& asked, const Model& model);

/// The words behind "if" or "unless" at the end of a line (or none: always).
[[nodiscard]] Answer decide(const Line& line, const Section& section, const Asked& asked, const Model& model);

/// What the condition of a line asks for: values that would make a request fit ("hdr(host)" -> "shop.example").
struct Hint {
  std::string host, path;
};
[[nodiscard]] Hint hint_of(const Line& line, const Section& section, const Model& model);

/// Where the condition begins: the index of "if" or "unless", or the number of words.
[[nodiscard]] std::size_t condition_at(const Line& line);

}  // namespace fix502::haproxy
