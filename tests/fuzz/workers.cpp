// What browsers write about service workers and profiles: Chromium's LevelDB log, Firefox's registry, profiles.ini,
// Local State. The same bytes are given to all of them.
#include "browser/workers.hpp"

#include "browser/clear.hpp"
#include "fuzz.hpp"

FUZZ(input) {
  using namespace fix502;
  const Target page = *parse_target("https://shop.example/");
  for (const auto& all : {chromium_workers(read_leveldb_log(input)), firefox_workers(input)})
    for (const auto& one : workers_for(all, page)) fuzz::promise(one.origin == page.origin());
  const std::string rest = without_workers_of(input, page.origin());
  fuzz::promise(rest.size() <= input.size());
  fuzz::promise(workers_for(firefox_workers(rest), page).empty());
  for (const auto& name : read_local_state(input)) fuzz::promise(name.find('/') == name.npos);
  for (const auto& profile : read_profiles_ini(input)) fuzz::promise(!profile.path.empty());
}
