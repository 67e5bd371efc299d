#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "gateway/route.hpp"

namespace fix502 {

/// A running process, as /proc shows it.
struct RunningProgram {
  int pid = 0, parent = 0;
  std::string program;                 ///< where its file is: "/usr/sbin/nginx"; empty: may not be seen
  std::string name;                    ///< /proc/PID/comm
  std::vector<std::string> arguments;  ///< cmdline; nginx and php-fpm write titles there, as one word
  std::string folder;                  ///< cwd
  std::string root = "/";              ///< its root folder, "/" unless it is shut up in another
  std::vector<NameValue> environment;  ///< empty where it may not be read
  unsigned user = 0, group = 0;        ///< effective
  std::vector<unsigned> groups;        ///< supplementary
  std::uint64_t started = 0;           ///< clock ticks since boot: with the pid it tells a process from a later one
};

/// How a running gateway is asked to check its configuration and to load it again.
struct Operation {
  std::vector<std::string> check;   ///< words; exit 0: good
  std::vector<std::string> reload;  ///< words; empty: by `signal` to `master`
  int signal = 0;
  int master = 0;                      ///< its process; 0: it does not run
  std::string folder;                  ///< where both are run
  std::vector<NameValue> environment;  ///< for both, beside our own
  /// Words in the check's output that mean it is no good although it exits with 0 (Apache's AH01146).
  std::vector<std::string> bad_words;
  std::string control;  ///< HAProxy: its runtime socket; Caddy: "localhost:2019"; empty: none
};

}  // namespace fix502
