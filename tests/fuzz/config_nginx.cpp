// nginx's configuration: the main file, one that it may include as "more", and a request for what they say.
#include "../gateway/map_files.hpp"
#include "config.hpp"

FUZZ(input) {
  const std::string main(fix502::fuzz::take(input, '\1')), more(fix502::fuzz::take(input, '\1'));
  fix502::test::MapFiles files({{"/etc/nginx/nginx.conf", main}, {"/etc/nginx/more", more}});
  fix502::ReadRequest request;
  request.config = "/etc/nginx/nginx.conf", request.version = "1.22.1";
  const auto nginx = fix502::find_gateway_kind("nginx")->read(request, files);
  fix502::fuzz::promise(nginx.has_value());
  fix502::Incoming incoming;
  incoming.target = input.empty() ? "/" : std::string(input);
  incoming.host = "a.test", incoming.headers = {{"Cookie", "a=b"}};
  fix502::fuzz::judge(**nginx, incoming);
}
