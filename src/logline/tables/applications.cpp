// What application servers and the kernel write about the moments in which their gateway answers 502.
#include <array>

#include "logline/message.hpp"

namespace fix502::tables {
namespace {

using enum Sureness;
using enum Weight;

constexpr std::array kMessages = {
    Message{
        "php-fpm", "server reached pm.max_children setting", "upstream.workers-exhausted", "connection_read_timeout",
        certain, trouble, "seen: PHP-FPM 8.2; silent with pm = static",
        R"([22-Nov-2026 04:55:28] WARNING: [pool www] server reached pm.max_children setting (5), consider raising it)"},
    Message{
        "php-fpm", "seems busy (you may need to increase", "upstream.workers-exhausted", "connection_read_timeout",
        possible, trouble, "sapi/fpm/fpm/fpm_process_ctl.c",
        R"([22-Nov-2026 04:55:28] WARNING: [pool www] seems busy (you may need to increase pm.start_servers, or pm.min/max_spare_servers), spawning 8 children, there are 0 idle, and 5 total children)"},
    Message{
        "php-fpm", "execution timed out (*terminating", "upstream.closed-early", "connection_terminated", certain,
        trouble, "seen: PHP-FPM 8.2, request_terminate_timeout",
        R"([22-Nov-2026 04:55:28] WARNING: [pool www] child 42, script '/srv/p.php' (request: "GET /p.php") execution timed out (5.28 sec), terminating)"},
    Message{
        "php-fpm", "exited on signal 15 (SIGTERM)", "upstream.closed-early", "connection_terminated", possible, trouble,
        "seen: PHP-FPM 8.2",
        R"([22-Nov-2026 04:55:28] WARNING: [pool www] child 42 exited on signal 15 (SIGTERM) after 5.3 seconds from start)"},
    Message{
        "php-fpm", "WARNING: [pool *exited on signal", "upstream.closed-early", "connection_terminated", certain,
        trouble, "seen: PHP-FPM 8.2; 9 is often the OOM killer",
        R"([22-Nov-2026 04:55:28] WARNING: [pool www] child 42 exited on signal 11 (SIGSEGV - core dumped) after 5.3 seconds from start)"},
    Message{
        "php-fpm", "ERROR: unable to bind listening socket", "upstream.connection-refused", "connection_refused",
        certain, trouble, "sapi/fpm/fpm/fpm_sockets.c",
        R"([22-Nov-2026 04:55:28] ERROR: unable to bind listening socket for address '127.0.0.1:9000': Address already in use (98))",
        "address '"},
    Message{"php-fpm", "NOTICE: fpm is running, pid", "", "", certain, change, "seen: PHP-FPM 8.2: a start",
            R"([22-Nov-2026 04:55:28] NOTICE: fpm is running, pid 41)"},
    Message{"php-fpm", "NOTICE: Terminating ...", "", "", certain, change, "seen: PHP-FPM 8.2: a stop",
            R"([22-Nov-2026 04:55:28] NOTICE: Terminating ...)"},
    Message{"php-fpm", "NOTICE: Reloading in progress", "", "", certain, change, "seen: PHP-FPM 8.2: a reload",
            R"([22-Nov-2026 04:55:28] NOTICE: Reloading in progress ...)"},
    Message{"gunicorn", "[CRITICAL] WORKER TIMEOUT", "upstream.closed-early", "connection_terminated", certain, trouble,
            "seen: gunicorn 20.1.0", R"([2026-11-22 05:13:36 +0000] [12] [CRITICAL] WORKER TIMEOUT (pid:14))"},
    Message{"gunicorn", "was sent SIGKILL! Perhaps out of memory?", "upstream.closed-early", "connection_terminated",
            certain, trouble, "gunicorn arbiter.py",
            R"([2026-11-22 05:13:36 +0000] [12] [ERROR] Worker (pid:14) was sent SIGKILL! Perhaps out of memory?)"},
    Message{"gunicorn", "was terminated due to signal", "upstream.closed-early", "connection_terminated", certain,
            trouble, "gunicorn arbiter.py",
            R"([2026-11-22 05:13:36 +0000] [12] [WARNING] Worker with pid 14 was terminated due to signal 9)"},
    Message{"gunicorn", "Worker failed to boot", "upstream.connection-refused", "connection_refused", certain, trouble,
            "seen: gunicorn 20.1.0", R"([2026-11-22 05:13:36 +0000] [12] [ERROR] Reason: Worker failed to boot.)"},
    Message{"gunicorn", "[INFO] Shutting down: Master", "", "", certain, change, "seen: gunicorn 20.1.0: a stop",
            R"([2026-11-22 05:13:36 +0000] [12] [INFO] Shutting down: Master)"},
    Message{"gunicorn", "[INFO] Starting gunicorn", "", "", certain, change, "seen: gunicorn 20.1.0: a start",
            R"([2026-11-22 05:13:36 +0000] [12] [INFO] Starting gunicorn 20.1.0)"},
    Message{"gunicorn", "[INFO] Handling signal: hup", "", "", certain, change, "gunicorn arbiter.py: a reload",
            R"([2026-11-22 05:13:36 +0000] [12] [INFO] Handling signal: hup)"},
    Message{"uwsgi", "invalid request block size:", "gateway.header-limit", "http_request_error", certain, trouble,
            "seen: uWSGI 2.0.21, buffer-size", R"(invalid request block size: 5397 (max 4096)...skip)"},
    Message{
        "uwsgi", "uWSGI listen queue of socket*full !!!", "upstream.backlog-full", "connection_limit_reached", certain,
        trouble, "uWSGI core/master.c",
        R"(Sun Nov 22 04:54:03 2026 - *** uWSGI listen queue of socket "127.0.0.1:3031" (fd: 3) full !!! (101/100) ***)",
        "socket \""},
    Message{"uwsgi", "HARAKIRI ON WORKER", "upstream.closed-early", "connection_terminated", certain, trouble,
            "uWSGI core/master_checks.c",
            R"(Sun Nov 22 04:54:03 2026 - *** HARAKIRI ON WORKER 1 (pid: 14, try: 1) ***)"},
    Message{"uwsgi", "DAMN ! worker*died, killed by signal", "upstream.closed-early", "connection_terminated", certain,
            trouble, "uWSGI core/master.c",
            R"(DAMN ! worker 1 (pid: 14) died, killed by signal 9 :( trying respawn ...)"},
    Message{
        "uwsgi", "SIGPIPE: writing to a closed pipe/socket/fd", "upstream.read-timeout", "connection_read_timeout",
        likely, trouble, "uWSGI core/writer.c: the gateway gave up first",
        R"(SIGPIPE: writing to a closed pipe/socket/fd (probably the client disconnected) on request /x (ip 127.0.0.1) !!!)"},
    Message{"uwsgi", "*** Starting uWSGI ", "", "", certain, change, "seen: uWSGI 2.0.21: a start or reload",
            R"(*** Starting uWSGI 2.0.21-debian (64bit) on [Sun Nov 22 04:54:03 2026] ***)"},
    Message{"pm2", "PM2 log: App [*] starting in -", "", "", certain, change, "pm2 lib/God.js: a start or reload",
            R"(2026-11-22T04:54:03: PM2 log: App [shop:0] starting in -cluster mode-)"},
    Message{"node", "JavaScript heap out of memory", "upstream.closed-early", "connection_terminated", certain, trouble,
            "V8", R"(FATAL ERROR: Reached heap limit Allocation failed - JavaScript heap out of memory)"},
    Message{"node", "Error: listen EADDRINUSE", "upstream.connection-refused", "connection_refused", certain, trouble,
            "libuv", R"(Error: listen EADDRINUSE: address already in use 127.0.0.1:3000)", "already in use "},
    Message{
        "kernel", "Out of memory: Killed process", "upstream.closed-early", "connection_terminated", certain, trouble,
        "mm/oom_kill.c",
        R"(Nov 22 04:54:03 gw kernel: [12345.678901] Out of memory: Killed process 14 (php-fpm8.2) total-vm:1kB, anon-rss:1kB)"},
    Message{
        "kernel", "Memory cgroup out of memory: Killed process", "upstream.closed-early", "connection_terminated",
        certain, trouble, "mm/oom_kill.c",
        R"(Nov 22 04:54:03 gw kernel: [12345.678901] Memory cgroup out of memory: Killed process 14 (node) total-vm:1kB)"},
    Message{
        "kernel", "Possible SYN flooding on port", "upstream.connection-timeout", "connection_timeout", likely, trouble,
        "net/ipv4/tcp_input.c",
        R"(Nov 22 04:54:03 gw kernel: [12345.678901] TCP: request_sock_TCP: Possible SYN flooding on port 8080. Sending cookies.  Check SNMP counters.)",
        "on port "},
    Message{"kernel", "nf_conntrack: table full, dropping packet", "upstream.connection-timeout", "connection_timeout",
            certain, trouble, "net/netfilter/nf_conntrack_core.c",
            R"(Nov 22 04:54:03 gw kernel: [12345.678901] nf_conntrack: nf_conntrack: table full, dropping packet)"},
};

}  // namespace

std::span<const Message> application_messages() {
  return kMessages;
}

}  // namespace fix502::tables
