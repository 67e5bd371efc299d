#pragma once

// One request on its way through the configuration: what nginx keeps in ngx_http_request_t.

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "gateway/configuration.hpp"
#include "gateway/gateways/nginx/model.hpp"

namespace fix502::nginx {

struct Journey {
  Journey(const Model& all, const ReadRequest& request, Incoming incoming)
      : model(all), read(request), in(std::move(incoming)) {}

  const Model& model;
  const ReadRequest& read;
  Incoming in;
  const Address* address = nullptr;
  const Server* server = nullptr;
  const Location* location = nullptr;  ///< null: none matched, the server's own settings apply
  const Block* conf = nullptr;         ///< whose settings apply

  std::string uri = "/", args;
  bool quoted = false, plus = false, internal = false, valid_unparsed = true, valid_location = true,
       uri_changed = false;
  std::vector<std::string> groups{};                          ///< $1 and so on, from 0
  std::map<std::string, std::optional<std::string>> known{};  ///< set, named groups; nothing: only known at run time
  std::string proxy_host{}, proxy_port{};

  std::vector<ConfigPlace> way{};
  std::vector<std::string> notes{};
  int depth = 0;  ///< of variables in variables

  void note(std::string text);
  /// Runs the pattern and keeps its groups; false: no match.
  bool match(const Regex& pattern, std::string_view subject);
  [[nodiscard]] const std::string* header(std::string_view name) const;
  [[nodiscard]] std::string host_and_port() const;  ///< what the visitor's Host field says
};

struct Value {
  std::string text{};
  bool known = true;  ///< false: a variable in it is only known at run time, and was left out
};
/// Puts the values of variables in. `for_args`: groups of a match are escaped as a rewritten URI needs it.
[[nodiscard]] Value expand(Journey& journey, std::string_view text, bool escape_groups = false);
/// Nothing: only known at run time.
[[nodiscard]] std::optional<std::string> variable(Journey& journey, const std::string& name);
[[nodiscard]] std::optional<std::string> builtin_variable(Journey& journey, const std::string& name);
/// nginx's own variables, those with an open end ("arg_x") among them.
[[nodiscard]] bool is_builtin(std::string_view name);
/// The names of the variables in a text.
[[nodiscard]] std::vector<std::string> variables_in(std::string_view text);

[[nodiscard]] std::string document_root(Journey& journey);
[[nodiscard]] std::string script_name(Journey& journey, bool path_info);

/// How a request ends.
struct Outcome {
  const Directive* pass = nullptr;  ///< sent on
  std::string answer{};             ///< else: what nginx does
  int status = 0;                   ///< of an answer; 0: by what it finds
};
/// From the choice of the server on; the journey's members say where it went.
[[nodiscard]] Outcome walk(Journey& journey);
/// False: no listener takes it.
[[nodiscard]] bool choose_server(Journey& journey);

}  // namespace fix502::nginx
