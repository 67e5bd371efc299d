#pragma once

#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"
#include "browser/leveldb.hpp"
#include "browser/profiles.hpp"
#include "observation/browser_profile.hpp"
#include "target/target.hpp"

namespace fix502 {

inline constexpr std::size_t kMaxRegistry = 16UL * 1024 * 1024;  ///< bytes of a registry that is read

/// The registrations in Chromium's service worker database.
/// Source: chromium, components/services/storage/service_worker/service_worker_database.cc.
[[nodiscard]] Result<std::vector<ServiceWorker>> chromium_workers(const LevelDbFiles& files);
/// Where a Chromium profile has that database.
[[nodiscard]] std::filesystem::path worker_database(const Profile& profile);
/// What has to go out of it so that an origin has no worker: the registrations, whose they are, and that there are any.
[[nodiscard]] Result<std::vector<std::string>> keys_of_workers(const LevelDbFiles& files, std::string_view origin);

/// The registrations in Firefox's serviceworker.txt. Source: gecko, dom/serviceworkers/ServiceWorkerRegistrar.cpp.
[[nodiscard]] std::vector<ServiceWorker> firefox_workers(std::string_view text);

/// Those of the page's origin, the ones that control the page first.
[[nodiscard]] std::vector<ServiceWorker> workers_for(std::vector<ServiceWorker> all, const Target& page);

/// All of a profile's; an error where there is something that cannot be read.
[[nodiscard]] Result<std::vector<ServiceWorker>> read_workers(const Profile& profile);

}  // namespace fix502
