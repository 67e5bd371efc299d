#pragma once

#include "gateway/gateways/haproxy/conditions.hpp"
#include "gateway/gateways/haproxy/model.hpp"

namespace fix502::haproxy {

/// A server line taken apart.
struct ServerLine {
  const Line* line = nullptr;
  std::size_t address = 2;  ///< index of the word that names it
  UpstreamServer server;
  UpstreamTls tls;
  bool check = false;
  std::uint16_t check_port = 0;
  std::string proto;  ///< "h1", "h2", "fcgi"; empty: h1
  int proxy_protocol = 0;
  std::optional<std::int64_t> connections, pool, pool_purge_ms, fall;

  /// The index of an option's word on the line itself; 0: it is not there.
  [[nodiscard]] std::size_t word(std::string_view name) const;
};

/// The servers of a backend, default-server and server-template counted in.
[[nodiscard]] std::vector<ServerLine> servers_of(const Section& backend, const Model& model, const Asked& asked);

class Haproxy final : public Configuration {
 public:
  Model model;
  std::vector<std::string> syslog_files;  ///< where rsyslog usually writes, where that file is there

  [[nodiscard]] std::string_view kind() const override { return "haproxy"; }
  [[nodiscard]] Route route(const Incoming& incoming) const override;
  [[nodiscard]] std::vector<Incoming> every_way() const override;
  [[nodiscard]] std::vector<Listener> listeners() const override;
  [[nodiscard]] std::vector<LogPlace> logs(const Route& route) const override;
  [[nodiscard]] std::optional<Proposal> propose(const Route& route, const Mending& mending) const override;

  /// What a request passes: which frontend, which rules, which backend.
  struct Journey {
    const Section* front = nullptr;
    const Section* back = nullptr;
    const Line* by = nullptr;  ///< the rule that chose the backend
    std::string answer;        ///< the frontend or backend answers by itself
    const Line* answered = nullptr;
    std::vector<ConfigPlace> way;
    std::vector<std::string> notes;
  };
  [[nodiscard]] Journey travel(Asked& asked) const;
};

/// Everything of the route that the chosen backend says.
void fill_route(Route& route, const Haproxy& configuration, const Haproxy::Journey& journey, Asked& asked);
void fill_limits(Route& route, const Model& model, const Section& front, const Section& back,
                 const std::vector<ServerLine>& servers);

/// One "bind": where, with TLS or without.
struct Bind {
  std::string address;
  std::uint16_t port = 0;
  bool tls = false;
  const Line* line = nullptr;
};
[[nodiscard]] std::vector<Bind> binds_of(const Section& section);

}  // namespace fix502::haproxy
