#pragma once

#include <memory>
#include <string>
#include <vector>

#include "gateway/configuration.hpp"
#include "gateway/gateways/nginx/destination.hpp"
#include "gateway/gateways/nginx/journey.hpp"
#include "gateway/gateways/nginx/model.hpp"

namespace fix502::nginx {

/// nginx's configuration, read.
class NginxConfiguration final : public Configuration {
 public:
  NginxConfiguration(ReadRequest request, Files& files);

  [[nodiscard]] std::string_view kind() const override { return "nginx"; }
  [[nodiscard]] Route route(const Incoming& incoming) const override;
  [[nodiscard]] std::vector<Incoming> every_way() const override;
  [[nodiscard]] std::vector<Listener> listeners() const override;
  [[nodiscard]] std::vector<LogPlace> logs(const Route& route) const override;
  [[nodiscard]] std::optional<Proposal> propose(const Route& route, const Mending& mending) const override;

  [[nodiscard]] const Model& model() const { return model_; }
  [[nodiscard]] const ReadRequest& request() const { return request_; }
  [[nodiscard]] const Block& main() const { return main_; }

 private:
  ReadRequest request_;
  Block main_;
  Model model_;
};

/// Requests that may lead to each place that sends on; the caller sees whether they do.
[[nodiscard]] std::vector<Incoming> guesses(const Server& server, const Directive& pass);

}  // namespace fix502::nginx
