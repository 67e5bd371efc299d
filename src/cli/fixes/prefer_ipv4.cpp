#include "remedy/prefer_ipv4.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>

#include "cli/fix.hpp"
#include "net/real_net.hpp"

namespace fix502 {
namespace {

/// As programs on this machine look it up.
std::vector<std::string> addresses_of(const std::string& name) {
  boost::asio::io_context loop;
  const auto net = real_net(loop);
  std::vector<std::string> addresses;
  const auto look_up = [&]() -> Task<void> {
    const SystemLookup found = co_await net->lookup(name, Milliseconds(8'000));
    addresses = found.addresses;
  };
  boost::asio::co_spawn(loop, look_up(), boost::asio::detached);
  loop.run();
  return addresses;
}

}  // namespace

Result<Prepared> prepare_prefer_ipv4(const FixRequest& request) {
  const Target& target = request.diagnosis.target;
  if (target.host_is_address) return fail("prefer-ipv4 needs a name; this is an address already", target.host);
  Prepared ready;
  ready.work = prefer_ipv4(target.host, addresses_of(target.host));
  return ready;
}

}  // namespace fix502
