#include "cli/fixes/dns_trials.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <chrono>

#include "net/net.hpp"
#include "net/real_net.hpp"
#include "sys/held_signals.hpp"
#include "target/target.hpp"

namespace fix502 {
namespace {

/// A port in the text is that of plain DNS.
std::string over_tls(const DnsChoice& choice) {
  return fmt::format("tls://{}#{}", choice.addresses.front(), choice.tls_name);
}

std::vector<std::string> of_ipv4(const std::vector<std::string>& addresses) {
  std::vector<std::string> found;
  std::ranges::copy_if(addresses, std::back_inserter(found), [](const auto& address) { return is_ipv4(address); });
  return found.empty() ? addresses : found;
}

/// The addresses of the server that an https:// URL names; the table's are those of plain DNS.
Task<std::vector<std::string>> addresses_of(Net& net, std::string url) {
  const auto target = parse_target(url);
  std::vector<std::string> addresses;
  if (target && target->host_is_address) {
    addresses.push_back(target->host);
  } else if (target) {
    const SystemLookup found = co_await net.lookup(target->host, Milliseconds(4'000));
    addresses = found.addresses;
  }
  co_return addresses;
}

Task<void> ask(Net& net, std::string server, std::vector<std::string> server_addresses, std::string name,
               DnsTrial& trial) {
  std::vector<std::string> found;
  const std::vector<std::string> types{"A", "AAAA"};
  const auto began = std::chrono::steady_clock::now();
  bool answered = true;
  for (const auto& type : types) {
    DnsQuery query;
    query.server = server;
    query.server_addresses = server_addresses;
    query.role = DnsRole::comparison;
    query.name = name;
    query.type = type;
    const DnsExchange seen = co_await net.dns(query);
    const bool good = seen.failure == Failure::none && (seen.rcode == "NOERROR" || seen.rcode == "NXDOMAIN");
    answered = answered && good;
    std::ranges::copy(seen.addresses(), std::back_inserter(found));
  }
  trial.took = std::chrono::duration_cast<Duration>(std::chrono::steady_clock::now() - began);
  trial.answered = answered;
  std::ranges::sort(found);
  trial.addresses = std::move(found);
}

Task<void> try_one(Net& net, const DnsChoice& choice, std::string name, DnsUse use, DnsTrial& trial) {
  if (use == DnsUse::https) {
    if (choice.doh_url.empty()) co_return;
    auto addresses = co_await addresses_of(net, choice.doh_url);
    // With a resolver that is down its name cannot be looked up; the provider's other addresses often do as well.
    if (addresses.empty()) addresses = of_ipv4(choice.addresses);
    if (!addresses.empty()) co_await ask(net, choice.doh_url, std::move(addresses), std::move(name), trial);
    co_return;
  }
  if (choice.addresses.empty()) co_return;
  const std::vector<std::string> none;
  if (use == DnsUse::tls_or_plain && !choice.tls_name.empty()) {
    co_await ask(net, over_tls(choice), none, name, trial);
    trial.over_tls = trial.answered;
    if (trial.answered) co_return;
  }
  co_await ask(net, choice.addresses.front(), none, std::move(name), trial);
}

}  // namespace

std::vector<DnsTrial> try_resolvers(const std::vector<DnsChoice>& choices, const std::string& name, DnsUse use) {
  boost::asio::io_context loop;
  const auto net = real_net(loop);
  std::vector<DnsTrial> trials(choices.size());
  std::size_t under_way = choices.size();
  for (std::size_t i = 0; i < choices.size(); ++i) {
    trials[i].choice = i;
    boost::asio::co_spawn(loop, try_one(*net, choices[i], name, use, trials[i]), [&](const std::exception_ptr&) {
      if (--under_way == 0) loop.stop();
    });
  }
  run_until_signal(loop);
  return trials;
}

}  // namespace fix502
