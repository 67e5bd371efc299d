#pragma once

// What the gateway's machine looks like from inside, as far as it may be looked at.

#include <optional>
#include <string>
#include <vector>

#include "base/fields.hpp"

namespace fix502 {

/// A socket on which somebody listens.
struct ListenSocket {
  std::string address;  ///< "0.0.0.0", "127.0.0.1", "::"; empty for a Unix socket
  std::uint16_t port = 0;
  std::string path;           ///< of a Unix socket
  bool only_ipv6 = false;     ///< "::" that does not take IPv4
  int pid = 0;                ///< 0: not known
  std::string program;        ///< "gunicorn", "php-fpm8.2"
  std::string unit;           ///< systemd's, "gunicorn.service"; empty: none, or not known
  std::uint32_t waiting = 0;  ///< connections that wait to be accepted
  std::uint32_t backlog = 0;  ///< how many may wait
  bool operator==(const ListenSocket&) const = default;
  static constexpr void fields(auto&& field) {
    field("address", &ListenSocket::address);
    field("port", &ListenSocket::port);
    field("path", &ListenSocket::path);
    field("only_ipv6", &ListenSocket::only_ipv6);
    field("pid", &ListenSocket::pid);
    field("program", &ListenSocket::program);
    field("unit", &ListenSocket::unit);
    field("waiting", &ListenSocket::waiting);
    field("backlog", &ListenSocket::backlog);
  }
};

/// A Unix socket's file, seen with the eyes of the gateway's workers.
struct SocketFile {
  std::string path;
  bool exists = false;
  bool is_socket = false;
  bool listening = false;
  bool allowed = true;       ///< the workers may connect: write on the file, search on every folder above
  std::string forbidden_by;  ///< the file or folder that does not let them, with its owner and mode: "/run/app.sock
                             ///< (root:root 0600)"
  std::string owner, group;
  std::uint32_t mode = 0;
  std::vector<std::string> beside;  ///< other sockets in that folder on which somebody listens
  bool operator==(const SocketFile&) const = default;
  static constexpr void fields(auto&& field) {
    field("path", &SocketFile::path);
    field("exists", &SocketFile::exists);
    field("is_socket", &SocketFile::is_socket);
    field("listening", &SocketFile::listening);
    field("allowed", &SocketFile::allowed);
    field("forbidden_by", &SocketFile::forbidden_by);
    field("owner", &SocketFile::owner);
    field("group", &SocketFile::group);
    field("mode", &SocketFile::mode);
    field("beside", &SocketFile::beside);
  }
};

/// One worker of the gateway.
struct WorkerFacts {
  int pid = 0;
  std::string user;
  std::optional<std::uint64_t> files_used, files_allowed;  ///< descriptors; nothing: may not be looked at
  std::string confined_by;                                 ///< SELinux or AppArmor label, where it is enforced
  bool operator==(const WorkerFacts&) const = default;
  static constexpr void fields(auto&& field) {
    field("pid", &WorkerFacts::pid);
    field("user", &WorkerFacts::user);
    field("files_used", &WorkerFacts::files_used);
    field("files_allowed", &WorkerFacts::files_allowed);
    field("confined_by", &WorkerFacts::confined_by);
  }
};

/// A PHP-FPM pool.
struct PoolFacts {
  std::string name, listen, file;  ///< the file where its limits stand
  int line = 0;                    ///< of pm.max_children there
  std::string user;
  int max_children = 0, running = 0, busy = 0;  ///< busy: connections that were accepted and not answered yet
  std::string status_path, ping_path;
  std::optional<std::uint64_t> request_timeout_ms;  ///< request_terminate_timeout
  std::string owner, group, mode;                   ///< listen.owner, ...
  bool operator==(const PoolFacts&) const = default;
  static constexpr void fields(auto&& field) {
    field("name", &PoolFacts::name);
    field("listen", &PoolFacts::listen);
    field("file", &PoolFacts::file);
    field("line", &PoolFacts::line);
    field("user", &PoolFacts::user);
    field("max_children", &PoolFacts::max_children);
    field("running", &PoolFacts::running);
    field("busy", &PoolFacts::busy);
    field("status_path", &PoolFacts::status_path);
    field("ping_path", &PoolFacts::ping_path);
    field("request_timeout_ms", &PoolFacts::request_timeout_ms);
    field("owner", &PoolFacts::owner);
    field("group", &PoolFacts::group);
    field("mode", &PoolFacts::mode);
  }
};

/// Another program that has to do with an upstream: its service, running or not.
struct ServiceFacts {
  std::string unit;                     ///< "gunicorn.service"
  std::string state;                    ///< systemd's ActiveState: "failed", "inactive", "active"
  std::string result;                   ///< "exit-code", "oom-kill", "signal"
  std::vector<std::string> last_lines;  ///< of its journal, at most 5
  bool memory_kill = false;
  bool operator==(const ServiceFacts&) const = default;
  static constexpr void fields(auto&& field) {
    field("unit", &ServiceFacts::unit);
    field("state", &ServiceFacts::state);
    field("result", &ServiceFacts::result);
    field("last_lines", &ServiceFacts::last_lines);
    field("memory_kill", &ServiceFacts::memory_kill);
  }
};

/// What the gateway itself says of a server (HAProxy's runtime socket, Caddy's admin API).
struct ServerState {
  std::string upstream, server;  ///< "b", "s1"
  std::string address;
  std::string state;   ///< "UP", "DOWN", "MAINT", "DRAIN"
  std::string reason;  ///< "L4CON Connection refused", "L7STS 404"
  bool down = false;
  bool by_hand = false;  ///< somebody put it into maintenance
  bool operator==(const ServerState&) const = default;
  static constexpr void fields(auto&& field) {
    field("upstream", &ServerState::upstream);
    field("server", &ServerState::server);
    field("address", &ServerState::address);
    field("state", &ServerState::state);
    field("reason", &ServerState::reason);
    field("down", &ServerState::down);
    field("by_hand", &ServerState::by_hand);
  }
};

/// A limit of an upstream's own that its process shows: gunicorn's --timeout, an inner gateway's read timeout.
struct InnerLimit {
  std::string endpoint;  ///< "127.0.0.1:8000"
  std::uint64_t read_timeout_ms = 0;
  std::string said;  ///< "gunicorn runs with --timeout 30"
  bool operator==(const InnerLimit&) const = default;
  static constexpr void fields(auto&& field) {
    field("endpoint", &InnerLimit::endpoint);
    field("read_timeout_ms", &InnerLimit::read_timeout_ms);
    field("said", &InnerLimit::said);
  }
};

struct MachineFacts {
  std::vector<ListenSocket> listening;
  std::vector<SocketFile> sockets;  ///< those that the route names
  std::vector<WorkerFacts> workers;
  std::vector<PoolFacts> pools;
  std::vector<ServiceFacts> services;
  std::vector<ServerState> servers;
  std::vector<InnerLimit> inner_limits;
  /// Sockets of this machine towards each upstream's address and port, in every state, and how many there may be.
  std::optional<std::uint64_t> ports_used, ports_allowed;
  std::string ports_to;                               ///< that upstream
  std::optional<std::uint64_t> listen_overflows;      ///< how often a full queue dropped a connection, since boot
  std::optional<std::uint64_t> listen_overflows_now;  ///< the same at the end of the run
  std::vector<std::string> running_addresses;  ///< where the workers are connected to upstreams now, "127.0.0.1:8000"
  std::optional<std::uint64_t> visitors;       ///< connections that the workers hold where they listen themselves
  std::vector<std::string> moved_names;    ///< of upstreams, in a hosts file that was changed after the workers' start
  std::vector<std::string> own_addresses;  ///< of this machine's interfaces
  std::string selinux;                     ///< "enforcing", "permissive", empty: not there
  bool selinux_forbids_connect = false;    ///< httpd_can_network_connect is off, and it is enforced
  std::vector<std::string> denials;        ///< of the kernel's log: AVC, AppArmor; printable
  std::vector<std::string> memory_kills;   ///< "Out of memory: Killed process 812 (node)"
  std::vector<std::string> unseen;         ///< what could not be looked at, and why: "descriptors of nginx: not root"
  bool operator==(const MachineFacts&) const = default;
  static constexpr void fields(auto&& field) {
    field("listening", &MachineFacts::listening);
    field("sockets", &MachineFacts::sockets);
    field("workers", &MachineFacts::workers);
    field("pools", &MachineFacts::pools);
    field("services", &MachineFacts::services);
    field("servers", &MachineFacts::servers);
    field("inner_limits", &MachineFacts::inner_limits);
    field("ports_used", &MachineFacts::ports_used);
    field("ports_allowed", &MachineFacts::ports_allowed);
    field("ports_to", &MachineFacts::ports_to);
    field("listen_overflows", &MachineFacts::listen_overflows);
    field("listen_overflows_now", &MachineFacts::listen_overflows_now);
    field("running_addresses", &MachineFacts::running_addresses);
    field("visitors", &MachineFacts::visitors);
    field("moved_names", &MachineFacts::moved_names);
    field("own_addresses", &MachineFacts::own_addresses);
    field("selinux", &MachineFacts::selinux);
    field("selinux_forbids_connect", &MachineFacts::selinux_forbids_connect);
    field("denials", &MachineFacts::denials);
    field("memory_kills", &MachineFacts::memory_kills);
    field("unseen", &MachineFacts::unseen);
  }
};

}  // namespace fix502
