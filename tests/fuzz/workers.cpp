// What browsers write about service workers and profiles: Chromium's LevelDB log (through LevelDB), Firefox's registry,
// profiles.ini, Local State. The same bytes are given to all of them.
#include "browser/workers.hpp"

#include "browser/clear.hpp"
#include "fuzz.hpp"

FUZZ(input) {
  using namespace fix502;
  const Target page = *parse_target("https://shop.example/");
  const LevelDbFiles files{{"000003.log", std::string(input)}};
  for (const auto& all : {chromium_workers(files).value_or(std::vector<ServiceWorker>{}), firefox_workers(input)})
    for (const auto& one : workers_for(all, page)) fuzz::promise(one.origin == page.origin());
  if (const auto keys = keys_of_workers(files, page.origin()); keys && !keys->empty())
    if (const auto changed = leveldb_without(files, *keys); changed) fuzz::promise(changed->contains("000003.log"));
  const std::string rest = without_workers_of(input, page.origin());
  fuzz::promise(rest.size() <= input.size());
  fuzz::promise(workers_for(firefox_workers(rest), page).empty());
  for (const auto& name : read_local_state(input)) fuzz::promise(name.find('/') == name.npos);
  for (const auto& profile : read_profiles_ini(input)) fuzz::promise(!profile.path.empty());
}
