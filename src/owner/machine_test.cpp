// This machine, looked at: what a process of our own has must be found.

#include "owner/machine.hpp"

#include <arpa/inet.h>
#include <gtest/gtest.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include <algorithm>
#include <cstdio>
#include <filesystem>
#include <fstream>

#include "base/text.hpp"
#include "owner/asker.hpp"
#include "owner/disk_files.hpp"
#include "owner/programs.hpp"

namespace fix502 {
namespace {

namespace fs = std::filesystem;

class Folder {
 public:
  Folder() {
    std::string name = (fs::temp_directory_path() / "fix502-owner-XXXXXX").string();
    path_ = mkdtemp(name.data());
  }
  ~Folder() { fs::remove_all(path_); }
  Folder(const Folder&) = delete;
  Folder& operator=(const Folder&) = delete;
  [[nodiscard]] std::string at(const std::string& name) const { return path_ / name; }

 private:
  fs::path path_;
};

/// A door on loopback, or at a path.
struct Door {
  int socket = -1;
  std::uint16_t port = 0;

  Door() {
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t size = sizeof address;
    socket = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    bind(socket, reinterpret_cast<sockaddr*>(&address), size);
    listen(socket, 3);
    getsockname(socket, reinterpret_cast<sockaddr*>(&address), &size);
    port = ntohs(address.sin_port);
  }
  explicit Door(const std::string& path) {
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    std::snprintf(address.sun_path, sizeof address.sun_path, "%s", path.c_str());
    socket = ::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    bind(socket, reinterpret_cast<sockaddr*>(&address), sizeof address);
    listen(socket, 4);
  }
  ~Door() { close(socket); }
  Door(const Door&) = delete;
  Door& operator=(const Door&) = delete;
};

TEST(Machine, FindsWhatThisProcessHas) {
  const Folder folder;
  const Door tcp, unix_door(folder.at("app.sock"));
  MachineQuestion question;
  question.kind = "nginx";
  question.master = getpid();
  question.route.servers.resize(3);
  question.route.servers[0].host = "127.0.0.1";
  question.route.servers[0].port = tcp.port;
  question.route.servers[1].socket = folder.at("app.sock");
  question.route.servers[2].socket = folder.at("gone.sock");
  const MachineFacts facts = look_at_gateway_machine(question);
  const auto here = std::ranges::find(facts.listening, tcp.port, &ListenSocket::port);
  ASSERT_NE(here, facts.listening.end());
  EXPECT_EQ(here->address, "127.0.0.1");
  EXPECT_EQ(here->pid, getpid());
  EXPECT_EQ(here->program, "owner_test");
  EXPECT_EQ(here->backlog, 3U);
  EXPECT_EQ(here->waiting, 0U);
  ASSERT_EQ(facts.sockets.size(), 2U);
  EXPECT_TRUE(facts.sockets[0].exists && facts.sockets[0].is_socket && facts.sockets[0].listening);
  EXPECT_FALSE(facts.sockets[1].exists);
  EXPECT_EQ(facts.sockets[1].beside, (std::vector<std::string>{folder.at("app.sock")}));
  ASSERT_EQ(facts.workers.size(), 1U);
  EXPECT_GT(facts.workers[0].files_used.value_or(0), 3U);
  EXPECT_TRUE(facts.workers[0].files_allowed);
  EXPECT_TRUE(facts.ports_allowed);
  EXPECT_TRUE(lists(facts.own_addresses, "127.0.0.1"));
}

TEST(Machine, CountsConnectionsTowardsAnUpstream) {
  const Door door;
  sockaddr_in there{};
  there.sin_family = AF_INET;
  there.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  there.sin_port = htons(door.port);
  const int ends[] = {socket(AF_INET, SOCK_STREAM, 0), socket(AF_INET, SOCK_STREAM, 0)};
  for (const int end : ends) connect(end, reinterpret_cast<const sockaddr*>(&there), sizeof there);
  MachineQuestion question;
  question.master = getpid();
  question.route.servers.resize(1);
  question.route.servers[0].host = "127.0.0.1";
  question.route.servers[0].port = door.port;
  const MachineFacts facts = look_at_gateway_machine(question);
  const std::string endpoint = "127.0.0.1:" + std::to_string(door.port);
  EXPECT_EQ(facts.ports_used, 2U);
  EXPECT_EQ(facts.ports_to, endpoint);
  EXPECT_EQ(facts.running_addresses, (std::vector<std::string>{endpoint}));
  const auto here = std::ranges::find(facts.listening, door.port, &ListenSocket::port);
  EXPECT_EQ(here->waiting, 2U);
  for (const int end : ends) close(end);
}

TEST(Programs, FindThisOne) {
  const auto all = running_programs();
  const auto self = std::ranges::find(all, getpid(), &RunningProgram::pid);
  ASSERT_NE(self, all.end());
  EXPECT_EQ(self->parent, getppid());
  EXPECT_EQ(self->user, geteuid());
  EXPECT_TRUE(self->program.ends_with("owner_test"));
  EXPECT_FALSE(self->arguments.empty());
  EXPECT_GT(self->started, 0U);
  EXPECT_FALSE(running_program(0));
  EXPECT_EQ(root_of(getpid()), "");
}

TEST(DiskFiles, ReadMatchAndSayWhatIsWrong) {
  const Folder folder;
  std::ofstream(folder.at("b.conf")) << "b";
  std::ofstream(folder.at("a.conf")) << "a";
  fs::create_symlink("/nowhere", folder.at("c.conf"));
  mkfifo(folder.at("pipe").c_str(), 0600);
  DiskFiles files;
  EXPECT_EQ(files.read(folder.at("a.conf")), "a");
  EXPECT_EQ(files.match(folder.at("*.conf")),
            (std::vector<std::string>{folder.at("a.conf"), folder.at("b.conf"), folder.at("c.conf")}));
  EXPECT_TRUE(files.match(folder.at("*.none")).empty());
  EXPECT_EQ(files.read(folder.at("c.conf")).error().what, "No such file or directory");
  EXPECT_EQ(files.read(folder.at("")).error().what, "Is a directory");
  EXPECT_FALSE(files.read(folder.at("pipe")));
  EXPECT_TRUE(files.is_folder(folder.at("")));
  EXPECT_FALSE(files.is_folder(folder.at("a.conf")));
}

TEST(DiskFiles, StayBelowAnotherRoot) {
  const Folder folder;
  fs::create_directory(folder.at("etc"));
  std::ofstream(folder.at("etc/real")) << "inside";
  fs::create_symlink("/etc/real", folder.at("etc/link"));
  fs::create_symlink("../../../../etc/passwd", folder.at("etc/up"));
  DiskFiles files(folder.at(""));
  EXPECT_EQ(files.read("/etc/link"), "inside");
  EXPECT_FALSE(files.read("/etc/up"));
  EXPECT_EQ(files.match("/etc/re*"), (std::vector<std::string>{"/etc/real"}));
}

TEST(Asker, RunsAProgram) {
  const Asker ask = program_asker(std::chrono::seconds(20));
  const auto said = ask({"sh", "-c", "echo out; echo; echo \"$A\" $PWD; echo err >&2; exit 3"}, "/", {{"A", "b c"}});
  ASSERT_TRUE(said);
  EXPECT_EQ(said->status, 3);
  EXPECT_EQ(said->out, "out\n\nb c /\n");
  EXPECT_EQ(said->err, "err\n");
  EXPECT_FALSE(ask({"fix502-no-such-tool"}, "", {}));
  EXPECT_FALSE(program_asker(std::chrono::milliseconds(20))({"sleep", "600"}, "", {}));
  // One line without an end, as `caddy adapt` writes it.
  EXPECT_EQ(ask({"sh", "-c", "head -c 300000 /dev/zero | tr '\\0' x"}, "", {})->out.size(), 300'000U);
}

}  // namespace
}  // namespace fix502
