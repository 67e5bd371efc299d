#pragma once

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"
#include "demo/demo.hpp"
#include "demo/demo_host.hpp"
#include "faulty/servers.hpp"
#include "observation/evidence.hpp"
#include "target/settings.hpp"

namespace fix502 {

/// A demo's site, up and running on loopback (127.0.0.0/8, ports that were free, no privileges) while the loop runs.
///
/// The words that a demo's texts may use in braces: the name of each of its servers, for "address:port"; `port`, that
/// of the site; `closed`, a place where nothing listens; `url`; `zone` and `two`, DNS data that gives the site one
/// address or two; `visit`, `visit-old`, `visit-proxy`, `ask-resolver`, `ask-comparison`: commands.
class DemoStage {
 public:
  [[nodiscard]] static Result<DemoStage> open(boost::asio::io_context& loop, const Demo& demo);

  [[nodiscard]] const std::string& url() const { return places_.at("url"); }
  /// What was really broken, in a sentence.
  [[nodiscard]] std::string broken() const { return fill(demo_->broken); }
  /// Commands that show it, while the site is up.
  [[nodiscard]] std::vector<std::string> checks() const;
  /// How often each server has been asked: "resolver 2, comparison 4, gateway 14, application 0".
  [[nodiscard]] std::string asked() const;
  /// Where they listen.
  [[nodiscard]] std::vector<std::string> addresses() const;
  /// The machine of a visitor of this site.
  [[nodiscard]] DemoHost visitor() const;
  /// Points a diagnosis at this small internet; what its user has set stays.
  void furnish(Settings& settings) const;
  /// Commands that hold for this small internet in place of those that ask the real machine.
  void correct(Evidence& evidence) const;

 private:
  explicit DemoStage(const Demo& demo) : demo_(&demo) {}
  Result<void> reserve(boost::asio::io_context& loop);
  Result<void> start(boost::asio::io_context& loop);
  void name_commands();
  [[nodiscard]] std::string fill(std::string_view text) const;

  const Demo* demo_;
  std::vector<boost::asio::ip::tcp::acceptor> reserved_;  // bound, not listening: nobody else can listen there
  std::vector<faulty::Servers> servers_;                  // one, once started
  std::map<std::string, std::string> places_;
};

}  // namespace fix502
