#include "browser/leveldb.hpp"

#include <leveldb/db.h>
#include <leveldb/env.h>
#include <leveldb/helpers/memenv.h>
#include <leveldb/write_batch.h>

#include <memory>

#include "browser/profile_file.hpp"

namespace fix502 {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t kMaxBytes = 64UL * 1024 * 1024;
constexpr std::size_t kMaxFiles = 1'000;
constexpr std::size_t kMaxPairs = 100'000;
const std::string kFolder = "/database";

/// A database in memory, with these files.
class InMemory {
 public:
  static Result<InMemory> open(const LevelDbFiles& files) {
    InMemory made;
    for (const auto& [name, bytes] : files)
      if (const auto put = leveldb::WriteStringToFile(made.disk_.get(), bytes, kFolder + "/" + name); !put.ok())
        return fail(put.ToString(), name);
    leveldb::Options options;
    options.env = made.disk_.get();
    options.create_if_missing = true;  // a folder that lost its CURRENT still has its log
    options.reuse_logs = true;         // as Chromium does: a change is appended
    options.write_buffer_size = kMaxBytes;
    leveldb::DB* opened = nullptr;
    if (const auto done = leveldb::DB::Open(options, kFolder, &opened); !done.ok()) return fail(done.ToString());
    made.database_.reset(opened);
    return made;
  }
  leveldb::DB& operator*() { return *database_; }
  leveldb::DB* operator->() { return database_.get(); }

  /// Closes the database first.
  LevelDbFiles files() {
    database_.reset();
    LevelDbFiles all;
    std::vector<std::string> names;
    static_cast<void>(disk_->GetChildren(kFolder, &names));
    for (const auto& name : names)
      if (std::string bytes; leveldb::ReadFileToString(disk_.get(), kFolder + "/" + name, &bytes).ok())
        all[name] = std::move(bytes);
    return all;
  }

 private:
  std::unique_ptr<leveldb::Env> disk_{leveldb::NewMemEnv(leveldb::Env::Default())};
  std::unique_ptr<leveldb::DB> database_;  // goes before its disk
};

bool is_content(const std::string& name) {
  return name != "LOCK" && name != "LOG" && name != "LOG.old";
}

}  // namespace

Result<LevelDbFiles> read_leveldb_files(const fs::path& folder) {
  LevelDbFiles files;
  std::size_t left = kMaxBytes;
  std::error_code error;
  for (fs::directory_iterator each(folder, error), end; !error && each != end; each.increment(error)) {
    std::error_code ignored;
    const std::string name = each->path().filename().string();
    if (!is_content(name) || !each->is_regular_file(ignored)) continue;
    if (files.size() >= kMaxFiles) return fail("holds more files than a browser writes", folder.string());
    auto bytes = read_profile_file(each->path(), left);
    if (!bytes) return std::unexpected(bytes.error());
    left -= bytes->size();
    files[name] = *std::move(bytes);
  }
  if (error && error != std::errc::no_such_file_or_directory) return fail(error.message(), folder.string());
  return files;
}

Result<std::map<std::string, std::string>> leveldb_pairs(const LevelDbFiles& files, const std::string& prefix) {
  std::map<std::string, std::string> pairs;
  if (files.empty()) return pairs;
  auto database = InMemory::open(files);
  if (!database) return std::unexpected(database.error());
  const std::unique_ptr<leveldb::Iterator> each((*database)->NewIterator(leveldb::ReadOptions()));
  for (each->Seek(prefix); each->Valid() && each->key().starts_with(prefix) && pairs.size() < kMaxPairs; each->Next())
    pairs[each->key().ToString()] = each->value().ToString();
  if (!each->status().ok()) return fail(each->status().ToString());
  return pairs;
}

Result<LevelDbFiles> leveldb_without(const LevelDbFiles& files, const std::vector<std::string>& keys) {
  auto database = InMemory::open(files);
  if (!database) return std::unexpected(database.error());
  leveldb::WriteBatch batch;
  for (const auto& key : keys) batch.Delete(key);
  if (const auto done = (*database)->Write(leveldb::WriteOptions(), &batch); !done.ok()) return fail(done.ToString());
  LevelDbFiles changed = database->files();
  std::erase_if(changed, [&](const auto& one) {
    const auto before = files.find(one.first);
    return !is_content(one.first) || (before != files.end() && before->second == one.second);
  });
  return changed;
}

}  // namespace fix502
