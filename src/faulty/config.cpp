#include "faulty/config.hpp"

#include <boost/asio/ip/address.hpp>

#include "faulty/reader.hpp"

namespace fix502::faulty {
namespace {

void read_tcp(Reader& reader, TcpListener& into) {
  static constexpr std::pair<std::string_view, const char*> kWords[] = {
      {"silent", "silent"}, {"close", "close"}, {"reset", "reset"}, {"banner", "banner"}, {"no_accept", "no_accept"}};
  const char* what = "silent";
  reader.word<const char*>("do", what, kWords);
  into.what = what;
  reader.bytes("bytes", into.bytes);
  reader.word<Ending>("then", into.then, kEndings);
  reader.read("wait_for_input", into.wait_for_input);
}

void read_dns(Reader& reader, DnsListener& into) {
  into.data = read_data_name(reader);
  reader.read("transports", into.transports);
  for (const auto& transport : into.transports)
    if (transport != "udp" && transport != "tcp") reader.wrong("a transport is udp or tcp", "transports");
}

void read_door(Reader& reader, Listener& into, std::string& protocol) {
  reader.read("protocol", protocol);
  reader.read("address", into.address);
  reader.read("port", into.port);
  into.name = protocol + ":" + into.address + ":" + std::to_string(into.port);
  reader.read("name", into.name);
  boost::system::error_code bad;
  boost::asio::ip::make_address(into.address, bad);
  if (bad) reader.wrong("not an IP address", "address");
}

void read_listener(Reader& reader, Listener& into) {
  std::string protocol;
  read_door(reader, into, protocol);
  reader.object("tls", [&](Reader& tls) { read_tls(tls, into.tls.emplace()); });
  reader.object("mtu_black_hole",
                [&](Reader& hole) { hole.read("max_segment", into.mtu_black_hole.emplace().max_segment); });
  if (protocol == "http") {
    read_http(reader, into.serves.emplace<HttpListener>());
  } else if (protocol == "dns") {
    read_dns(reader, into.serves.emplace<DnsListener>());
  } else if (protocol == "tcp") {
    read_tcp(reader, into.serves.emplace<TcpListener>());
  } else {
    reader.wrong("protocol is http, dns or tcp", "protocol");
  }
}

void read_shared_data(Reader& reader, Reading& reading) {
  const auto* shared = reader.find("data");
  if (!shared) return;
  if (!shared->is_object()) return reader.wrong("not an object", "data");
  for (const auto& [name, value] : shared->items()) {
    Reader data(reading, value, "data." + name);
    read_dns_data(data, reading.data[name]);
  }
}

void check_data_names(Reading& reading, const Config& config) {
  const auto check = [&](const std::string& name, const std::string& where) {
    if (!reading.data.contains(name)) reading.wrong("no DNS data \"" + name + "\"", where);
  };
  for (const Listener& listener : config.listeners) {
    if (const auto* dns = std::get_if<DnsListener>(&listener.serves)) check(dns->data, listener.name);
    if (const auto* http = std::get_if<HttpListener>(&listener.serves))
      for (const Route& route : http->routes)
        if (route.answer.kind == "doh") check(route.data, listener.name);
  }
}

}  // namespace

void read_selection(Reader& reader, Selection& into) {
  reader.read("every", into.every);
  reader.read("offset", into.offset);
  if (into.every == 0) reader.wrong("every counts from 1", "every");
  reader.read("first_requests", into.first_requests);
  reader.read("skip_requests", into.skip_requests);
  reader.read("from_ms", into.from);
  reader.read("until_ms", into.until);
  reader.read("client_address", into.client_address);
}

std::string read_data_name(Reader& reader) {
  const auto* value = reader.find("data");
  if (!value) {
    reader.wrong("\"data\" is missing");
    return {};
  }
  if (value->is_string()) return value->get<std::string>();
  const std::string name = reader.at("data");
  reader.object("data", [&](Reader& data) { read_dns_data(data, data.reading().data[name]); });
  return name;
}

Result<Config> parse_config(const nlohmann::json& json, const std::filesystem::path& folder) {
  Reading reading{.folder = folder, .error = std::nullopt};
  Config config;
  {
    Reader reader(reading, json, "");
    reader.read("log", config.log);
    if (!config.log.empty()) config.log = (folder / config.log).string();
    read_shared_data(reader, reading);
    if (!reader.find("listeners")) reader.wrong("\"listeners\" is missing");
    reader.objects("listeners", [&](Reader& listener) { read_listener(listener, config.listeners.emplace_back()); });
  }
  if (!reading.error) check_data_names(reading, config);
  if (reading.error) return std::unexpected(*reading.error);
  config.data = std::move(reading.data);
  return config;
}

}  // namespace fix502::faulty
