#pragma once

// Puts the servers together from the tree: who listens, which paths are sent on, which workers that makes.

#include "gateway/gateways/apache/servers.hpp"

namespace fix502::apache {

class Builder {
 public:
  Builder(Tree& tree, VirtualHost& host) : tree_(tree), host_(host) {}
  void walk(const Scope& scope, const Scope* section);

 private:
  void take(const Directive& directive, const Scope* section);
  void proxy_pass(const Directive& directive, const Scope* section);
  void proxy_section(const Scope& section);
  void proxy_set(const Directive& directive, const Scope* section);
  void balancer_member(const Directive& directive, const Scope* section);
  void server_name(const Directive& directive);
  Balancer& balancer(std::string_view url, const ConfigPlace& place);
  Worker* shared_worker(std::string_view url, bool match);
  Worker* new_worker(std::vector<std::unique_ptr<Worker>>& into, std::string_view written, bool match,
                     const Directive& from, std::size_t word);
  std::optional<Worker> make_worker(std::string_view written, bool match, const ConfigPlace& place,
                                    std::string_view who);
  void set(Parameters& parameters, std::string_view text, bool of_balancer, std::string_view who, const Parameter& from,
           const ConfigPlace& place);
  void stop(std::string what, const ConfigPlace& place) { tree_.problem(true, std::move(what), place); }

  Tree& tree_;
  VirtualHost& host_;
  const Directive* timeout_ = nullptr;  ///< ProxyTimeout so far
};

/// "balancer://shop/x", and its name without the path, in lower case.
[[nodiscard]] bool is_balancer(std::string_view text);
[[nodiscard]] std::string balancer_name(std::string_view text);
/// Of the workers that this URL may use the one whose own URL is the longest; null: none.
[[nodiscard]] const Worker* longest(const std::vector<const Worker*>& workers, std::string_view url, bool prefix,
                                    bool match);

}  // namespace fix502::apache
