#include "browser/profiles.hpp"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <sys/wait.h>

#include <cstring>

#include "browser/fixture.hpp"

namespace fix502 {
namespace {

constexpr const char* kIni = R"([Profile1]
Name=default
IsRelative=1
Path=lkuyis0l.default
Default=1

[Profile0]
Name=default-esr
IsRelative=1
Path=xeh55tkk.default-esr

[Profile2]
Path=../../etc

[General]
Path=not-a-profile

[Install3B6073811A6ABF12]
Default=xeh55tkk.default-esr
)";

TEST(Profiles, OfFirefoxStandInItsIni) {
  const auto found = read_profiles_ini(kIni);
  ASSERT_EQ(found.size(), 2U);
  EXPECT_EQ(found[0].path, "lkuyis0l.default");
  EXPECT_EQ(found[1].path, "xeh55tkk.default-esr");
}

TEST(Profiles, OfChromiumStandInItsLocalState) {
  const auto names = read_local_state(R"({"profile":{"info_cache":{"Default":{},"Profile 1":{},"../x":{},"a/b":{}}}})");
  EXPECT_EQ(names, (std::vector<std::string>{"Default", "Profile 1"}));
  for (const char* damaged : {"", "{", "[]", R"({"profile":3})", R"({"profile":{"info_cache":[1]}})"})
    EXPECT_TRUE(read_local_state(damaged).empty()) << damaged;
}

TEST(Profiles, AreFoundInTheirPlacesWithTheirCaches) {
  const test::Folder home;
  home.write(".config/chromium/Local State", R"({"profile":{"info_cache":{"Default":{},"Profile 1":{}}}})");
  home.write(".config/chromium/Default/Preferences", "{}");
  home.write(".config/chromium/Profile 1/Preferences", "{}");
  home.write(".cache/chromium/Default/Cache/Cache_Data/index", "");
  home.write("snap/firefox/common/.mozilla/firefox/profiles.ini", kIni);
  home.write("snap/firefox/common/.mozilla/firefox/xeh55tkk.default-esr/prefs.js", "");
  home.write("snap/firefox/common/.cache/mozilla/firefox/xeh55tkk.default-esr/cache2/entries/A", "");
  const auto found = find_profiles(roots_of({{"HOME", home.path().string()}}), System::on_linux);
  ASSERT_EQ(found.size(), 3U);
  EXPECT_EQ(found[0].browser, "Chromium");
  EXPECT_EQ(found[0].cache, home.path() / ".cache/chromium/Default/Cache/Cache_Data");
  EXPECT_EQ(found[1].cache, home.path() / ".config/chromium/Profile 1/Cache/Cache_Data");
  EXPECT_EQ(found[2].browser, "Firefox");
  EXPECT_EQ(found[2].cache, home.path() / "snap/firefox/common/.cache/mozilla/firefox/xeh55tkk.default-esr/cache2");
}

TEST(Profiles, AreFoundByPathOfOtherSystemsToo) {
  const test::Folder home;
  home.write("Library/Application Support/Firefox/profiles.ini", "[Profile0]\nIsRelative=1\nPath=Profiles/a.default\n");
  home.write("Library/Application Support/Firefox/Profiles/a.default/prefs.js", "");
  home.write("Library/Caches/Firefox/Profiles/a.default/cache2/entries/A", "");
  const auto found = find_profiles(roots_of({{"HOME", home.path().string()}}), System::on_macos);
  ASSERT_EQ(found.size(), 1U);
  EXPECT_EQ(found[0].cache, home.path() / "Library/Caches/Firefox/Profiles/a.default/cache2");
}

TEST(Profiles, MayBeNamed) {
  const Roots nowhere;
  const auto chromium = profiles_at(test::fixture("chromium/Default"), nowhere, System::on_linux);
  ASSERT_TRUE(chromium);
  EXPECT_EQ((*chromium)[0].cache, test::fixture("chromium/Default/Cache/Cache_Data"));
  const auto whole = profiles_at(test::fixture("chromium/"), nowhere, System::on_linux);
  ASSERT_TRUE(whole);
  EXPECT_EQ((*whole)[0].folder, test::fixture("chromium/Default"));
  const auto firefox = profiles_at(test::fixture("firefox"), nowhere, System::on_linux);
  ASSERT_TRUE(firefox);
  EXPECT_EQ((*firefox)[0].engine, Engine::firefox);
  EXPECT_FALSE(profiles_at(test::fixture("nowhere"), nowhere, System::on_linux));
  EXPECT_FALSE(profiles_at(test::fixture("firefox/cache2"), nowhere, System::on_linux));
}

TEST(Profiles, OfFirefoxAreInUseWhileTheirLockIsHeld) {
  const test::Folder home;
  const auto lock = home.write(".parentlock", "");
  const Profile profile{"Firefox", Engine::firefox, home.path(), home.path(), home.path()};
  EXPECT_FALSE(is_running(profile)) << "a lock file alone proves nothing";
  int ready[2];
  int done[2];
  ASSERT_EQ(pipe(ready), 0);
  ASSERT_EQ(pipe(done), 0);
  const pid_t browser = fork();
  if (browser == 0) {
    const int held = open(lock.c_str(), O_RDWR);
    struct flock whole{};
    whole.l_type = F_WRLCK;
    fcntl(held, F_SETLK, &whole);
    char byte = 'x';
    static_cast<void>(!write(ready[1], &byte, 1));
    close(done[1]);
    static_cast<void>(!read(done[0], &byte, 1));
    _exit(0);
  }
  char byte = 0;
  ASSERT_EQ(read(ready[0], &byte, 1), 1);
  EXPECT_TRUE(is_running(profile));
  close(done[0]);
  close(done[1]);
  waitpid(browser, nullptr, 0);
  EXPECT_FALSE(is_running(profile));
  close(ready[0]);
  close(ready[1]);
}

TEST(Profiles, OfChromiumAreInUseWhileTheirSocketAccepts) {
  const test::Folder home;
  const auto path = (home.path() / "socket").string();
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  ASSERT_LT(path.size(), sizeof address.sun_path);
  std::memcpy(address.sun_path, path.c_str(), path.size() + 1);
  const int listener = socket(AF_UNIX, SOCK_STREAM, 0);
  ASSERT_EQ(bind(listener, reinterpret_cast<const sockaddr*>(&address), sizeof address), 0);
  std::filesystem::create_symlink(path, home.path() / "SingletonSocket");
  const Profile profile{"Chromium", Engine::chromium, home.path(), home.path() / "Default", {}};
  EXPECT_FALSE(is_running(profile)) << "nobody listens";
  ASSERT_EQ(listen(listener, 1), 0);
  EXPECT_TRUE(is_running(profile));
  close(listener);
  EXPECT_FALSE(is_running(profile)) << "it is left behind by a crash";
}

}  // namespace
}  // namespace fix502
