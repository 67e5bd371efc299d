#pragma once

// What the four gateways' configurations come down to: for a request, the way it takes, where it is sent, how, and
// within which limits. A fifth gateway is one more folder that fills this.

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "gateway/setting.hpp"

namespace fix502 {

/// Name and value, in the order in which they are sent.
struct NameValue {
  std::string name, value;

  bool operator==(const NameValue&) const = default;
  static constexpr void fields(auto&& field) {
    field("name", &NameValue::name);
    field("value", &NameValue::value);
  }
};

/// The request of a visitor, as it arrives at the gateway.
struct Incoming {
  std::string scheme = "http";  ///< "http", "https"
  std::string host;             ///< of the Host field, in lower case, no port
  std::uint16_t port = 80;      ///< where the visitor connects to
  std::string address;          ///< the gateway's own address that he connects to, where known: chooses among listeners
  std::string target = "/";     ///< path and query, as sent
  std::string method = "GET";
  std::vector<NameValue> headers;  ///< beside Host, as a browser sends them
  std::string http_version = "1.1";

  bool operator==(const Incoming&) const = default;
};

/// One place that a request may be sent to.
struct UpstreamServer {
  std::string name;  ///< in the gateway's own words: HAProxy's "b/s1", else as written: "127.0.0.1:8000"
  std::string host;  ///< name or address, no brackets; empty for a socket
  std::uint16_t port = 0;
  std::string socket;  ///< path of a Unix socket; empty: TCP
  int weight = 1;
  bool backup = false;
  bool disabled = false;              ///< taken out by the configuration
  bool resolved_once = false;         ///< the host is a name, and looked up at the start (or reload) only
  bool resolved_by_host_file = true;  ///< getaddrinfo is asked; false: a resolver of the gateway's own, `resolver`
  std::string resolver;               ///< "127.0.0.53:53", where the gateway asks one by itself
  ConfigPlace place;                  ///< of the words that name it

  [[nodiscard]] std::string endpoint() const;  ///< "127.0.0.1:8000", "[::1]:80", "unix:/run/app.sock"
  [[nodiscard]] bool is_name() const;          ///< `host` is neither an address nor empty
  bool operator==(const UpstreamServer&) const = default;
  static constexpr void fields(auto&& field) {
    field("name", &UpstreamServer::name);
    field("host", &UpstreamServer::host);
    field("port", &UpstreamServer::port);
    field("socket", &UpstreamServer::socket);
    field("weight", &UpstreamServer::weight);
    field("backup", &UpstreamServer::backup);
    field("disabled", &UpstreamServer::disabled);
    field("resolved_once", &UpstreamServer::resolved_once);
    field("resolved_by_host_file", &UpstreamServer::resolved_by_host_file);
    field("resolver", &UpstreamServer::resolver);
    field("place", &UpstreamServer::place);
  }
};

/// An active health check that the gateway makes.
struct HealthCheck {
  bool on = false;
  std::string method, path, host;  ///< empty path: it only connects
  std::string expect;              ///< "2xx,3xx" or as written
  std::uint16_t port = 0;          ///< 0: the server's
  ConfigPlace place;

  bool operator==(const HealthCheck&) const = default;
  static constexpr void fields(auto&& field) {
    field("on", &HealthCheck::on);
    field("method", &HealthCheck::method);
    field("path", &HealthCheck::path);
    field("host", &HealthCheck::host);
    field("expect", &HealthCheck::expect);
    field("port", &HealthCheck::port);
    field("place", &HealthCheck::place);
  }
};

/// How the gateway speaks TLS to an upstream.
struct UpstreamTls {
  bool on = false;
  bool verify = false;
  bool verify_name = false;      ///< the name in the certificate counts (Apache checks it even without `verify`)
  bool verify_dates = false;     ///< likewise
  std::string name;              ///< the name that the certificate must have; empty: the upstream's host
  std::string sni;               ///< the name that is sent; empty: none is sent
  std::string trusted_file;      ///< PEM file or folder of authorities; empty: the system's
  std::string certificate, key;  ///< the client's own, PEM files
  std::string min_version, max_version;  ///< "TLSv1.2"; empty: the library's
  std::string ciphers;                   ///< OpenSSL's words; empty: the library's
  std::vector<std::string> alpn;
  /// The certificate's DNS names and common name are compared, addresses in it are not (nginx, HAProxy, Apache; not
  /// Caddy).
  bool names_only = false;
  ConfigPlace place;  ///< of the directive that turned it on, or named the upstream

