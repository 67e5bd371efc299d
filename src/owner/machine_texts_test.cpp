// Texts and bytes of other programs: what is read out of them, and what is not.

#include <arpa/inet.h>
#include <gtest/gtest.h>
#include <linux/inet_diag.h>
#include <linux/netlink.h>
#include <linux/sock_diag.h>
#include <netinet/tcp.h>

#include <cstring>

#include "owner/control.hpp"
#include "owner/kernel_log.hpp"
#include "owner/machine.hpp"
#include "owner/php_fpm.hpp"
#include "owner/sock_diag.hpp"
#include "owner/socket_file.hpp"
#include "owner/units.hpp"

namespace fix502 {
namespace {

using namespace std::string_literals;

class TextFiles : public Files {
 public:
  explicit TextFiles(std::map<std::string, std::string> texts) : texts_(std::move(texts)) {}
  Result<std::string> read(const std::string& path) override {
    const auto found = texts_.find(path);
    if (found == texts_.end()) return fail("No such file or directory", path);
    return found->second;
  }
  std::vector<std::string> match(const std::string& pattern) override {
    const auto star = pattern.find('*');
    std::vector<std::string> paths;
    for (const auto& [path, text] : texts_)
      if (star == pattern.npos ? path == pattern : path.starts_with(pattern.substr(0, star))) paths.push_back(path);
    return paths;
  }
  bool is_folder(const std::string&) override { return false; }

