#pragma once

#include <boost/asio/any_io_executor.hpp>
#include <memory>
#include <string>
#include <vector>

#include "net/net.hpp"

namespace fix502 {

class LookupProcess;

/// getaddrinfo(3) for both families, as every program on this machine asks (hosts file, nsswitch, search list), in the
/// order in which programs try the addresses (RFC 6724). It cannot be interrupted, so a process of its own does it,
/// which is killed at the time limit and when the task is cancelled; one that has answered is kept for the next name,
/// and goes with this object. This process must have one thread only.
class SystemLookups {
 public:
  explicit SystemLookups(boost::asio::any_io_executor executor);
  ~SystemLookups();
  SystemLookups(const SystemLookups&) = delete;
  SystemLookups& operator=(const SystemLookups&) = delete;

  Task<SystemLookup> look_up(std::string name, Milliseconds timeout);

 private:
  boost::asio::any_io_executor executor_;
  std::vector<std::unique_ptr<LookupProcess>> idle_;
};

}  // namespace fix502
