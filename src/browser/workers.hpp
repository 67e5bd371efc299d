#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"
#include "browser/profiles.hpp"
#include "observation/browser_profile.hpp"
#include "target/target.hpp"

namespace fix502 {

/// The pairs that a LevelDB log adds up to: what was put last, what was deleted left out. Damaged records are passed
/// over. Source: https://github.com/google/leveldb/blob/main/doc/log_format.md, db/write_batch.cc.
[[nodiscard]] std::map<std::string, std::string> read_leveldb_log(std::string_view log);

/// The registrations in Chromium's service worker database.
/// Source: chromium, components/services/storage/service_worker/service_worker_database.cc.
[[nodiscard]] std::vector<ServiceWorker> chromium_workers(const std::map<std::string, std::string>& pairs);

/// The registrations in Firefox's serviceworker.txt. Source: gecko, dom/serviceworkers/ServiceWorkerRegistrar.cpp.
[[nodiscard]] std::vector<ServiceWorker> firefox_workers(std::string_view text);

/// Those of the page's origin, the ones that control the page first.
[[nodiscard]] std::vector<ServiceWorker> workers_for(std::vector<ServiceWorker> all, const Target& page);

/// All of a profile's; an error where there is something that cannot be read.
[[nodiscard]] Result<std::vector<ServiceWorker>> read_workers(const Profile& profile);
/// Chromium: some of its registrations may stand in sorted tables, which are not read.
[[nodiscard]] bool has_worker_tables(const Profile& profile);

}  // namespace fix502
