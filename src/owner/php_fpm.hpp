#pragma once

// PHP-FPM's own configuration (https://www.php.net/manual/en/install.fpm.configuration.php), read tolerantly.

#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "gateway/files.hpp"
#include "gateway/machine_facts.hpp"

namespace fix502 {

/// A line of an ini file.
struct IniLine {
  int line = 0;
  std::string section, key, value;
};
/// Sections in brackets, "key = value" with quotes taken off, comments by ";" or "#". What is neither is left out.
/// Pure.
[[nodiscard]] std::vector<IniLine> read_ini(std::string_view text);

/// "30s", "5m", "2h", "1d", "30": in ms; nothing for 0 and for what is no time. Pure.
[[nodiscard]] std::optional<std::uint64_t> fpm_time(std::string_view text);

/// The file in "php-fpm: master process (/etc/php/8.2/fpm/php-fpm.conf)"; empty: it is no such title. Pure.
[[nodiscard]] std::string fpm_file_in(std::string_view title);

/// All pools of a main file and what it includes.
[[nodiscard]] std::vector<PoolFacts> read_fpm_pools(const std::string& main_file, Files& files);

}  // namespace fix502
