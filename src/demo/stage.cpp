#include "demo/stage.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace fix502 {
namespace {

namespace asio = boost::asio;
using asio::ip::tcp;

/// Every address that a demo's site may have. They share one port, as the addresses of a site do.
constexpr const char* kSiteAddresses[] = {"127.0.0.10", "127.0.0.11", "127.0.0.12", "127.0.0.80", "127.0.0.1"};
constexpr const char* kClosedAddress = "127.0.0.20";
constexpr int kTries = 8;

constexpr std::string_view kZone =
    R"({"records":["shop.demo.test. 300 IN A 127.0.0.10","check.demo.test. 300 IN A 127.0.0.1"]})";
constexpr std::string_view kTwo =
    R"({"records":["shop.demo.test. 300 IN A 127.0.0.10","shop.demo.test. 300 IN A 127.0.0.11",
                   "check.demo.test. 300 IN A 127.0.0.1"]})";

/// What comes with every demo, round its own servers.
constexpr std::string_view kWorld = R"({{"listeners":[
  {{"name":"resolver","protocol":"dns","address":"127.0.0.53","port":0,"data":{}}},
  {{"name":"comparison","protocol":"dns","address":"127.0.0.54","port":0,"data":{}}},
  {{"name":"check","protocol":"http","address":"127.0.0.1","port":{{port}},
    "routes":[{{"answer":{{"status":204,"type":"","body":""}}}}]}}{}{}]}})";

/// A port of that address where nobody listens, kept as it is. A server of ours may still take it: on Linux two sockets
/// with SO_REUSEADDR share a port as long as only one of them listens (socket(7)).
Result<tcp::acceptor> reserve_port(asio::io_context& loop, const char* address, std::uint16_t port) {
  tcp::acceptor acceptor(loop);
  boost::system::error_code bad;
  acceptor.open(tcp::v4(), bad);
  if (!bad) acceptor.set_option(asio::socket_base::reuse_address(true), bad);
  if (!bad) acceptor.bind(tcp::endpoint(asio::ip::make_address(address), port), bad);
  if (bad) return fail("the demo needs the loopback address " + std::string(address), bad.message());
  return acceptor;
}

/// "127.0.0.53:41000" as dig has it.
std::string at_server(const std::string& place) {
  const auto colon = place.rfind(':');
  return fmt::format("@{} -p {}", place.substr(0, colon), place.substr(colon + 1));
}

}  // namespace

Result<DemoStage> DemoStage::open(asio::io_context& loop, const Demo& demo) {
  Result<void> opened;
  // Between the choice of a port and its use another program may take it.
  for (int i = 0; i < kTries; ++i) {
    DemoStage stage(demo);
    opened = stage.reserve(loop);
    if (opened) opened = stage.start(loop);
    if (opened) return stage;
  }
  return std::unexpected(opened.error());
}

Result<void> DemoStage::reserve(asio::io_context& loop) {
  std::uint16_t port = 0;
  for (const char* address : kSiteAddresses) {
    auto acceptor = reserve_port(loop, address, port);
    if (!acceptor) return std::unexpected(acceptor.error());
    port = acceptor->local_endpoint().port();
    reserved_.push_back(std::move(*acceptor));
  }
  auto closed = reserve_port(loop, kClosedAddress, 0);
  if (!closed) return std::unexpected(closed.error());
  places_ = {{"port", fmt::format("{}", port)},
             {"url", fmt::format("{}://shop.demo.test:{}/cart", demo_->scheme, port)},
             {"closed", fmt::format("{}:{}", kClosedAddress, closed->local_endpoint().port())},
             {"zone", std::string(kZone)},
             {"two", std::string(kTwo)}};
  reserved_.push_back(std::move(*closed));
  return {};
}

