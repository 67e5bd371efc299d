#pragma once

// What the routes know of HTTP: a request that was read whole, and a reply. How bytes come and go is connection.cpp's.

#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/fields.hpp"
#include "net/net.hpp"

namespace fix502 {

/// One request, read whole and within bounds.
struct Request {
  std::string method;
  std::string path;                           ///< decoded, without the query
  std::map<std::string, std::string> query;   ///< decoded; of a name given twice, the first
  std::map<std::string, std::string> fields;  ///< names in lower case; of a name given twice, the first
  std::string body;
  std::string client;              ///< the peer's address
  std::vector<std::string> parts;  ///< of the path, where the route has {}

  /// Empty where there is none.
  [[nodiscard]] std::string_view field(const std::string& name) const;
  [[nodiscard]] std::string_view asked(const std::string& name) const;
};

/// Where a reply without an end writes to. False: the peer is gone.
class Outlet {
 public:
  Outlet() = default;
  Outlet(const Outlet&) = delete;
  Outlet& operator=(const Outlet&) = delete;
  virtual ~Outlet() = default;
  virtual Task<bool> write(std::string bytes) = 0;
};

struct Reply {
  int status = 200;
  std::string type;  ///< Content-Type; empty: no body
  std::string body;
  std::vector<std::pair<std::string, std::string>> fields;
  /// Bytes that outlive every connection, in place of `body`.
  std::string_view lasting;
  /// Writes the body piece by piece, after the head; the connection ends with it.
  std::function<Task<void>(Outlet& outlet)> stream;
};

[[nodiscard]] Reply json_reply(const Json& json, int status = 200);
/// RFC 9110 15.3.5, 204: done, and there is nothing to say.
[[nodiscard]] Reply no_content();

/// Percent-decoded; nullopt where that gives no text, or one with a NUL in it. `plus`: a plus is a space, as forms have
/// it.
[[nodiscard]] std::optional<std::string> decoded(std::string_view text, bool plus);
/// Splits and decodes "/path?name=value&..."; false where it cannot be read.
[[nodiscard]] bool read_request_target(std::string_view target, Request& request);

}  // namespace fix502
