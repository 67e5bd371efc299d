#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "gateway/configuration.hpp"
#include "gateway/gateways/apache/mapping.hpp"

namespace fix502::apache {

class Apache final : public Configuration {
 public:
  Apache(const ReadRequest& request, Files& files);

  [[nodiscard]] std::string_view kind() const override { return "apache"; }
  [[nodiscard]] Route route(const Incoming& incoming) const override;
  [[nodiscard]] std::vector<Incoming> every_way() const override;
  [[nodiscard]] std::vector<Listener> listeners() const override;
  [[nodiscard]] std::vector<LogPlace> logs(const Route& route) const override;
  [[nodiscard]] std::optional<Proposal> propose(const Route& route, const Mending& mending) const override;

  [[nodiscard]] const Tree& tree() const { return *tree_; }
  [[nodiscard]] const Servers& servers() const { return servers_; }
  /// The process's own PATH: FastCGI applications get it.
  [[nodiscard]] const std::vector<NameValue>& environment() const { return environment_; }

 private:
  std::unique_ptr<Tree> tree_;
  Servers servers_;
  std::vector<NameValue> environment_;
};

/// Everything about one request at once: what the parts of a Route are made from.
struct Way {
  HostChoice choice;
  Asked asked;
  Mapping mapping;
};
[[nodiscard]] std::optional<Way> find_way(const Apache& apache, const Incoming& incoming);

/// The worker's or the target's own parameter; null where it is not set.
[[nodiscard]] const Parameter* parameter_of(const Target& target, std::string_view key);
struct Pooling {
  bool wanted = false;  ///< reuse is on for this worker
  bool used = false;
  Setting from;
};
[[nodiscard]] Pooling pooling_of(const Apache& apache, const Asked& asked, const Target& target);
[[nodiscard]] Protocol protocol_of(const Target& target, const Asked& asked);
[[nodiscard]] std::string scheme_of(const Target& target);

[[nodiscard]] UpstreamRequest build_request(const Apache& apache, Asked& asked, const Target& target,
                                            const Pooling& pooling);
[[nodiscard]] UpstreamTls build_tls(const Asked& asked, const Target& target);
void add_limits(const Apache& apache, const Asked& asked, const Target* target, const Pooling& pooling, Route& route);
void add_settings(const Apache& apache, Asked& asked, const Target& target, Route& route);
[[nodiscard]] Setting setting_of(const Asked& asked, const Directive* directive, std::string_view name,
                                 std::string_view builtin);
[[nodiscard]] Setting setting_of(const Asked& asked, const Parameter& parameter, std::string_view name);
[[nodiscard]] ConfigPlace place_of(const Parameter& parameter);

}  // namespace fix502::apache
