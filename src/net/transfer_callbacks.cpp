// What curl asks and tells while a Transfer is under way.

#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>

#include <cerrno>
#include <cstring>

#include "net/transfer.hpp"

namespace fix502 {

void Transfer::note_byte() {
  last_byte_at_ = std::chrono::steady_clock::now();
  if (!first_byte_at_) first_byte_at_ = last_byte_at_;
}

int Transfer::on_words(CURL*, curl_infotype type, char* data, std::size_t size, void* self) {
  const std::string_view words(data, size);
  if (type == CURLINFO_TEXT && words.starts_with("connect to ") && words.contains(std::strerror(ECONNREFUSED)))
    static_cast<Transfer*>(self)->refused_ = true;
  return 0;
}

std::size_t Transfer::on_header(char* data, std::size_t size, std::size_t count, void* self) {
  auto& transfer = *static_cast<Transfer*>(self);
  transfer.note_byte();
  return transfer.reader_.take_header({data, size * count}) ? size * count : 0;
}

std::size_t Transfer::on_body(char* data, std::size_t size, std::size_t count, void* self) {
  auto& transfer = *static_cast<Transfer*>(self);
  transfer.note_byte();
  return transfer.reader_.take_body({data, size * count}) ? size * count : 0;
}

int Transfer::on_request(void* self, char*, char*, int, int) {
  auto& transfer = *static_cast<Transfer*>(self);
  if (!transfer.requested_) {
    long made = 0;
    curl_easy_getinfo(transfer.easy(), CURLINFO_NUM_CONNECTS, &made);
    transfer.reused_ = made == 0;
  }
  transfer.requested_ = true;
  transfer.requested_at_ = std::chrono::steady_clock::now();
  transfer.first_byte_at_.reset();
  transfer.reader_.start_again();  // what came before was the proxy's answer to CONNECT
  return CURL_PREREQFUNC_OK;
}

curl_socket_t Transfer::on_open(void* self, curlsocktype, curl_sockaddr* address) {
  auto& transfer = *static_cast<Transfer*>(self);
  // A second connection after the request was sent is curl asking again behind our back, after a kept connection broke:
  // that is the very thing to be seen. Browsers too repeat what HTTP/2 says was not processed (RFC 9113 8.7).
  const bool refused_stream = transfer.tls_.http2 && !transfer.reused();
  if (transfer.requested_ && (!refused_stream || transfer.retries_++ > 0)) return CURL_SOCKET_BAD;
  if (!transfer.requested_) transfer.tls_ = TlsWatch{};  // what it knew was of the connection before
  if (!transfer.opened_at_) transfer.opened_at_ = std::chrono::steady_clock::now();
  return socket(address->family, address->socktype | SOCK_CLOEXEC, address->protocol);
}

int Transfer::on_opened(void* self, curl_socket_t socket, curlsocktype) {
  const int size = static_cast<Transfer*>(self)->request_.max_segment;
  if (size > 0) setsockopt(socket, IPPROTO_TCP, TCP_MAXSEG, &size, sizeof size);
  return CURL_SOCKOPT_OK;
}

CURLcode Transfer::on_tls(CURL*, void* context, void* self) {
  auto& transfer = *static_cast<Transfer*>(self);
  const HttpRequest& request = transfer.request_;
  TlsOrder order{.host = transfer.target_.host,
                 .sni = request.sni,
                 .verify = request.verify_certificate,
                 .old_versions = request.client.tls == ClientProfile::Tls::any,
                 .only_http2 = request.client.http == ClientProfile::Http::http2};
  const bool ready = transfer.tls_.prepare(static_cast<SSL_CTX*>(context), std::move(order), transfer.trust_);
  return ready ? CURLE_OK : CURLE_SSL_CONNECT_ERROR;
}

}  // namespace fix502
