// HAProxy's configuration: the main file, a second one (-f twice) that is a list of patterns as well, and a path.
#include "../gateway/map_files.hpp"
#include "config.hpp"

FUZZ(input) {
  const std::string main(fix502::fuzz::take(input, '\1')), more(fix502::fuzz::take(input, '\1'));
  fix502::test::MapFiles files({{"/etc/haproxy/haproxy.cfg", main}, {"/etc/haproxy/more.cfg", more}});
  fix502::ReadRequest request;
  request.config = "/etc/haproxy/haproxy.cfg", request.more = {"/etc/haproxy/more.cfg"}, request.version = "2.6.12";
  request.folder = "/etc/haproxy", request.environment = {{"HOME", "/root"}, {"PORT", "80"}};
  const auto haproxy = fix502::find_gateway_kind("haproxy")->read(request, files);
  fix502::fuzz::promise(haproxy.has_value());
  fix502::Incoming incoming;
  incoming.target = input.empty() ? "/" : std::string(input);
  incoming.host = "a.test", incoming.headers = {{"Cookie", "a=b"}, {"User-Agent", "ua"}};
  fix502::fuzz::judge(**haproxy, incoming);
}
