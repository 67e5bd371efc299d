#include "owner/machine.hpp"

#include <fmt/format.h>
#include <ifaddrs.h>
#include <netdb.h>
#include <netinet/tcp.h>
#include <sys/socket.h>

#include <algorithm>
#include <array>
#include <filesystem>
#include <memory>
#include <set>

#include "base/text.hpp"
#include "owner/control.hpp"
#include "owner/disk_files.hpp"
#include "owner/kernel_log.hpp"
#include "owner/listening.hpp"
#include "owner/moved_names.hpp"
#include "owner/people.hpp"
#include "owner/php_fpm.hpp"
#include "owner/proc_texts.hpp"
#include "owner/programs.hpp"
#include "owner/socket_file.hpp"
#include "owner/units.hpp"
#include "sys/linux/files.hpp"
#include "target/target.hpp"

namespace fix502 {
namespace {

namespace fs = std::filesystem;
using Moment = std::chrono::steady_clock::time_point;

constexpr std::size_t kMostText = 64UL * 1024;
constexpr std::size_t kMostCounters = 256UL * 1024;
constexpr std::size_t kMostWorkers = 64;
constexpr std::size_t kMostShown = 20;
constexpr std::size_t kMostUnits = 5;
constexpr std::uint32_t kAllStates = 0xFFFFFFFF;
constexpr std::uint32_t kListenOrEstablished = 1U << TCP_LISTEN | 1U << TCP_ESTABLISHED;
constexpr std::chrono::seconds kKernelLog{3600};

/// The machine while it is looked at: everything is read once.
class Look {
 public:
  explicit Look(const MachineQuestion& question)
      : asked_(question),
        deadline_(std::chrono::steady_clock::now() + question.longest),
        programs_(running_programs()),
        root_(root_of(question.master)) {
    choose_workers();
  }

  MachineFacts take() {
    look_at_sockets();
    look_at_workers();
    look_at_ports();
    look_at_visitors();
    look_at_counters();
    look_at_pools();
    look_at_control();
    look_at_services();
    look_at_security();
    look_at_kernel();
    own_addresses();
    return std::move(facts_);
  }

 private:
  void choose_workers() {
    workers_ = asked_.workers.empty() ? children_of(asked_.master, programs_) : asked_.workers;
    // HAProxy's and Apache's masters have children that are no workers of their own; those that have gone are none, and
    // neither are nginx' old ones, which only finish what they have.
    std::erase_if(workers_, [&](int pid) {
      const RunningProgram* one = program(pid);
      return one == nullptr || (!one->arguments.empty() && one->arguments.front().contains("is shutting down"));
    });
    if (workers_.empty() && program(asked_.master)) workers_ = {asked_.master};
    if (workers_.size() > kMostWorkers) workers_.resize(kMostWorkers);
  }
  [[nodiscard]] const RunningProgram* program(int pid) const {
    const auto found = std::ranges::find(programs_, pid, &RunningProgram::pid);
    return found == programs_.end() ? nullptr : &*found;
  }
  void unseen(std::string text) { facts_.unseen.push_back(printable(text, 200)); }

  void look_at_sockets();
  void look_at_workers();
  void look_at_ports();
  void look_at_connections();
  void look_at_visitors();
  void look_at_counters();
  void look_at_pools();
  void count_pool(PoolFacts& pool, int master);
  void look_at_control();
  void look_at_services();
  void look_at_unit_of(const UpstreamServer& server, std::vector<std::string>& units) const;
  void look_at_security();
  void look_at_kernel();
  void own_addresses();
  [[nodiscard]] bool is_at(const InetSocket& socket, const UpstreamServer& server) const;

