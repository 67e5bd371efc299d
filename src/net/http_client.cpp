#include "net/http_client.hpp"

#include <algorithm>

#include "base/text.hpp"
#include "net/curl_loop.hpp"
#include "net/redaction.hpp"
#include "net/transfer.hpp"

namespace fix502 {

/// A way to make connections: curl's handle, what is known of the connection kept in it, and who watches its TLS.
class Channel {
 public:
  explicit Channel(std::unique_ptr<CurlLoop> curl) : loop(std::move(curl)) {}

  TlsWatch tls;  // before the loop: kept connections point to it
  std::unique_ptr<CurlLoop> loop;
  std::string address;  // the kept connection's peer
  int requests = 0;     // made on it
};

namespace {

constexpr std::size_t kMostSpare = 16;

void start_curl() {
  static const CURLcode started = curl_global_init(CURL_GLOBAL_DEFAULT);
  static_cast<void>(started);
}

/// The exchange that could not even begin.
HttpExchange not_begun(const HttpRequest& request, EndingOutcome outcome, std::string_view why) {
  HttpExchange exchange;
  exchange.url = request.url;
  exchange.method = request.method;
  exchange.client = request.client.id;
  exchange.proxy = printable(without_credentials(request.proxy), 300);
  exchange.failure = outcome.failure;
  exchange.reached = outcome.reached;
  exchange.detail = printable(why, 300);
  return exchange;
}

bool is_pinned(const HttpRequest& request, const std::string& address) {
  const auto& pinned = request.proxy.empty() ? request.addresses : request.proxy_addresses;
  return pinned.empty() || std::ranges::find(pinned, address) != pinned.end();
}

void count(Channel& channel, const Transfer& transfer, HttpExchange& exchange) {
  channel.requests = transfer.reused() ? channel.requests + 1 : 1;
  channel.address = exchange.address;
  exchange.request_on_connection = channel.requests;
}

}  // namespace

HttpClient::HttpClient(boost::asio::any_io_executor executor) : executor_(std::move(executor)) {
  start_curl();
}

HttpClient::~HttpClient() = default;

Result<std::unique_ptr<Channel>> HttpClient::channel_for(int session) {
  if (auto kept = session == 0 ? decltype(kept_)::node_type{} : kept_.extract(session)) return std::move(kept.mapped());
  if (session == 0 && !spare_.empty()) {
    auto channel = std::make_unique<Channel>(std::move(spare_.back()));
    spare_.pop_back();
    return channel;
  }
  auto loop = CurlLoop::open(executor_);
  if (!loop) return std::unexpected(loop.error());
  return std::make_unique<Channel>(std::move(*loop));
}

Task<HttpExchange> HttpClient::exchange(HttpRequest request) {
  RawAnswer fetched = co_await fetch(std::move(request));
  co_return std::move(fetched.exchange);
}

Task<RawAnswer> HttpClient::fetch(HttpRequest request) {
  const int session = request.session;
  const int jar = request.cookie_jar;
  if (!trust_ && request.url.starts_with("https:")) trust_ = system_trust();
  // The channel belongs to this frame meanwhile: dropping the coroutine drops the connection too.
  auto channel = channel_for(session);
  if (!channel) {
    RawAnswer nothing;
    nothing.exchange = not_begun(request, {Failure::other, Phase::resolve, ""}, channel.error().message());
    co_return nothing;
  }
  Channel& way = **channel;
  const bool elsewhere = !way.address.empty() && !is_pinned(request, way.address);
  RawAnswer fetched;
  {
    Transfer transfer(std::move(request), way.tls, trust_.get());
    const std::vector<std::string> stored = jar == 0 ? std::vector<std::string>{} : cookies_[jar];
    const EndingOutcome ready = transfer.prepare(stored);
    if (ready.failure != Failure::none) {
      fetched.exchange = not_begun(transfer.request(), ready, transfer.wrong());
      co_return fetched;
    }
    if (elsewhere) transfer.require_fresh_connection();
    Look look = [&transfer](int socket, bool ended) { transfer.look_at(socket, ended); };
    const CURLcode code = co_await way.loop->run(transfer.easy(), std::move(look));
    fetched.exchange = transfer.conclude(code);
    transfer.show();
    fetched.body = transfer.take_raw_body();
    count(way, transfer, fetched.exchange);
    if (jar != 0) cookies_[jar] = transfer.cookies();
  }
  if (session != 0)
    kept_[session] = std::move(*channel);
  else if (spare_.size() < kMostSpare)
    spare_.push_back(std::move(way.loop));
  co_return fetched;
}

}  // namespace fix502
