#pragma once

// LevelDB databases of browsers, opened by LevelDB itself in memory: nothing on the disk is touched, not even its lock.

#include <filesystem>
#include <map>
#include <string>
#include <vector>

#include "base/result.hpp"

namespace fix502 {

/// The files of a database's folder by their names ("CURRENT", "MANIFEST-000001", "000003.log", "000005.ldb").
using LevelDbFiles = std::map<std::string, std::string>;

/// All regular files of the folder; none where there is no such folder. An error where they are more than a browser
/// writes: 64 MiB.
[[nodiscard]] Result<LevelDbFiles> read_leveldb_files(const std::filesystem::path& folder);

/// The pairs whose key starts with `prefix`, at most 100,000; damaged records are passed over.
[[nodiscard]] Result<std::map<std::string, std::string>> leveldb_pairs(const LevelDbFiles& files,
                                                                       const std::string& prefix);

/// Deletes keys. The files that differ afterwards or are new, with all their bytes: in the usual case the log alone,
/// which has become one record longer. CURRENT, if it is among them, is to be written last.
[[nodiscard]] Result<LevelDbFiles> leveldb_without(const LevelDbFiles& files, const std::vector<std::string>& keys);

}  // namespace fix502