  bool operator==(const UpstreamTls&) const = default;
  static constexpr void fields(auto&& field) {
    field("on", &UpstreamTls::on);
    field("verify", &UpstreamTls::verify);
    field("verify_name", &UpstreamTls::verify_name);
    field("verify_dates", &UpstreamTls::verify_dates);
    field("name", &UpstreamTls::name);
    field("sni", &UpstreamTls::sni);
    field("trusted_file", &UpstreamTls::trusted_file);
    field("certificate", &UpstreamTls::certificate);
    field("key", &UpstreamTls::key);
    field("min_version", &UpstreamTls::min_version);
    field("max_version", &UpstreamTls::max_version);
    field("ciphers", &UpstreamTls::ciphers);
    field("alpn", &UpstreamTls::alpn);
    field("names_only", &UpstreamTls::names_only);
    field("place", &UpstreamTls::place);
  }
};

/// The request as the gateway sends it to the upstream.
struct UpstreamRequest {
  Protocol protocol = Protocol::http1_0;
  std::string method = "GET";
  std::string target = "/";        ///< the request line's (HTTP); empty for FastCGI and its kin
  std::vector<NameValue> headers;  ///< HTTP: all, in order, Host and Connection among them; names as they are sent
  std::vector<NameValue> params;   ///< FastCGI, uwsgi, SCGI: the variables, in order
  std::string body;
  bool keeps_connection = false;  ///< the gateway leaves the connection open for its next request
  int proxy_protocol = 0;         ///< 1, 2: the PROXY header is sent first; 0: none

  bool operator==(const UpstreamRequest&) const = default;
  static constexpr void fields(auto&& field) {
    field("protocol", &UpstreamRequest::protocol);
    field("method", &UpstreamRequest::method);
    field("target", &UpstreamRequest::target);
    field("headers", &UpstreamRequest::headers);
    field("params", &UpstreamRequest::params);
    field("body", &UpstreamRequest::body);
    field("keeps_connection", &UpstreamRequest::keeps_connection);
    field("proxy_protocol", &UpstreamRequest::proxy_protocol);
  }
};

/// What the gateway does with a request that it does not send on.
enum class RouteKind { proxied, answered, no_route };
[[nodiscard]] std::string_view to_word(RouteKind kind);
[[nodiscard]] bool from_word(std::string_view word, RouteKind& kind);

/// The way of one request through one gateway.
struct Route {
  RouteKind kind = RouteKind::no_route;
  Incoming
      incoming;  ///< the request that takes it, for `propose`; not among `fields`: the evidence records it by itself
  std::string
      answer;  ///< answered: in a few words what the gateway does: "return 301 https://...", "files below /var/www"
  std::string server;    ///< virtual host or frontend, in the gateway's words: "shop.example", "frontend web"
  std::string location;  ///< "location /api/", "use_backend api", "ProxyPass /api/"
  ConfigPlace place;     ///< of the directive that sends it on: proxy_pass, use_backend, ProxyPass, reverse_proxy
  std::vector<ConfigPlace> way;    ///< what was passed before: listener, server, location, rewrites; in order
  std::vector<std::string> notes;  ///< what could not be known from the file: "a variable $x that is set at run time"

  std::string upstream;  ///< the group's name, or the address as written: what log lines call it
  std::vector<UpstreamServer> servers;
  HealthCheck check;
  UpstreamTls tls;
  UpstreamRequest request;
  Limits limits;
  std::vector<Setting> settings;  ///< other settings that rules may want: the gateway's own words

  // Whether the configuration has these traits; rules ask for them by these words, no rule knows a directive.
  bool passes_upgrade = true;   ///< Upgrade and Connection reach the upstream
  bool asks_upgrade = false;    ///< the configuration means this route for WebSocket (its name, or other settings)
  bool stores_errors = false;   ///< its cache keeps error answers
  bool cached = false;          ///< its cache may answer this request
  std::string cache_folder;     ///< where its cache keeps them
  bool retries_unsafe = false;  ///< a POST may be sent twice
  bool pool_wanted = false;     ///< a pool is configured, whether or not these requests can use it
  bool pool = false;            ///< idle connections are kept and used again
  bool pool_retried = true;     ///< a GET that fails on a used connection is tried again, unseen
  Setting pool_from;            ///< what decides about the pool

  [[nodiscard]] const Limit* limit(LimitKind which) const;
  [[nodiscard]] const Setting* setting(std::string_view directive) const;
  bool operator==(const Route&) const = default;
  static constexpr void fields(auto&& field) {
    field("kind", &Route::kind);
    field("answer", &Route::answer);
    field("server", &Route::server);
    field("location", &Route::location);
    field("place", &Route::place);
    field("way", &Route::way);
    field("notes", &Route::notes);
    field("upstream", &Route::upstream);
    field("servers", &Route::servers);
    field("check", &Route::check);
    field("tls", &Route::tls);
    field("request", &Route::request);
    field("limits", &Route::limits);
    field("settings", &Route::settings);
    field("passes_upgrade", &Route::passes_upgrade);
    field("asks_upgrade", &Route::asks_upgrade);
    field("stores_errors", &Route::stores_errors);
    field("cached", &Route::cached);
    field("cache_folder", &Route::cache_folder);
    field("retries_unsafe", &Route::retries_unsafe);
    field("pool_wanted", &Route::pool_wanted);
    field("pool", &Route::pool);
    field("pool_retried", &Route::pool_retried);
    field("pool_from", &Route::pool_from);
  }
};

}  // namespace fix502
