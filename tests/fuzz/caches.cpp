// What resolvers of this machine, the kernel and configuration files say of caches; the first byte chooses whose words.
#include "fuzz.hpp"
#include "resolver/named_conf.hpp"
#include "resolver/nscd_database.hpp"
#include "resolver/proc_net.hpp"
#include "resolver/program.hpp"
#include "resolver/restore.hpp"
#include "resolver/varlink.hpp"

FUZZ(input) {
  using namespace fix502;
  if (input.empty()) return;
  const char whose = input.front();
  input.remove_prefix(1);
  switch (whose) {
    case 'n':
      static_cast<void>(read_nscd_database(input, "shop.example"));
      static_cast<void>(read_nscd_reply(input));
      break;
    case 'p':
      static_cast<void>(parse_proc_net_udp(input));
      break;
    case 'c': {
      int read = 0;
      const auto conf = read_named_conf(input, [&](const std::string&) { return ++read, std::string(input); });
      fuzz::promise(conf.forwarders.size() <= 10 && read <= 50);
      break;
    }
    case 'v': {
      const auto answer = read_resolved_answer(input);
      fuzz::promise(answer.addresses.empty() || answer.cached == Cached::yes);
      break;
    }
    default: {
      ResolverCache cache;
      cache.name = "shop.example";
      add_stored_line(cache, names_of(cache), input, 1);
      add_stored_line(cache, names_of(cache), input, 2);
      fuzz::promise(cache.addresses.empty() == (cache.cached != Cached::yes));
      static_cast<void>(nearest_forward({{".", {std::string(input)}}, {std::string(input), {"192.0.2.1"}}}, input));
      RecordKeeper keeper("shop.example");
      keeper.take(input);
      static_cast<void>(keeper.text());
    }
  }
}
