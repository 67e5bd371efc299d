#include "remedy/unpin_hosts.hpp"

#include "cli/fix.hpp"
#include "repair/file_state.hpp"
#include "sys/host.hpp"

namespace fix502 {

Result<Prepared> prepare_unpin_hosts(const FixRequest& request) {
  const std::string& name = request.diagnosis.target.host;
  const std::string path = this_host()->hosts_entry(name).path;
  const auto text = read_whole(path);
  if (!text) return std::unexpected(text.error());
  Prepared ready;
  ready.work = unpin_hosts(path, *text, name);
  return ready;
}

}  // namespace fix502
