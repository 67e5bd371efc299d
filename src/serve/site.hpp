#pragma once

// All of `fix502 serve`: guards before routes, and the parts that answer them.

#include <boost/asio/io_context.hpp>
#include <functional>
#include <string>
#include <vector>

#include "history/history.hpp"
#include "serve/assets.hpp"
#include "serve/diagnoses.hpp"
#include "serve/prober.hpp"
#include "serve/remedies.hpp"
#include "serve/server.hpp"
#include "serve/watches.hpp"

namespace fix502 {

/// What the command line says of the server itself.
struct SiteOptions {
  std::string address = "127.0.0.1";
  std::uint16_t port = 0;
  std::string name;   ///< --name
  std::string token;  ///< empty: a new one
  TlsFiles tls;       ///< empty: plain HTTP
  std::vector<Prefix> allowed;
  double per_minute = 0;  ///< diagnoses, and watches, of one client; 0: as many as it likes
  std::string assets;     ///< a folder in place of what is compiled in

  /// It listens on more than loopback.
  [[nodiscard]] bool serves_others() const;
};

class Site {
 public:
  /// `world` and `history` (null: none) must outlive it.
  Site(boost::asio::io_context& loop, SiteOptions options, const ServeWorld& world, Settings settings,
       History* history);

  /// Begins to listen; gives the address for its user's browser, token included.
  [[nodiscard]] Result<std::string> open();
  /// An address that is good once, for a browser to be started with: others may see a command line.
  [[nodiscard]] std::string address_with_key();
  /// Everything under way is stopped; done when it is over.
  Task<void> close();

 private:
  enum class Needs { nothing, token, token_or_query, token_of_others };
  struct Route {
    std::string_view method, path;  ///< {} stands for one part of the path
    Needs needs = Needs::token;
    bool counted = false;  ///< against the client's rate
    std::function<Task<Reply>(const Request& request)> answer;
  };

  [[nodiscard]] std::vector<Route> routes();
  Task<Reply> handle(Request& request);
  [[nodiscard]] std::optional<Reply> refusal(const Request& request) const;
  [[nodiscard]] std::optional<Reply> refusal(const Route& route, const Request& request);
  [[nodiscard]] Reply begin_session(const Request& request);
  [[nodiscard]] Reply asset(const Request& request) const;
  [[nodiscard]] ServerFigures figures() const;

  boost::asio::io_context& loop_;
  SiteOptions options_;
  const ServeWorld& world_;
  History* history_;
  Guards guards_;
  AllowedTargets allowed_;
  RateLimit orders_;
  RateLimit probes_;
  Assets assets_;
  Diagnoses diagnoses_;
  Watches watches_;
  Remedies remedies_;
  Prober prober_;
  std::string key_;  // of the browser that was opened, until it is used
  std::vector<Route> routes_;
  WebServer server_;
};

/// Whether `path` fits the route, whose {} parts become `parts`.
[[nodiscard]] bool fits(std::string_view route, std::string_view path, std::vector<std::string>& parts);

}  // namespace fix502
