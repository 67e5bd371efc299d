#include "watch/desktop.hpp"

#include <gtest/gtest.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <systemd/sd-bus.h>
#include <unistd.h>

#include <array>
#include <csignal>
#include <cstdlib>

namespace fix502 {
namespace {

/// A child that dies with the test.
template <typename What>
pid_t child_that(What what) {
  const pid_t child = fork();
  if (child != 0) return child;
  prctl(PR_SET_PDEATHSIG, SIGKILL);
  what();
  _exit(1);
}

std::string line_of(int descriptor) {
  std::string line;
  for (char c = 0; read(descriptor, &c, 1) == 1 && c != '\n';) line += c;
  return line;
}

/// What a desktop does: takes one notification, and hands on its title and text.
int on_notify(sd_bus_message* message, void* out, sd_bus_error*) {
  const char *name = nullptr, *icon = nullptr, *title = nullptr, *text = nullptr;
  std::uint32_t replaces = 0;
  if (sd_bus_message_read(message, "susss", &name, &replaces, &icon, &title, &text) < 0) return -EINVAL;
  const std::string line = std::string(name) + "|" + title + "|" + text + "\n";
  if (write(*static_cast<int*>(out), line.data(), line.size()) < 0) return -EIO;
  return sd_bus_reply_method_return(message, "u", 1U);
}

void be_the_desktop(int out) {
  static const sd_bus_vtable kTable[] = {
      SD_BUS_VTABLE_START(0), SD_BUS_METHOD("Notify", "susssasa{sv}i", "u", on_notify, 0), SD_BUS_VTABLE_END};
  sd_bus* bus = nullptr;
  constexpr const char* kName = "org.freedesktop.Notifications";
  if (sd_bus_open_user(&bus) < 0 ||
      sd_bus_add_object_vtable(bus, nullptr, "/org/freedesktop/Notifications", kName, kTable, &out) < 0 ||
      sd_bus_request_name(bus, kName, 0) < 0)
    return;
  if (write(out, "there\n", 6) < 0) return;
  while (sd_bus_wait(bus, UINT64_MAX) >= 0)
    while (sd_bus_process(bus, nullptr) > 0) {
    }
}

class DesktopTest : public testing::Test {
 protected:
  void SetUp() override {
    std::array<int, 2> ends{};
    ASSERT_EQ(pipe(ends.data()), 0);
    bus_ = child_that([&] {
      dup2(ends[1], STDOUT_FILENO);
      execlp("dbus-daemon", "dbus-daemon", "--session", "--nofork", "--nopidfile", "--print-address=1",
             static_cast<char*>(nullptr));
    });
    close(ends[1]);
    const std::string address = line_of(ends[0]);
    if (address.empty()) GTEST_SKIP() << "dbus-daemon is not installed";
    setenv("DBUS_SESSION_BUS_ADDRESS", address.c_str(), 1);
  }
  void TearDown() override {
    for (const pid_t child : {bus_, desktop_}) {
      if (child <= 0) continue;
      kill(child, SIGKILL);
      waitpid(child, nullptr, 0);
    }
    unsetenv("DBUS_SESSION_BUS_ADDRESS");
  }

  pid_t bus_ = -1;
  pid_t desktop_ = -1;
};

TEST_F(DesktopTest, ShowsANotification) {
  std::array<int, 2> ends{};
  ASSERT_EQ(pipe(ends.data()), 0);
  desktop_ = child_that([&] { be_the_desktop(ends[1]); });
  close(ends[1]);
  ASSERT_EQ(line_of(ends[0]), "there");
  EXPECT_TRUE(notify_desktop("A page works again", "shop.example <b>works</b> & more"));
  EXPECT_EQ(line_of(ends[0]), "fix502|A page works again|shop.example &lt;b&gt;works&lt;/b&gt; &amp; more");
}

TEST_F(DesktopTest, IsSilentWhereNobodyShowsAny) {
  EXPECT_FALSE(notify_desktop("A page works again", "shop.example"));
}

TEST(Desktop, IsSilentWithoutABus) {
  setenv("DBUS_SESSION_BUS_ADDRESS", "unix:path=/proc/fix502", 1);
  EXPECT_FALSE(notify_desktop("A page works again", "shop.example"));
  unsetenv("DBUS_SESSION_BUS_ADDRESS");
}

}  // namespace
}  // namespace fix502