Result<void> DemoStage::start(asio::io_context& loop) {
  const std::string text = fill(fmt::format(fmt::runtime(kWorld), demo_->resolver, demo_->comparison,
                                            demo_->listeners.empty() ? "" : ",", demo_->listeners));
  auto config = faulty::parse_config(nlohmann::json::parse(text));
  if (!config) return std::unexpected(config.error());
  auto servers = faulty::Servers::start(loop, std::move(*config));
  if (!servers) return std::unexpected(servers.error());
  for (const auto& bound : servers->endpoints()) places_[bound.name] = fmt::format("{}:{}", bound.address, bound.port);
  servers_.push_back(std::move(*servers));
  name_commands();
  return {};
}

void DemoStage::name_commands() {
  const std::string& port = places_.at("port");
  const auto visit = [&](std::string_view address) {
    return fmt::format("curl -i --resolve shop.demo.test:{}:{} {}", port, address, url());
  };
  places_["visit"] = visit("127.0.0.10");
  places_["visit-old"] = visit("127.0.0.11");
  if (places_.contains("proxy")) places_["visit-proxy"] = fmt::format("curl -i --proxy {} {}", places_["proxy"], url());
  for (const std::string resolver : {"resolver", "comparison"})
    places_["ask-" + resolver] = fmt::format("dig {} shop.demo.test", at_server(places_.at(resolver)));
}

std::string DemoStage::fill(std::string_view text) const {
  std::string filled(text);
  // DNS data come first and hold no further word.
  for (const auto& [word, place] : places_) {
    const std::string braced = "{" + word + "}";
    for (auto at = filled.find(braced); at != filled.npos; at = filled.find(braced, at + place.size()))
      filled.replace(at, braced.size(), place);
  }
  return filled;
}

std::vector<std::string> DemoStage::checks() const {
  const std::string filled = fill(demo_->check);
  std::vector<std::string> lines;
  for (std::size_t at = 0; at < filled.size();) {
    const auto end = std::min(filled.find('\n', at), filled.size());
    lines.push_back(filled.substr(at, end - at));
    at = end + 1;
  }
  return lines;
}

std::string DemoStage::asked() const {
  std::string counts;
  for (const auto& bound : servers_.front().endpoints())
    if (bound.name != "check")
      counts += fmt::format("{}{} {}", counts.empty() ? "" : ", ", bound.name, servers_.front().events(bound.name));
  return counts;
}

std::vector<std::string> DemoStage::addresses() const {
  std::vector<std::string> all;
  for (const auto& bound : servers_.front().endpoints()) all.push_back(bound.address);
  return all;
}

DemoHost DemoStage::visitor() const {
  DemoMachine machine;
  if (demo_->names_resolver) machine.resolver = places_.at("resolver");
  if (!demo_->hosts_file.empty()) machine.hosts = {{"shop.demo.test", std::string(demo_->hosts_file)}};
  machine.proxy = fill(demo_->proxy);
  return DemoHost(std::move(machine));
}

void DemoStage::furnish(Settings& settings) const {
  if (settings.compare_resolvers.empty()) settings.compare_resolvers = {places_.at("comparison")};
  if (settings.connectivity_checks.empty())
    settings.connectivity_checks = {fmt::format("http://check.demo.test:{}/generate_204", places_.at("port"))};
  // A walk from the root would leave loopback.
  settings.authoritative = false;
  if (!demo_->origin.empty() && !settings.origin)
    if (auto origin = parse_endpoint(fill(demo_->origin))) settings.origin = std::move(*origin);
  if (!demo_->cookie.empty() && !settings.cookies_given) {
    settings.cookie = std::string(demo_->cookie) + std::string(demo_->cookie_filler, 'x');
    settings.cookies_given = true;
  }
}

void DemoStage::correct(Evidence& evidence) const {
  for (Observation& observation : evidence.observations)
    if (const auto* lookup = observation.as<SystemLookup>())
      observation.reproduce = fmt::format("dig {} {}", at_server(places_.at("resolver")), lookup->name);
}

}  // namespace fix502
