#include "sys/linux/linux_host.hpp"

#include <gtest/gtest.h>

#include <cstdlib>
#include <fstream>

#include "sys/linux/files.hpp"

namespace fix502 {
namespace {

/// A folder of settings that goes away with the test.
class Folder {
 public:
  Folder() {
    std::string name = (std::filesystem::temp_directory_path() / "fix502-sys-XXXXXX").string();
    path_ = mkdtemp(name.data());
  }
  Folder(const Folder&) = delete;
  Folder& operator=(const Folder&) = delete;
  ~Folder() { std::filesystem::remove_all(path_); }

  std::filesystem::path write(const std::string& name, const std::string& text) const {
    const auto file = path_ / name;
    std::filesystem::create_directories(file.parent_path());
    std::ofstream(file) << text;
    return file;
  }
  [[nodiscard]] const std::filesystem::path& path() const { return path_; }

 private:
  std::filesystem::path path_;
};

TEST(LinuxHost, ReadsItsFiles) {
  const Folder folder;
  LinuxPlaces places;
  places.resolv_conf = folder.write("resolv.conf", "nameserver 192.0.2.1\n");
  places.nsswitch = folder.write("nsswitch.conf", "hosts: files dns\n");
  places.hosts = folder.write("hosts", "127.0.0.1 localhost\n192.0.2.9 shop.example\n");
  places.route = folder.path() / "absent";
  const auto host = linux_host(places, {});
  EXPECT_EQ(host->resolver_config().nameservers, std::vector<std::string>{"192.0.2.1:53"});
  EXPECT_EQ(host->resolver_config().sources, (std::vector<std::string>{"files", "dns"}));
  EXPECT_EQ(host->resolver_config().path, places.resolv_conf.string());
  EXPECT_EQ(host->hosts_entry("shop.example").addresses, std::vector<std::string>{"192.0.2.9"});
  EXPECT_EQ(host->hosts_entry("shop.example").line, 2);
  EXPECT_EQ(host->hosts_entry("other.example").path, places.hosts.string());
  EXPECT_FALSE(host->interfaces().default_route_ipv4);
}

TEST(LinuxHost, TakesTheEnvironmentBeforeTheDesktop) {
  const Folder folder;
  LinuxPlaces places;
  places.settings = folder.path();
  folder.write("kioslaverc", "[Proxy Settings]\nProxyType=1\nhttpsProxy=http://kde.example 3128\n");
  const auto target = parse_target("https://shop.example/");
  std::string proxy_url;
  EXPECT_EQ(linux_host(places, {})->proxy_settings(*target, proxy_url).proxy, "http://kde.example:3128");
  const auto settings =
      linux_host(places, {{"HTTPS_PROXY", "http://env.example:1"}})->proxy_settings(*target, proxy_url);
  EXPECT_EQ(settings.proxy, "http://env.example:1");
  EXPECT_EQ(proxy_url, "http://env.example:1");
}

TEST(LinuxHost, AsksGnomeWhereItsDatabaseIs) {
  const Folder folder;
  LinuxPlaces places;
  places.settings = folder.path();
  places.gsettings = folder
                         .write("gsettings",
                                "#!/bin/sh\n"
                                "echo \"org.gnome.system.proxy mode 'manual'\"\n"
                                "echo \"org.gnome.system.proxy.https host 'gnome.example'\"\n"
                                "echo \"org.gnome.system.proxy.https port 3128\"\n")
                         .string();
  std::filesystem::permissions(places.gsettings, std::filesystem::perms::owner_all);
  const auto target = parse_target("https://shop.example/");
  std::string proxy_url;
  EXPECT_EQ(linux_host(places, {})->proxy_settings(*target, proxy_url).proxy, "");
  folder.write("dconf/user", "x");
  EXPECT_EQ(linux_host(places, {})->proxy_settings(*target, proxy_url).proxy, "http://gnome.example:3128");
}

TEST(OutputOf, IsBoundedInTime) {
  using std::chrono::milliseconds;
  EXPECT_EQ(output_of({"sh", "-c", "echo yes"}, milliseconds(10'000)), "yes\n");
  EXPECT_EQ(output_of({"sh", "-c", "echo no; exit 3"}, milliseconds(10'000)), "");
  EXPECT_EQ(output_of({"no-such-command-of-any-kind"}, milliseconds(10'000)), "");
  const auto began = std::chrono::steady_clock::now();
  EXPECT_EQ(output_of({"sleep", "60"}, milliseconds(20)), "");
  EXPECT_LT(std::chrono::steady_clock::now() - began, std::chrono::seconds(30));
}

TEST(ReadText, ReadsRegularFilesOnly) {
  const Folder folder;
  EXPECT_EQ(read_text(folder.write("a", "hello"), 3), "hel");
  EXPECT_EQ(read_text(folder.path(), 10), "");
  EXPECT_EQ(read_text(folder.path() / "absent", 10), "");
  EXPECT_EQ(read_text("/dev/zero", 10), "");
}

TEST(ThisHost, HasALoopbackInterface) {
  const auto found = this_host()->interfaces().interfaces;
  const auto is_loopback = [](const Interface& each) { return each.loopback; };
  EXPECT_NE(std::find_if(found.begin(), found.end(), is_loopback), found.end());
}

}  // namespace
}  // namespace fix502