  const MachineQuestion& asked_;
  Moment deadline_;
  std::vector<RunningProgram> programs_;
  std::string root_;
  std::vector<int> workers_;
  std::vector<InetSocket> inet_;
  std::vector<UnixSocket> unix_;
  std::set<std::uint64_t> worker_sockets_;
  MachineFacts facts_;
};

void Look::look_at_sockets() {
  std::error_code gone;
  const auto net_of = [&](const std::string& pid) {
    return fs::read_symlink("/proc/" + pid + "/ns/net", gone).string();
  };
  const std::string theirs = asked_.master > 0 ? net_of(std::to_string(asked_.master)) : std::string();
  if (!theirs.empty() && theirs != net_of("self"))
    return unseen("sockets: the gateway lives in another network namespace; run fix502 there (nsenter -n -t " +
                  std::to_string(asked_.master) + ")");
  if (auto found = inet_sockets(kAllStates))
    inet_ = std::move(*found);
  else
    unseen("TCP sockets: " + found.error().message());
  if (auto found = unix_sockets(kListenOrEstablished))
    unix_ = std::move(*found);
  else
    unseen("Unix sockets: " + found.error().message());
  std::set<std::uint64_t> wanted;
  for (const auto& socket : inet_)
    if (socket.state == TCP_LISTEN) wanted.insert(socket.inode);
  for (const auto& socket : unix_)
    if (socket.state == TCP_LISTEN && !socket.path.empty()) wanted.insert(socket.inode);
  std::size_t unreadable = 0;
  const auto owners = find_owners(programs_, wanted, unreadable);
  if (unreadable > 0)
    unseen(fmt::format("who holds which socket, for {} processes of other users: not root", unreadable));
  facts_.listening = listeners_of(inet_, unix_, owners, programs_);
  const RunningProgram* who = workers_.empty() ? nullptr : program(workers_.front());
  const RunningProgram nobody;  // root's eyes: no worker runs
  std::vector<std::string> paths;
  for (const auto& socket : facts_.listening)
    if (!socket.path.empty()) paths.push_back(socket.path);
  for (const auto& server : asked_.route.servers)
    if (!server.socket.empty())
      facts_.sockets.push_back(look_at_socket_file(server.socket, who ? *who : nobody, root_, paths));
  if (!who && !facts_.sockets.empty()) unseen("whether the workers may open the socket: none runs");
}

void Look::look_at_workers() {
  for (const int pid : workers_) {
    const RunningProgram* who = program(pid);
    if (!who) continue;
    const fs::path place = fs::path("/proc") / std::to_string(pid);
    WorkerFacts worker;
    worker.pid = pid;
    worker.user = user_name(who->user);
    std::error_code error;
    fs::directory_iterator each(place / "fd", error);
    if (!error) {
      worker.files_used = static_cast<std::uint64_t>(std::distance(each, fs::directory_iterator{}));
      worker.files_allowed = open_file_limit(read_text(place / "limits", kMostText));
      worker_sockets_.merge(sockets_of(pid));
    } else {
      unseen(fmt::format("descriptors of {} ({}): {}", who->name, pid, error.message()));
    }
    const std::string label(trim(read_text(place / "attr" / "current", 512)));
    const bool apparmor = label.ends_with("(enforce)");
    const bool selinux =
        label.contains(':') && !label.contains("unconfined_t") && trim(read_text("/sys/fs/selinux/enforce", 8)) == "1";
    if (apparmor || selinux) worker.confined_by = printable(label, 200);
    facts_.workers.push_back(std::move(worker));
  }
}

bool Look::is_at(const InetSocket& socket, const UpstreamServer& server) const {
  if (server.port == 0 || socket.remote_port != server.port) return false;
  if (!server.is_name()) return socket.remote == server.host;
  return std::ranges::find(asked_.names, socket.remote) != asked_.names.end();
}

void Look::look_at_ports() {
  look_at_connections();
  // One local address may use each port once towards the same remote address and port (ip(7), ip_local_port_range).
  std::map<std::string, std::map<std::string, std::uint64_t>> used;  // by remote, by local address
  for (const auto& socket : inet_) {
    if (socket.state == TCP_LISTEN) continue;
    const auto at =
        std::ranges::find_if(asked_.route.servers, [&](const auto& server) { return is_at(socket, server); });
    if (at == asked_.route.servers.end()) continue;
    const UpstreamServer there{
        .name = {}, .host = socket.remote, .port = socket.remote_port, .socket = {}, .resolver = {}, .place = {}};
    ++used[there.endpoint()][socket.local];
  }
  if (inet_.empty()) return;
  facts_.ports_allowed = ports_in_range(read_text("/proc/sys/net/ipv4/ip_local_port_range", kMostText));
  facts_.ports_used = 0;
  for (const auto& [remote, by_local] : used)
    for (const auto& [local, count] : by_local)
      if (count > *facts_.ports_used) {
        facts_.ports_used = count;
        facts_.ports_to = remote;
      }
}

void Look::look_at_connections() {
  std::set<std::string> there;
  const auto is_upstreams = [&](std::uint16_t port) {
    return std::ranges::any_of(asked_.route.servers,
                               [&](const auto& server) { return server.port == port && port > 0; });
  };
  for (const auto& socket : inet_) {
    if (socket.state == TCP_LISTEN || !worker_sockets_.contains(socket.inode) || !is_upstreams(socket.remote_port))
      continue;
    const UpstreamServer at{
        .name = {}, .host = socket.remote, .port = socket.remote_port, .socket = {}, .resolver = {}, .place = {}};
    if (there.size() < kMostShown) there.insert(at.endpoint());
  }
  facts_.running_addresses.assign(there.begin(), there.end());
}

/// Visitors' connections, and names that may have moved since the workers looked them up.
void Look::look_at_visitors() {
  std::set<std::uint16_t> doors;
  for (const auto& socket : facts_.listening)
    if (socket.pid != 0 && (socket.pid == asked_.master || std::ranges::find(workers_, socket.pid) != workers_.end()))
      doors.insert(socket.port);
  if (!inet_.empty() && !worker_sockets_.empty())
    facts_.visitors = static_cast<std::uint64_t>(std::ranges::count_if(inet_, [&](const InetSocket& socket) {
      return socket.state != TCP_LISTEN && doors.contains(socket.local_port) && worker_sockets_.contains(socket.inode);
    }));
  std::vector<const RunningProgram*> workers;
  for (const int pid : workers_)
    if (const RunningProgram* worker = program(pid)) workers.push_back(worker);
  facts_.moved_names = moved_names(asked_.route, root_, workers);
}

void Look::look_at_counters() {
  facts_.listen_overflows =
      counter_in(read_text("/proc/self/net/netstat", kMostCounters), "TcpExt:", "ListenOverflows");
  if (!facts_.listen_overflows) unseen("dropped connections: no /proc/net/netstat");
}

void Look::look_at_pools() {
  for (const auto& master : programs_) {
    std::string file = master.arguments.empty() ? std::string() : fpm_file_in(master.arguments.front());
    if (file.empty()) continue;
    if (!file.starts_with('/')) file = master.folder + "/" + file;
    DiskFiles files(root_of(master.pid));
    for (auto& pool : read_fpm_pools(file, files)) {
      count_pool(pool, master.pid);
      facts_.pools.push_back(std::move(pool));
    }
  }
}

void Look::count_pool(PoolFacts& pool, int master) {
  for (const auto& child : programs_)
    if (child.parent == master && !child.arguments.empty() &&
        trim(child.arguments.front()) == "php-fpm: pool " + pool.name)
      ++pool.running;
  // Accepted connections have an owner; those that wait in the queue have none yet.
  const auto place = parse_endpoint(pool.listen);
  for (const auto& socket : unix_)
    if (socket.path == pool.listen && socket.state == TCP_ESTABLISHED && socket.inode > 0) ++pool.busy;
  for (const auto& socket : inet_)
    if (place && socket.local_port == place->port && place->port > 0 && socket.state == TCP_ESTABLISHED &&
        socket.inode > 0)
      ++pool.busy;
}

void Look::look_at_control() {
  if (asked_.control.empty()) return;
  const auto left = std::chrono::duration_cast<std::chrono::milliseconds>(deadline_ - std::chrono::steady_clock::now());
  auto servers =
      ask_gateway(asked_.kind, asked_.control, root_, asked_.route, std::min(left, std::chrono::milliseconds(2'000)));
  if (servers)
    facts_.servers = std::move(*servers);
  else
    unseen(fmt::format("the gateway's own view of its servers ({}): {}", asked_.control, servers.error().message()));
}

/// The unit of whoever listens there, or else those whose files say that they would.
void Look::look_at_unit_of(const UpstreamServer& server, std::vector<std::string>& units) const {
  const auto add = [&](const std::string& unit) {
    if (!unit.empty() && std::ranges::find(units, unit) == units.end()) units.push_back(unit);
  };
  bool found = false;
  for (const auto& socket : facts_.listening) {
    const bool here =
        server.socket.empty() ? socket.port == server.port && socket.port > 0 : socket.path == server.socket;
    if (here && std::ranges::find(workers_, socket.pid) == workers_.end() && socket.pid != asked_.master)
      add(socket.unit);
    found |= here;
  }
  if (found) return;
  for (const auto& unit : units_naming(server)) add(unit);
  // A pool's socket: /run/php/php8.2-fpm.sock is made by php8.2-fpm.service (Debian), php-fpm's elsewhere.
  const std::string file = fs::path(server.socket).stem().string();
  if (file.starts_with("php") && file.contains("-fpm")) add(file.substr(0, file.find("-fpm")) + "-fpm.service");
}

void Look::look_at_services() {
  std::vector<std::string> units;
  for (const auto& server : asked_.route.servers) look_at_unit_of(server, units);
  for (const auto& unit : units)
    if (facts_.services.size() < kMostUnits) facts_.services.push_back(look_at_unit(unit, deadline_));
  for (auto& service : facts_.services) {
    for (const auto& socket : facts_.listening) {
      if (socket.unit != service.unit || socket.pid == 0) continue;
      const auto [controller, path] = memory_cgroup(read_text(fmt::format("/proc/{}/cgroup", socket.pid), kMostText));
      if (path.empty() || path == "/") break;
      const std::string file = controller.empty() ? "memory.events" : "memory.oom_control";
      const auto kills = keyed_number(
          read_text(fs::path("/sys/fs/cgroup" + (controller.empty() ? "" : "/" + controller) + path) / file, kMostText),
          "oom_kill");
      if (kills.value_or(0) > 0) {
        service.memory_kill = true;
        facts_.memory_kills.push_back(
            fmt::format("{}: {} processes killed for memory since it was started", service.unit, *kills));
      }
      break;
    }
  }
  if (!has_systemd() && !units.empty()) unseen("states and journals of services: systemd does not run here");
}

void Look::look_at_security() {
  const std::string enforce(trim(read_text("/sys/fs/selinux/enforce", 8)));
  if (enforce.empty()) return;
  facts_.selinux = enforce == "1" ? "enforcing" : "permissive";
  const bool ours = std::ranges::any_of(facts_.workers, [](const WorkerFacts& worker) {
    return worker.confined_by.contains(":httpd_t") || worker.confined_by.contains(":haproxy_t");
  });
  const bool haproxy = asked_.kind == "haproxy";
  const std::string name = haproxy ? "haproxy_connect_any" : "httpd_can_network_connect";
  // "current pending"
  const auto values = read_text(fs::path("/sys/fs/selinux/booleans") / name, 16);
  facts_.selinux_forbids_connect = ours && enforce == "1" && values.starts_with('0');
}

void Look::look_at_kernel() {
  const auto lines = kernel_lines(kKernelLog, deadline_);
  if (!lines) return unseen("the kernel's log: " + lines.error().message());
  std::vector<std::string> names = {asked_.kind};
  for (const int pid : workers_)
    if (const auto* who = program(pid); who && std::ranges::find(names, who->name) == names.end())
      names.push_back(who->name);
  for (const auto& line : *lines) {
    if (const std::string killed = memory_kill_in(line); !killed.empty() && facts_.memory_kills.size() < kMostShown)
      facts_.memory_kills.push_back(killed);
    if (facts_.denials.size() < kMostShown && is_denial(line, names)) facts_.denials.push_back(printable(line, 300));
  }
}

void Look::own_addresses() {
  ifaddrs* raw = nullptr;
  if (getifaddrs(&raw) != 0) return;
  const std::unique_ptr<ifaddrs, decltype(&freeifaddrs)> list(raw, freeifaddrs);
  for (const ifaddrs* each = raw; each; each = each->ifa_next) {
    const int family = each->ifa_addr ? each->ifa_addr->sa_family : AF_UNSPEC;
    if (family != AF_INET && family != AF_INET6) continue;
    std::array<char, NI_MAXHOST> text{};
    const auto size = static_cast<socklen_t>(family == AF_INET ? sizeof(sockaddr_in) : sizeof(sockaddr_in6));
    if (getnameinfo(each->ifa_addr, size, text.data(), text.size(), nullptr, 0, NI_NUMERICHOST) != 0) continue;
    std::string address(text.data());
    address.resize(std::min(address.find('%'), address.size()));
    if (std::ranges::find(facts_.own_addresses, address) == facts_.own_addresses.end())
      facts_.own_addresses.push_back(std::move(address));
  }
}

}  // namespace

MachineFacts look_at_gateway_machine(const MachineQuestion& question) {
  return Look(question).take();
}

void look_again(MachineFacts& facts) {
  facts.listen_overflows_now =
      counter_in(read_text("/proc/self/net/netstat", kMostCounters), "TcpExt:", "ListenOverflows");
}

}  // namespace fix502
