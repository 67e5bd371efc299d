#include <fmt/format.h>

#include <algorithm>
#include <map>

#include "base/text.hpp"
#include "gateway/gateways/nginx/model.hpp"
#include "gateway/gateways/nginx/values.hpp"
#include "target/target.hpp"

namespace fix502::nginx {
namespace {

void read_words(const Directive& at, Listen& listen) {
  for (std::size_t i = 1; i < at.args(); ++i) {
    const auto& word = at.arg(i);
    if (word == "default_server" || word == "default") listen.is_default = true;
    if (word == "ssl" || word == "quic") listen.tls = true;
    if (word == "proxy_protocol") listen.proxy_protocol = true;
    if (word == "ipv6only=off") listen.both_families = true;
  }
}

void put_address(Listen& listen, std::string_view host) {
  if (host.starts_with('[') && host.ends_with(']')) host = host.substr(1, host.size() - 2);
  listen.address = host.empty() || host == "*" ? "0.0.0.0" : lower(host);
}

/// One `listen`: several addresses where it names a range of ports (since 1.15.10).
std::vector<Listen> read_listen(const Directive& at, std::vector<Problem>& problems) {
  Listen listen{.at = &at};
  read_words(at, listen);
  const auto& where = at.arg(0);
  if (where.starts_with("unix:")) {
    listen.socket = where.substr(5);
    return {listen};
  }
  const auto url = parse_url(where);
  auto ports =
      where.find_first_not_of("0123456789-") == std::string::npos ? std::string_view(where) : std::string_view();
  if (ports.empty()) {
    put_address(listen, url.host);
    ports = url.port_text;
  } else {
    listen.address = "0.0.0.0";
  }
  const auto dash = ports.find('-');
  const auto first = ports.empty() ? std::optional<std::int64_t>(80) : parse_count(ports.substr(0, dash));
  const auto last = dash == std::string_view::npos ? first : parse_count(ports.substr(dash + 1));
  if (!first || !last || *first < 1 || *last > 65535 || *first > *last) {
    add_problem(problems, true,
                fmt::format("invalid port in \"{}\" of the \"listen\" directive", printable(where, 100)), at.place);
    return {};
  }
  std::vector<Listen> all;
  for (auto port = *first; port <= *last && all.size() < 1000; ++port) {
    listen.port = static_cast<std::uint16_t>(port);
    all.push_back(listen);
  }
  return all;
}

void read_listens(Server& server, std::vector<Problem>& problems) {
  for (const auto* at : server.block().all_own("listen"))
    for (auto& listen : read_listen(*at, problems)) server.listens.push_back(std::move(listen));
  if (server.block().own("listen") == nullptr) server.listens.push_back({.address = "0.0.0.0", .port = 80});
  // `ssl on`, which 1.25.1 took away.
  const auto* ssl = effective(server.block(), "ssl");
  if (ssl != nullptr && equals_ignoring_case(ssl->arg(0), "on"))
    for (auto& listen : server.listens) listen.tls = true;
}

void warn_of_name(const ServerName& name, const Address& address, const Directive& server,
                  std::vector<Problem>& problems) {
  add_problem(problems, false,
              fmt::format("conflicting server name \"{}\" on {}:{}, ignored", printable(name.text, 200),
                          address.address, address.port),
              server.place);
}

void add_names(Address& address, const Server& server, std::vector<Problem>& problems) {
  for (const auto& name : server.names) {
    const auto& text = name.text;
    bool fresh = true;
    if (name.pattern != nullptr) {
      address.patterns.emplace_back(&name, &server);
    } else if (text.starts_with("*.")) {
      fresh = address.head.emplace(text.substr(1), &server).second;
    } else if (text.starts_with('.')) {
      fresh = address.exact.emplace(text.substr(1), &server).second;
      fresh = address.head.emplace(text, &server).second && fresh;
    } else if (text.ends_with(".*")) {
      fresh = address.tail.emplace(text.substr(0, text.size() - 1), &server).second;
    } else {
      fresh = address.exact.emplace(text, &server).second;
    }
    if (!fresh && !text.empty()) warn_of_name(name, address, *server.at, problems);
  }
  // A server without a name answers to the empty one.
  if (server.names.empty()) address.exact.emplace("", &server);
}

void need_certificate(const Server& server, const Listen& listen, std::vector<Problem>& problems) {
  const bool rejects = effective(server.block(), "ssl_reject_handshake") != nullptr;
  if (!listen.tls || rejects || effective(server.block(), "ssl_certificate") != nullptr || listen.at == nullptr) return;
  add_problem(problems, true, "no \"ssl_certificate\" is defined for the \"listen ... ssl\" directive",
              listen.at->place);
}

}  // namespace

void read_addresses(Model& model, std::vector<Problem>& problems) {
  std::map<std::pair<std::string, std::uint16_t>, std::size_t> known;
  for (const auto& server : model.servers) {
    read_listens(*server, problems);
    for (const auto& listen : server->listens) {
      if (!listen.socket.empty()) continue;
      const auto [at, fresh] = known.try_emplace({listen.address, listen.port}, model.addresses.size());
      if (fresh) model.addresses.push_back({.address = listen.address, .port = listen.port});
      auto& address = model.addresses[at->second];
      if (!address.servers.empty() && address.servers.back().first == server.get()) {
        if (listen.at != nullptr)
          add_problem(problems, true,
                      fmt::format("a duplicate listen {}:{}", printable(listen.address, 100), listen.port),
                      listen.at->place);
        continue;
      }
      address.tls = address.tls || listen.tls;
      address.proxy_protocol = address.proxy_protocol || listen.proxy_protocol;
      address.both_families = address.both_families || listen.both_families;
      if (listen.is_default && address.fallback != nullptr && listen.at != nullptr)
        add_problem(problems, true, fmt::format("a duplicate default server for {}:{}", listen.address, listen.port),
                    listen.at->place);
      if (listen.is_default && address.fallback == nullptr) address.fallback = server.get();
      address.servers.emplace_back(server.get(), &listen);
      add_names(address, *server, problems);
      need_certificate(*server, listen, problems);
    }
  }
  // One `ssl` makes the whole socket speak TLS.
  for (const auto& server : model.servers)
    for (auto& listen : server->listens)
      if (const auto at = known.find({listen.address, listen.port}); at != known.end())
        listen.tls = model.addresses[at->second].tls;
  for (auto& address : model.addresses)
    if (address.fallback == nullptr) address.fallback = address.servers.front().first;
}

}  // namespace fix502::nginx
