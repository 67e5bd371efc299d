// Caddy's configuration, cut at bytes of 1: the JSON that it runs or was adapted to, the Caddyfile, and a file that it
// may import.
#include "../gateway/map_files.hpp"
#include "config.hpp"

FUZZ(input) {
  const std::string json(fix502::fuzz::take(input, '\1')), text(fix502::fuzz::take(input, '\1'));
  fix502::test::MapFiles files(
      {{"/etc/caddy/Caddyfile", text}, {"/etc/caddy/more", std::string(input)}, {"/etc/caddy/caddy.json", json}});
  fix502::Incoming incoming;
  incoming.host = "shop.example", incoming.target = "/api/x.php?d=1";
  incoming.headers = {{"User-Agent", "ua"}, {"Upgrade", "websocket"}};
  for (const char* config : {"/etc/caddy/Caddyfile", "/etc/caddy/caddy.json"}) {
    fix502::ReadRequest request;
    request.config = config, request.folder = "/srv", request.version = "2.6.2";
    request.environment = {{"PORT", "8000"}};
    request.adapted = json;
    const auto caddy = fix502::find_gateway_kind("caddy")->read(request, files);
    fix502::fuzz::promise(caddy.has_value());
    fix502::fuzz::judge(**caddy, incoming);
  }
}
