#include "repair/journal.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <gtest/gtest.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>
#include <cstdlib>
#include <fstream>
#include <map>

#include "remedy/bypass_proxy.hpp"
#include "remedy/custom_dns.hpp"
#include "remedy/unpin_hosts.hpp"
#include "repair/carry_out.hpp"
#include "repair/file_state.hpp"

namespace fix502 {
namespace {

namespace fs = std::filesystem;

/// Where synchronising costs nothing.
fs::path memory() {
  return access("/dev/shm", W_OK) == 0 ? fs::path("/dev/shm") : fs::temp_directory_path();
}

/// A small machine of files in a folder of its own, with a journal beside it.
class Machine {
 public:
  explicit Machine(const fs::path& place = memory()) : base_(make(place)), journal_(make(memory())) {}
  Machine(const Machine&) = delete;
  Machine& operator=(const Machine&) = delete;
  ~Machine() {
    fs::remove_all(base_);
    fs::remove_all(journal_);
  }

  [[nodiscard]] fs::path at(const std::string& name) const { return base_ / name; }
  void write(const std::string& name, const std::string& text, fs::perms mode = fs::perms(0640)) const {
    fs::create_directories(at(name).parent_path());
    std::ofstream(at(name)) << text;
    fs::permissions(at(name), mode);
    const timespec times[2] = {{1'600'000'000, 123}, {1'500'000'000, 456'789}};
    utimensat(AT_FDCWD, at(name).c_str(), times, 0);
  }
  [[nodiscard]] JournalOptions options() const {
    return {.root = journal_ / "state" / "journal", .run = run_shown, .at_step = {}};
  }
  [[nodiscard]] Journal journal() const { return Journal(options()); }

  /// Every path with its kind, mode, owner, target, bytes, and the modification time of what is no folder.
  [[nodiscard]] std::map<std::string, std::string> picture() const {
    std::map<std::string, std::string> all;
    for (const auto& each : fs::recursive_directory_iterator(base_)) {
      const auto state = look_at(each.path());
      const bool folder = state->is(FileState::Kind::folder);
      const auto bytes = state->is(FileState::Kind::file) ? read_whole(each.path()) : Result<std::string>();
      all[each.path().lexically_relative(base_)] =
          fmt::format("{} {:o} {}:{} {} {}.{} {}", state->kind, state->mode, state->user, state->group, state->target,
                      folder ? 0 : state->modified_s, folder ? 0 : state->modified_ns, *bytes);
    }
    return all;
  }

 private:
  static fs::path make(const fs::path& place) {
    std::string name = (place / "fix502-repair-XXXXXX").string();
    return mkdtemp(name.data());
  }
  fs::path base_, journal_;
};

struct Case {
  std::string name;
  std::function<void(const Machine&)> before;
  std::function<Result<void>(const Machine&, ChangeSet&)> change;
};
/// Else every test's name would carry the bytes of a Case.
void PrintTo(const Case& one, std::ostream* out) {
  *out << one.name;
}

Result<void> append(const Machine& machine, ChangeSet& set, const std::string& word) {
  const auto file = machine.at("commands").string();
  const Command run{{"sh", "-c", "printf %s " + word + " >> " + file}};
  const Command undo{{"sh", "-c", "printf '' > " + file + "; touch -m -d @1500000000.000456789 " + file}};
  return set.command(run, undo, "appended a word");
}

const Case kCases[] = {
    {"Replace", [](const Machine& m) { m.write("hosts", "192.0.2.1 shop.example\n"); },
     [](const Machine& m, ChangeSet& s) { return s.write_file(m.at("hosts"), "# nothing, and longer than before\n"); }},
    {"ReplaceByNothing", [](const Machine& m) { m.write("hosts", "192.0.2.1 shop.example\n"); },
     [](const Machine& m, ChangeSet& s) { return s.write_file(m.at("hosts"), ""); }},
    {"Create", [](const Machine& m) { m.write("other", "x"); },
     [](const Machine& m, ChangeSet& s) { return s.write_file(m.at("a/b/policy.json"), "{}"); }},
    {"CreateBesideOthers", [](const Machine& m) { m.write("a/other", "x"); },
     [](const Machine& m, ChangeSet& s) { return s.write_file(m.at("a/policy.json"), "{}", {.mode = 0600}); }},
    {"ReplaceALink",
     [](const Machine& m) {
       m.write("stub", "nameserver 127.0.0.53\n");
       fs::create_symlink("stub", m.at("resolv.conf"));
     },
     [](const Machine& m, ChangeSet& s) {
       return s.write_file(m.at("resolv.conf"), "nameserver 192.0.2.1\n", {.links = Links::replace});
     }},
    {"TwoNames",
     [](const Machine& m) {
       m.write("hosts", "192.0.2.1 shop.example\n");
       fs::create_hard_link(m.at("hosts"), m.at("hosts2"));
     },
     [](const Machine& m, ChangeSet& s) { return s.write_file(m.at("hosts"), "# in place"); }},
    {"TwiceTheSameFile", [](const Machine& m) { m.write("hosts", "one"); },
     [](const Machine& m, ChangeSet& s) {
       const auto first = s.write_file(m.at("hosts"), "two");
       return first ? s.write_file(m.at("hosts"), "three") : first;
     }},
    {"MoveAway",
     [](const Machine& m) {
       m.write("cache/one_0", "1");
       m.write("cache/two_0", "2");
       m.write("cache/three_0", "3");
     },
     [](const Machine& m, ChangeSet& s) {
       return s.move_away({m.at("cache/one_0"), m.at("cache/absent"), m.at("cache/three_0")});
     }},
    {"MoveAFolderAway",
     [](const Machine& m) {
       m.write("worker/db/1.log", "log", fs::perms(0600));
       m.write("worker/script", "script", fs::perms(0444));
       fs::create_symlink("db/1.log", m.at("worker/link"));
       fs::permissions(m.at("worker/db"), fs::perms(0711));
     },
     [](const Machine& m, ChangeSet& s) { return s.move_away(m.at("worker")); }},
    {"MoveALinkAway",
     [](const Machine& m) {
       m.write("target", "x");
       fs::create_symlink("target", m.at("link"));
     },
     [](const Machine& m, ChangeSet& s) { return s.remove(m.at("link")); }},
    {"RunACommand", [](const Machine& m) { m.write("commands", ""); },
     [](const Machine& m, ChangeSet& s) { return append(m, s, "one"); }},
    // Every remedy that changes files.
    {"UnpinHosts", [](const Machine& m) { m.write("hosts", "203.0.113.99 shop.example www.shop.example\n"); },
     [](const Machine& m, ChangeSet& s) {
       return carry_out(unpin_hosts(m.at("hosts"), *read_whole(m.at("hosts")), "shop.example"), s);
     }},
    {"BypassProxyByEnvironment", [](const Machine& m) { m.write("other", "x"); },
     [](const Machine& m, ChangeSet& s) {
       const ProxyPlace place{"environment https_proxy", "localhost", m.at("environment.d/60-fix502.conf"), ""};
       return carry_out(bypass_proxy(place, "shop.example"), s);
     }},
    {"BypassProxyByKde", [](const Machine& m) { m.write("kioslaverc", "[Proxy Settings]\n", fs::perms(0600)); },
     [](const Machine& m, ChangeSet& s) {
       const ProxyPlace place{"KDE", "", m.at("kioslaverc"), "[Proxy Settings]\n"};
       return carry_out(bypass_proxy(place, "shop.example"), s);
     }},
    {"CustomDnsByFile", [](const Machine& m) { m.write("resolv.conf", "nameserver 192.0.2.1\n"); },
     [](const Machine& m, ChangeSet& s) {
       const auto path = m.at("resolv.conf");
       return carry_out(dns_by_file(path, *read_whole(path), false, *parse_dns_choice("quad9")), s);
     }},
    {"CustomDnsByLink",
     [](const Machine& m) {
       m.write("run/resolv.conf", "nameserver 192.0.2.1\n");
       fs::create_symlink("run/resolv.conf", m.at("resolv.conf"));
     },
     [](const Machine& m, ChangeSet& s) {
       return carry_out(dns_by_file(m.at("resolv.conf"), "nameserver 192.0.2.1\n", true, *parse_dns_choice("quad9")),
                        s);
     }},
    {"CustomDnsForChromium", [](const Machine& m) { m.write("etc/other", "x"); },
     [](const Machine& m, ChangeSet& s) {
       return carry_out(dns_by_chromium_policy("Chromium", m.at("etc/chromium/managed"), *parse_dns_choice("quad9")),
                        s);
     }},
    {"CustomDnsForFirefox", [](const Machine& m) { m.write("policies.json", "{\"policies\":{\"x\":1}}"); },
     [](const Machine& m, ChangeSet& s) {
       const auto path = m.at("policies.json");
       return carry_out(*dns_by_firefox_policy(path, *read_whole(path), *parse_dns_choice("quad9")), s);
     }},
    {"ManyThings",
     [](const Machine& m) {
       m.write("commands", "");
       m.write("prefs.js", "user_pref(1)\n");
       m.write("cache/one_0", "1");
     },
     [](const Machine& m, ChangeSet& s) {
       for (const auto& made : {s.write_file(m.at("prefs.js"), "user_pref(2)\n"), append(m, s, "word"),
                                s.move_away(m.at("cache")), s.note("flushed"), s.write_file(m.at("user.js"), "new")})
         if (!made) return made;
       return Result<void>();
     }},
};

Result<void> change_all(const Case& one, const Machine& machine, const JournalOptions& options) {
  auto set = Journal(options).begin("test", "https://shop.example/");
  if (!set) return std::unexpected(set.error());
  if (auto changed = one.change(machine, *set); !changed) return changed;
  return set->done(true);
}

/// Runs `work` in a child that kills itself at the step of that number; true if it lived to the end.
bool survives(int fatal, JournalOptions options, const std::function<Result<void>(const JournalOptions&)>& work) {
  const pid_t child = fork();
  if (child == 0) {
    int step = 0;
    options.at_step = [&](std::string_view) {
      if (step++ == fatal) raise(SIGKILL);
    };
    const auto done = work(options);
    if (!done) fmt::print(stderr, "{}\n", done.error().message());
    _exit(done ? 0 : 9);
  }
  int status = 0;
  waitpid(child, &status, 0);
  EXPECT_TRUE(WIFSIGNALED(status) || (WIFEXITED(status) && WEXITSTATUS(status) == 0)) << "step " << fatal;
  return !WIFSIGNALED(status);
}

class EveryKind : public testing::TestWithParam<Case> {
 protected:
  /// Kills the change at every step, undoes, compares; and at some steps kills the undo at every step as well.
  static void kill_everywhere(const fs::path& place) {
    const Case& one = GetParam();
    bool lived = false;
    for (int fatal = 0; !lived; ++fatal) {
      const Machine machine(place);
      one.before(machine);
      const auto before = machine.picture();
      lived = survives(fatal, machine.options(),
                       [&](const JournalOptions& options) { return change_all(one, machine, options); });
      const auto undone = machine.journal().undo();
      ASSERT_TRUE(undone) << "killed at " << fatal << ": " << undone.error().message();
      EXPECT_EQ(machine.picture(), before) << "killed at step " << fatal;
      ASSERT_LT(fatal, 500);
    }
  }
  static void kill_undo_everywhere(const fs::path& place) {
    const Case& one = GetParam();
    bool lived = false;
    for (int fatal = 0; !lived; ++fatal) {
      const Machine machine(place);
      one.before(machine);
      const auto before = machine.picture();
      const auto made = change_all(one, machine, machine.options());
      ASSERT_TRUE(made) << made.error().message();
      EXPECT_NE(machine.picture(), before);
      lived = survives(fatal, machine.options(), [](const JournalOptions& options) -> Result<void> {
        const auto undone = Journal(options).undo();
        return undone ? Result<void>() : std::unexpected(undone.error());
      });
      const auto again = machine.journal().undo();
      ASSERT_TRUE(again) << "killed at " << fatal << ": " << again.error().message();
      EXPECT_EQ(machine.picture(), before) << "undo killed at step " << fatal;
      const auto idle = machine.journal().undo();
      EXPECT_TRUE(idle && !*idle);
      ASSERT_LT(fatal, 500);
    }
  }
};

TEST_P(EveryKind, ComesBackWhereverTheChangeWasKilled) {
  kill_everywhere(fs::temp_directory_path());
}
TEST_P(EveryKind, ComesBackWhereverTheUndoWasKilled) {
  kill_undo_everywhere(fs::temp_directory_path());
}

/// The journal is on another file system than the files, so that a rename is not enough.
TEST_P(EveryKind, ComesBackFromAnotherFileSystem) {
  const std::string& name = GetParam().name;
  if (!name.starts_with("Move") && name != "ManyThings") return;  // only moving asks where things are
  struct stat here{}, there{};
  if (stat(fs::temp_directory_path().c_str(), &here) != 0 || stat(memory().c_str(), &there) != 0 ||
      here.st_dev == there.st_dev)
    GTEST_SKIP() << "/dev/shm is no file system of its own";
  kill_everywhere(fs::temp_directory_path());
  kill_undo_everywhere(fs::temp_directory_path());
}

INSTANTIATE_TEST_SUITE_P(Journal, EveryKind, testing::ValuesIn(kCases), [](const auto& one) { return one.param.name; });

TEST(Journal, RefusesWhatSomebodyElseChanged) {
  const Machine machine;
  machine.write("one", "1");
  machine.write("two", "2");
  {
    auto set = machine.journal().begin("test", "");
    ASSERT_TRUE(set->write_file(machine.at("one"), "11"));
    ASSERT_TRUE(set->write_file(machine.at("two"), "22"));
    ASSERT_TRUE(set->done(true));
  }
  machine.write("one", "by somebody else");
  const auto changed = machine.picture();
  const auto undone = machine.journal().undo();
  ASSERT_FALSE(undone);
  EXPECT_NE(undone.error().message().find("somebody else"), std::string::npos);
  EXPECT_NE(undone.error().message().find("/one"), std::string::npos);
  EXPECT_EQ(machine.picture(), changed);
  machine.write("one", "11");
  EXPECT_TRUE(machine.journal().undo());
  EXPECT_EQ(*read_whole(machine.at("one")), "1");
}

TEST(Journal, RefusesAnotherMode) {
  const Machine machine;
  machine.write("one", "1");
  {
    auto set = machine.journal().begin("test", "");
    ASSERT_TRUE(set->write_file(machine.at("one"), "11"));
    ASSERT_TRUE(set->done(true));
  }
  fs::permissions(machine.at("one"), fs::perms(0600));
  EXPECT_FALSE(machine.journal().undo());
}

TEST(Journal, PutsBackOverWhatGrewAgainIfSoAsked) {
  for (const Regrown regrown : {Regrown::refuse, Regrown::replace}) {
    const Machine machine;
    machine.write("cache/one_0", "old");
    {
      auto set = machine.journal().begin("clear-cache", "");
      ASSERT_TRUE(set->move_away(machine.at("cache/one_0"), regrown));
      ASSERT_TRUE(set->done(true));
    }
    machine.write("cache/one_0", "newer");
    EXPECT_EQ(machine.journal().undo().has_value(), regrown == Regrown::replace);
    EXPECT_EQ(*read_whole(machine.at("cache/one_0")), regrown == Regrown::replace ? "old" : "newer");
  }
}

TEST(Journal, ListsAndTakesBackByNumber) {
  const Machine machine;
  machine.write("one", "1");
  machine.write("two", "2");
  const auto nothing = machine.journal().undo();
  EXPECT_TRUE(nothing && !*nothing);
  for (const std::string name : {"one", "two"}) {
    auto set = machine.journal().begin("test-" + name, "https://shop.example/");
    ASSERT_TRUE(set->write_file(machine.at(name), "new"));
    ASSERT_TRUE(set->done(name == "one"));
  }
  {
    auto set = machine.journal().begin("flush-dns", "");
    ASSERT_TRUE(set->note("flushed the cache of dnsmasq"));
    ASSERT_TRUE(set->done(true));
  }
  auto sets = *machine.journal().list();
  ASSERT_EQ(sets.size(), 3U);
  EXPECT_EQ(sets[0].remedy, "test-one");
  EXPECT_TRUE(sets[0].verified);
  EXPECT_EQ(sets[1].state, SetState::stands);
  EXPECT_EQ(sets[1].changes, std::vector<std::string>{"changed " + machine.at("two").string()});
  EXPECT_EQ(sets[2].state, SetState::lasting);
  EXPECT_EQ((*machine.journal().undo(1))->id, 1U);
  EXPECT_EQ(*read_whole(machine.at("one")), "1");
  EXPECT_EQ(*read_whole(machine.at("two")), "new");
  EXPECT_EQ((*machine.journal().undo())->id, 2U);
  EXPECT_FALSE(machine.journal().undo(77));
  EXPECT_EQ((*machine.journal().list())[1].state, SetState::undone);
}

TEST(Journal, IsPrivateAndForOneAtATime) {
  const Machine machine;
  auto set = machine.journal().begin("test", "");
  ASSERT_TRUE(set);
  EXPECT_FALSE(machine.journal().begin("test", ""));
  EXPECT_FALSE(machine.journal().undo());
  EXPECT_EQ(fs::status(machine.options().root).permissions(), fs::perms::owner_all);
}

TEST(Journal, NeverWritesThroughALink) {
  const Machine machine;
  machine.write("target", "x");
  fs::create_symlink("target", machine.at("link"));
  auto set = machine.journal().begin("test", "");
  EXPECT_FALSE(set->write_file(machine.at("link"), "y"));
  EXPECT_FALSE(set->write_file(machine.at("a/../target"), "y"));
  EXPECT_FALSE(set->write_file("relative", "y"));
  EXPECT_EQ(*read_whole(machine.at("target")), "x");
}

TEST(Journal, LivesWithADamagedLog) {
  const Machine machine;
  machine.write("one", "1");
  {
    auto set = machine.journal().begin("test", "");
    ASSERT_TRUE(set->write_file(machine.at("one"), "11"));
  }
  const auto log = machine.options().root / "1" / "log";
  std::ofstream(log, std::ios::app) << "{\"plan\":{\"kind\":0,\"pa";  // torn
  EXPECT_EQ((*machine.journal().list())[0].state, SetState::unfinished);
  EXPECT_TRUE(machine.journal().undo());
  EXPECT_EQ(*read_whole(machine.at("one")), "1");
  for (const char* text : {"", "\n", "null\n", "[1]\n", "{\"set\":{\"id\":\"x\"}}\n", "{\"undone\":7}\n", "{}\n"}) {
    std::ofstream(log) << text;
    (void)machine.journal().list();
    (void)machine.journal().undo();
  }
}

}  // namespace
}  // namespace fix502