 private:
  std::map<std::string, std::string> texts_;
};

TEST(PhpFpm, ReadsPools) {
  TextFiles files(
      {{"/etc/php/8.2/fpm/php-fpm.conf", "[global]\npid = /run/x.pid\ninclude=/etc/php/8.2/fpm/pool.d/*.conf\n"},
       {"/etc/php/8.2/fpm/pool.d/www.conf",
        "; a comment\n[www]\nuser = www-data\nlisten = /run/php/$pool.sock\nlisten.owner = 'www-data'\n"
        "listen.mode = 0660 ; why\npm = dynamic\npm.max_children = 5\nrequest_terminate_timeout = 30s\n"
        "pm.status_path = \"/status\"\n[b]\nlisten = 9000\npm.max_children = many\n"}});
  const auto pools = read_fpm_pools("/etc/php/8.2/fpm/php-fpm.conf", files);
  ASSERT_EQ(pools.size(), 2U);
  EXPECT_EQ(pools[0].name, "www");
  EXPECT_EQ(pools[0].listen, "/run/php/www.sock");
  EXPECT_EQ(pools[0].max_children, 5);
  EXPECT_EQ(pools[0].line, 8);
  EXPECT_EQ(pools[0].file, "/etc/php/8.2/fpm/pool.d/www.conf");
  EXPECT_EQ(pools[0].owner, "www-data");
  EXPECT_EQ(pools[0].mode, "0660");
  EXPECT_EQ(pools[0].status_path, "/status");
  EXPECT_EQ(pools[0].request_timeout_ms, 30'000U);
  EXPECT_EQ(pools[1].listen, "0.0.0.0:9000");
  EXPECT_EQ(pools[1].max_children, 0);
}

TEST(PhpFpm, EndsWhereFilesIncludeThemselves) {
  TextFiles files(std::map<std::string, std::string>{{"/a", "include=/a\ninclude=/a\n[www]\nlisten=/x\n"}});
  EXPECT_EQ(read_fpm_pools("/a", files).size(), 1U);
  EXPECT_TRUE(read_fpm_pools("/nowhere", files).empty());
}

TEST(PhpFpm, ReadsTimesAndTitles) {
  EXPECT_EQ(fpm_time("30"), 30'000U);
  EXPECT_EQ(fpm_time("2m"), 120'000U);
  EXPECT_EQ(fpm_time("1d"), 86'400'000U);
  for (const char* none : {"0", "", "x", "5y", "-1", "99999999999999999999"})
    EXPECT_EQ(fpm_time(none), std::nullopt) << none;
  EXPECT_EQ(fpm_file_in("php-fpm: master process (/etc/php/8.2/fpm/php-fpm.conf)   "), "/etc/php/8.2/fpm/php-fpm.conf");
  EXPECT_EQ(fpm_file_in("php-fpm: pool www"), "");
  EXPECT_EQ(fpm_file_in("cat php-fpm: master process (/x)"), "");
  EXPECT_EQ(fpm_file_in("php-fpm: master process ("), "");
}

TEST(KernelLog, KnowsKillsAndDenials) {
  EXPECT_EQ(memory_kill_in("Out of memory: Killed process 812 (node) total-vm:1kB, anon-rss:1kB"),
            "Out of memory: Killed process 812 (node)");
  EXPECT_EQ(memory_kill_in("Memory cgroup out of memory: Killed process 9 (php-fpm8.2) total-vm:1kB"),
            "Memory cgroup out of memory: Killed process 9 (php-fpm8.2)");
  EXPECT_EQ(memory_kill_in("node invoked oom-killer: gfp_mask=0x0"), "");
  EXPECT_EQ(memory_kill_in("Out of memory and nothing killable"), "");
  const std::string avc = "audit: type=1400 avc:  denied  { name_connect } for  pid=1 comm=\"nginx\" dest=3000";
  const std::string apparmor =
      "audit: apparmor=\"DENIED\" operation=\"connect\" profile=\"/usr/sbin/nginx\" name=\"/p.sock\"";
  EXPECT_TRUE(is_denial(avc, {"nginx"}));
  EXPECT_TRUE(is_denial(apparmor, {"nginx"}));
  EXPECT_FALSE(is_denial(avc, {"haproxy"}));
  EXPECT_FALSE(is_denial("comm=\"nginx\" avc: granted", {"nginx"}));
  const auto line = read_kmsg("6,1234,98765432,-;the text\n SUBSYSTEM=x\n");
  ASSERT_TRUE(line);
  EXPECT_EQ(line->at, std::chrono::microseconds(98765432));
  EXPECT_EQ(line->text, "the text");
  for (const char* torn : {"", "6,1234", "6;x", "6,1,y,-;x"}) EXPECT_FALSE(read_kmsg(torn)) << torn;
}

UpstreamServer at(const std::string& host, std::uint16_t port, const std::string& socket = {}) {
  UpstreamServer server;
  server.host = host;
  server.port = port;
  server.socket = socket;
  return server;
}

struct UnitCase {
  const char* line;
  bool names;
};
const UnitCase kUnits[] = {
    {"ExecStart=/usr/bin/gunicorn --bind 127.0.0.1:8000 app:app", true},
    {"ExecStart=/usr/bin/node server.js -p 8000", true},
    {"ExecStart=/usr/bin/x --port=8000", true},
    {"Environment=PORT=8000", true},
    {"Environment=\"NODE_PORT=8000\"", true},
    {"ListenStream=8000", true},
    {"ListenStream=127.0.0.1:8000", true},
    {"ExecStart=/usr/bin/gunicorn --bind 127.0.0.1:80001 app:app", false},
    {"ExecStart=/usr/bin/gunicorn --bind 127.0.0.1:18000 app:app", false},
    {"ExecStart=/usr/bin/x --max-memory 8000", false},
    {"ExecStart=/usr/bin/x :8000.5", false},
    {"# ExecStart=/usr/bin/x :8000", false},
    {"Description=an old app at :8000", false},
};

TEST(Units, AreFoundByTheirPorts) {
  for (const auto& row : kUnits)
    EXPECT_EQ(names_endpoint("[Service]\n"s + row.line + "\n", at("127.0.0.1", 8000)), row.names) << row.line;
  EXPECT_TRUE(names_endpoint("ExecStart=gunicorn --bind unix:/run/app.sock app", at("", 0, "/run/app.sock")));
  EXPECT_FALSE(names_endpoint("ExecStart=gunicorn --bind unix:/run/app.sock2 app", at("", 0, "/run/app.sock")));
  ServiceFacts facts;
  read_unit_properties("ActiveState=failed\nResult=oom-kill\nno equals\n", facts);
  EXPECT_EQ(facts.state, "failed");
  EXPECT_TRUE(facts.memory_kill);
}

TEST(SocketFile, IsJudgedByTheClassThatOneBelongsTo) {
  RunningProgram worker;
  worker.user = 33;
  worker.group = 33;
  worker.groups = {1000};
  const auto allowed = [&](unsigned user, unsigned group, std::uint32_t mode) {
    return is_allowed({.user = user, .group = group, .mode = mode}, worker, kWrite);
  };
  EXPECT_TRUE(allowed(33, 0, 0200));
  EXPECT_FALSE(allowed(33, 33, 0066));  // the owner's bits alone count for the owner
  EXPECT_TRUE(allowed(0, 33, 0060));
  EXPECT_TRUE(allowed(0, 1000, 0020));
  EXPECT_FALSE(allowed(0, 1000, 0602));
  EXPECT_TRUE(allowed(0, 0, 0002));
  EXPECT_FALSE(allowed(0, 0, 0660));
  worker.user = 0;
  EXPECT_TRUE(allowed(5, 5, 0));
}

// As HAProxy 2.6 prints it, columns left out.
constexpr std::string_view kStat =
    "# pxname,svname,qcur,status,lastchg,check_status,check_code,last_chk,addr,type,\n"
    "web,FRONTEND,,OPEN,,,,,,0,\n"
    "b,s1,0,DOWN,5,L4CON,,\"Connection refused, or \"\"so\"\"\",127.0.0.1:8000,2,\n"
    "b,s2,0,UP 1/3,5,L7OK,200,,127.0.0.1:8001,2,\n"
    "b,s3,0,MAINT,5,,,,127.0.0.1:8002,2,\n"
    "b,BACKEND,0,UP,5,,,,,1,\n";

TEST(Control, ReadsHaproxy) {
  auto servers = read_haproxy_stat(kStat);
  ASSERT_EQ(servers.size(), 3U);
  EXPECT_EQ(servers[0].upstream, "b");
  EXPECT_TRUE(servers[0].down);
  EXPECT_EQ(servers[0].reason, "L4CON Connection refused, or \"so\"");
  EXPECT_FALSE(servers[1].down);
  EXPECT_EQ(servers[1].reason, "L7OK 200");
  read_haproxy_state(
      "1\n# be_id be_name srv_id srv_name srv_addr srv_op_state srv_admin_state srv_port\n"
      "3 b 1 s1 192.0.2.9 0 0 8000\n3 b 3 s3 ::1 0 1 8002\n3 b 2 s2 127.0.0.1 0 5 8001\n3 b 9 unknown x 0 0 1\n3 b\n",
      servers);
  EXPECT_EQ(servers[0].address, "192.0.2.9:8000");
  EXPECT_FALSE(servers[0].by_hand);
  EXPECT_FALSE(servers[1].by_hand);  // "disabled" in the configuration
  EXPECT_EQ(servers[2].address, "[::1]:8002");
  EXPECT_TRUE(servers[2].by_hand);
  for (const char* torn : {"", "# pxname", "# pxname,svname\n,,,,\n", "Unknown command.\n", "# a,\"b\nc"})
    EXPECT_TRUE(read_haproxy_stat(torn).empty()) << torn;
}

TEST(Control, ReadsCaddy) {
  const auto servers = read_caddy_upstreams(
      R"([{"address":"127.0.0.1:8000","num_requests":0,"fails":1},{"address":"b:1","fails":0},{"fails":3},7])", 1);
  ASSERT_TRUE(servers);
  ASSERT_EQ(servers->size(), 2U);
  EXPECT_TRUE((*servers)[0].down);
  EXPECT_EQ((*servers)[0].reason, "1 recent failure");
  EXPECT_FALSE((*servers)[1].down);
  EXPECT_FALSE(read_caddy_upstreams("{", 1));
  EXPECT_FALSE(read_caddy_upstreams("{}", 1));
}

std::string inet_message(std::uint16_t port, std::uint32_t waiting, std::uint32_t backlog) {
  inet_diag_msg message{};
  message.idiag_family = AF_INET;
  message.idiag_state = TCP_LISTEN;
  message.id.idiag_sport = htons(port);
  message.id.idiag_src[0] = htonl(0x7F000001);
  message.idiag_rqueue = waiting;
  message.idiag_wqueue = backlog;
  message.idiag_inode = 77;
  nlmsghdr header{};
  header.nlmsg_type = SOCK_DIAG_BY_FAMILY;
  header.nlmsg_len = sizeof header + sizeof message;
  std::string bytes(sizeof header + sizeof message, '\0');
  std::memcpy(bytes.data(), &header, sizeof header);
  std::memcpy(bytes.data() + sizeof header, &message, sizeof message);
  return bytes;
}

TEST(SockDiag, ReadsWhatTheKernelSays) {
  std::vector<InetSocket> sockets;
  const std::string bytes = inet_message(8000, 3, 2) + inet_message(8001, 0, 511);
  read_inet_diag(bytes, sockets);
  ASSERT_EQ(sockets.size(), 2U);
  EXPECT_EQ(sockets[0].local, "127.0.0.1");
  EXPECT_EQ(sockets[0].local_port, 8000);
  EXPECT_EQ(sockets[0].receive_queue, 3U);
  EXPECT_EQ(sockets[1].send_queue, 511U);
  EXPECT_EQ(sockets[1].inode, 77U);
  for (std::size_t size = 0; size < bytes.size(); ++size) {
    sockets.clear();
    read_inet_diag(std::string_view(bytes).substr(0, size), sockets);
    EXPECT_LT(sockets.size(), 2U);
    std::vector<UnixSocket> others;
    read_unix_diag(std::string_view(bytes).substr(0, size), others);
  }
}

MachineFacts listening(std::vector<ListenSocket> sockets) {
  MachineFacts facts;
  facts.listening = std::move(sockets);
  return facts;
}
ListenSocket tcp(const std::string& address, std::uint16_t port, const std::string& program, int pid = 9) {
  ListenSocket socket;
  socket.address = address;
  socket.port = port;
  socket.program = program;
  socket.pid = pid;
  return socket;
}
ListenSocket unix_at(const std::string& path, const std::string& program) {
  ListenSocket socket;
  socket.path = path;
  socket.program = program;
  return socket;
}

TEST(LikelyEndpoints, PutTheLikeliestFirst) {
  const auto facts =
      listening({tcp("0.0.0.0", 22, "sshd"), tcp("127.0.0.1", 3306, "mariadbd"), tcp("127.0.0.1", 3000, "node"),
                 tcp("127.0.0.1", 8001, "gunicorn"), tcp("::1", 8000, "gunicorn"), tcp("0.0.0.0", 80, "nginx", 5),
                 unix_at("/run/app/new.sock", "gunicorn"), unix_at("/run/systemd/notify", "systemd")});
  EXPECT_EQ(likely_endpoints(facts, at("127.0.0.1", 8000), {5}),
            (std::vector<std::string>{"[::1]:8000", "127.0.0.1:8001", "127.0.0.1:3000"}));
  EXPECT_EQ(likely_endpoints(facts, at("", 0, "/run/app/old.sock"), {5}, 1),
            (std::vector<std::string>{"unix:/run/app/new.sock"}));
  EXPECT_TRUE(likely_endpoints(facts, at("192.0.2.7", 8000), {5}).empty());
  EXPECT_TRUE(likely_endpoints(facts, at("app.internal", 8000), {5}).empty());
  EXPECT_TRUE(likely_endpoints(listening({tcp("0.0.0.0", 80, "nginx", 5)}), at("127.0.0.1", 8000), {5}).empty());
}

}  // namespace
}  // namespace fix502
