// Apache's configuration, its files cut at NUL bytes: the main one, then those that it may include.
#include <map>

#include "../gateway/map_files.hpp"
#include "config.hpp"

FUZZ(input) {
  std::map<std::string, std::string> texts;
  texts["/etc/apache2/apache2.conf"] = std::string(fix502::fuzz::take(input, '\0'));
  for (int i = 0; i < 4 && !input.empty(); ++i)
    texts["/etc/apache2/conf.d/" + std::to_string(i) + ".conf"] = std::string(fix502::fuzz::take(input, '\0'));
  fix502::test::MapFiles files(std::move(texts));
  fix502::ReadRequest request;
  request.config = "/etc/apache2/apache2.conf", request.prefix = "/etc/apache2", request.version = "2.4.71";
  request.environment = {{"APACHE_RUN_DIR", "/run/apache2"}};
  const auto configuration = fix502::find_gateway_kind("apache")->read(request, files);
  fix502::fuzz::promise(configuration.has_value());
  fix502::Incoming incoming;
  incoming.host = "shop.example", incoming.target = "/a/b%20c/x.php?d=1";
  incoming.headers = {{"User-Agent", "ua"}, {"Upgrade", "websocket"}, {"Connection", "Upgrade"}};
  fix502::fuzz::judge(**configuration, incoming);
}
