#pragma once

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <map>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "base/result.hpp"

// What the fault servers are told. `lab/faultd.md` is the reference of the JSON; each struct here is one object of it,
// and a member is named like its key.
namespace fix502::faulty {

using std::chrono::milliseconds;
using Headers = std::vector<std::pair<std::string, std::string>>;

/// What becomes of a connection after an answer.
enum class Ending { keep, close, reset, stall };

/// A path that loses packets of more than this, for clients that negotiated a larger segment.
struct MtuBlackHole {
  std::size_t max_segment = 1200;  // bytes
};

/// A key pair, as PEM text.
struct Identity {
  std::string certificate;
  std::string key;
};

/// How a TLS greeting goes wrong.
struct Greeting {
  enum class Do { proceed, close, reset, silent, alert, plain };
  enum class After { hello, connect, flight };
  std::vector<std::string> sni;
  std::vector<std::string> not_sni;
  bool no_sni = false;
  Do what = Do::close;
  After after = After::hello;
  int alert = 40;
  std::string bytes;
};

/// A certificate for some names only.
struct NamedIdentity {
  std::vector<std::string> sni;
  Identity identity;
};

struct Tls {
  Identity identity;
  std::vector<NamedIdentity> names;
  std::string min_version = "1.2";
  std::string max_version = "1.3";
  std::string ciphers;
  std::vector<std::string> alpn = {"http/1.1"};
  bool no_alpn_match_is_alert = false;
  std::string client_ca;  // PEM
  std::vector<Greeting> greetings;
};

/// Which of the requests that fit otherwise: by number, time and peer.
struct Selection {
  std::size_t every = 1;
  std::size_t offset = 0;
  std::optional<std::size_t> first_requests;
  std::size_t skip_requests = 0;
  milliseconds from{};
  std::optional<milliseconds> until;
  std::vector<std::string> client_address;
};

struct HeaderClaim {
  std::string name;
  std::optional<std::string> contains;
  std::optional<std::string> is;
};

struct Match {
  std::vector<std::string> host, path, path_prefix, method, version, local_address, sni, tls_version;
  std::optional<std::string> query_contains;
  std::vector<HeaderClaim> header, no_header;
  std::optional<std::size_t> min_head_bytes, max_head_bytes, min_body_bytes, min_cookie_bytes, min_target_bytes;
  std::optional<bool> proxy_form;
  std::optional<bool> first_on_connection;
  std::optional<milliseconds> after_pause;
  Selection selection;
};

/// DNS data: records, and the rules that bend them.
struct DnsRule {
  std::vector<std::string> name, type, transport;
  Selection selection;
  milliseconds delay{};
  std::string what = "answer";
  std::optional<std::vector<std::string>> records;
  std::vector<std::string> addresses;
  std::optional<std::uint32_t> ttl;  // seconds
  std::string bytes;
  std::optional<bool> aa, ra, ad;
  std::optional<std::uint16_t> ede;
  std::string ede_text;
};

struct DnsData {
  bool authoritative = false;
  std::vector<std::string> zones;
  std::vector<std::string> records;
  std::vector<DnsRule> rules;
  std::string unknown = "nxdomain";
  std::optional<std::uint32_t> cached_since;  // seconds
  std::optional<bool> aa, ra, ad;
  milliseconds delay{};
};

enum class Framing { length, chunked, close, none };

/// Only a part of an answer is sent.
struct Cut {
  bool in_body = true;
  std::size_t after = 0;  // bytes
  Ending then = Ending::close;
};

/// One answer to an HTTP request.
struct Answer {
  std::string kind = "response";
  milliseconds delay{};
  bool read_body = true;

  int status = 200;
  std::optional<std::string> reason;
  std::string version = "HTTP/1.1";
  Headers headers;
  std::string body;
  std::size_t body_repeat = 1;
  std::string type = "text/html; charset=utf-8";
  std::string retry_after, etag, last_modified;
  bool gzip = false;
  bool fill = false;
  Framing framing = Framing::length;
  std::optional<std::int64_t> announce;
  std::size_t chunk_bytes = 1024;
  std::size_t bad_chunk = 0;
  std::string bad_size = "zz";
  bool chunk_end = true;
  bool keep_alive = true;
  bool close_after = false;
  std::optional<Cut> cut;
  milliseconds drip{};
  std::size_t drip_bytes = 1;
  std::vector<std::string> interim;

  std::string bytes, which, to;
  Ending then = Ending::close;
  std::size_t field_bytes = 0;
  std::uint64_t limit_bytes = 0;
  std::size_t count = 2000;
  std::size_t times = 3;
  std::size_t megabytes = 1024;
  milliseconds pause{};
};

struct Proxy {
  std::map<std::string, std::string> resolve;
  milliseconds connect_timeout{3000};
  std::optional<Answer> failed;
  Ending after_connect = Ending::keep;
};

struct OriginTls {
  bool verify = false;
  std::string ca;  // PEM
  std::optional<std::string> sni;
  std::string min_version = "1.0";
  std::string max_version = "1.3";
};

struct EdgeCache {
  std::chrono::seconds lifetime{60};
  std::vector<int> statuses;
  bool ignore_query = false;
  bool obey_request = false;
  Headers hit, miss;
};

struct StatusPage {
  int from = 0;
  int to = 0;
  Answer answer;
};

struct Edge {
  std::vector<std::string> origin;
  std::optional<OriginTls> tls;
  std::optional<std::string> host;
  std::string path_prefix, from;
  milliseconds connect_timeout{3000};
  milliseconds read_timeout{5000};
  std::vector<std::string> remove;
  Headers headers, request_headers;
  std::optional<EdgeCache> cache;
  std::string errors_like = "nginx";
  std::map<std::string, Answer> errors;
  std::vector<StatusPage> replace;
};

struct Route {
  std::string name;
  Match match;
  Answer answer;
  std::optional<Proxy> proxy;
  std::optional<Edge> edge;
  std::string data;  // for doh: a name in Config::data
};

struct HttpListener {
  std::vector<Route> routes;
  bool keep_alive = true;
  std::optional<milliseconds> idle;
  std::optional<std::size_t> max_requests;
  std::size_t max_head_bytes = 1 << 20;
  Answer head_too_large;
};

struct DnsListener {
  std::string data;  // a name in Config::data
  std::vector<std::string> transports = {"udp", "tcp"};
};

struct TcpListener {
  std::string what = "silent";
  std::string bytes;
  Ending then = Ending::stall;
  bool wait_for_input = false;
};

/// One door.
struct Listener {
  std::string name, address;
  std::uint16_t port = 0;
  std::optional<Tls> tls;
  std::optional<MtuBlackHole> mtu_black_hole;
  std::variant<HttpListener, DnsListener, TcpListener> serves;
};

/// Everything that one run serves.
struct Config {
  std::string log;  // a file, or empty
  std::map<std::string, DnsData> data;
  std::vector<Listener> listeners;
};

/// Reads a configuration; relative file names in it are relative to `folder`.
[[nodiscard]] Result<Config> parse_config(const nlohmann::json& json, const std::filesystem::path& folder = {});

/// A key pair that nobody vouches for but itself; days count from now.
[[nodiscard]] Result<Identity> make_identity(const std::vector<std::string>& names, int from_days, int until_days);

}  // namespace fix502::faulty
