#pragma once

#include <array>
#include <string>
#include <vector>

#include "net/answer_reader.hpp"
#include "net/curl_handles.hpp"
#include "net/ending.hpp"
#include "net/net.hpp"
#include "net/tls_watch.hpp"
#include "target/target.hpp"

namespace fix502 {

/// A proxy's URL taken apart.
struct ProxyAddress {
  std::string host;
  std::uint16_t port = 0;
  std::string user, password;
};
[[nodiscard]] Result<ProxyAddress> parse_proxy(const std::string& url);

/// One request as curl is to make it, and what came of it. curl keeps pointers into it, so it stays where it is.
class Transfer {
 public:
  /// `tls` and `trust` outlive the connection that may be made.
  Transfer(HttpRequest request, TlsWatch& tls, X509_STORE* trust);
  Transfer(const Transfer&) = delete;
  Transfer& operator=(const Transfer&) = delete;

  /// Tells curl all of it. What cannot even be tried is an outcome already: a name without an address.
  [[nodiscard]] EndingOutcome prepare(const std::vector<std::string>& cookies);
  /// No connection that is there already may be used.
  void require_fresh_connection();
  /// Called before curl sees to a socket: notes the peer, its end, and the first bytes of what may not be HTTP.
  void look_at(int socket, bool ended);
  [[nodiscard]] HttpExchange conclude(CURLcode code) const;
  /// To whom the request says.
  void show() const;
  [[nodiscard]] std::string take_raw_body() { return reader_.take_raw_body(); }

  [[nodiscard]] CURL* easy() const { return easy_.get(); }
  [[nodiscard]] const HttpRequest& request() const { return request_; }
  /// What kept us from asking at all.
  [[nodiscard]] const std::string& wrong() const { return wrong_; }
  /// Whether a connection of an earlier request carried this one.
  [[nodiscard]] bool reused() const { return reused_; }
  [[nodiscard]] std::vector<std::string> cookies() const;

 private:
  static std::size_t on_header(char* data, std::size_t size, std::size_t count, void* self);
  static std::size_t on_body(char* data, std::size_t size, std::size_t count, void* self);
  static int on_request(void* self, char* address, char* local, int port, int local_port);
  static curl_socket_t on_open(void* self, curlsocktype purpose, curl_sockaddr* address);
  static int on_opened(void* self, curl_socket_t socket, curlsocktype purpose);
  static int on_words(CURL* easy, curl_infotype type, char* data, std::size_t size, void* self);
  static CURLcode on_tls(CURL* easy, void* context, void* self);

  void set_limits();
  void set_callbacks();
  void set_request();
  void set_headers();
  void set_tls();
  void set_cookies(const std::vector<std::string>& cookies);
  [[nodiscard]] EndingOutcome set_way();
  void pin(const std::string& host, std::uint16_t port, const std::vector<std::string>& addresses);
  void note_byte();
  [[nodiscard]] Ending ending(CURLcode code) const;
  [[nodiscard]] std::string detail(const Ending& ending, const EndingOutcome& outcome) const;
  void fill_way(HttpExchange& exchange, const Ending& ending) const;
  void fill_times(HttpExchange& exchange, const Ending& ending) const;

  HttpRequest request_;
  Target target_;
  TlsWatch& tls_;
  X509_STORE* trust_;
  AnswerReader reader_;
  CurlStrings headers_, pinned_, way_;
  std::array<char, CURL_ERROR_SIZE> words_{};
  std::string wrong_, peeked_;
  bool requested_ = false;
  bool reused_ = false;
  bool refused_ = false;  // by one of several addresses
  bool ended_ = false;    // by the peer
  bool reset_ = false;    // by the peer, seen while looking
  int retries_ = 0;
  std::string peer_;  // address
  std::uint16_t peer_port_ = 0;
  using Moment = std::optional<std::chrono::steady_clock::time_point>;
  Moment opened_at_, connected_at_, requested_at_, first_byte_at_, last_byte_at_;
  Curl easy_;  // last: curl is done with all of the above before they go
};

}  // namespace fix502
