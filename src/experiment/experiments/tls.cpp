// Where the TLS greeting fails: is it the certificate, the name, the version, or no TLS at all?

#include "experiment/run.hpp"

namespace fix502 {
namespace {

HttpRequest base(const Run& run) {
  HttpRequest request = run.page();
  request.url = run.site.url;
  request.addresses = run.site_addresses;
  request.method = "GET";
  request.data.clear();
  return request;
}

HttpRequest in_scheme(const Run& run, std::string_view scheme) {
  HttpRequest request = base(run);
  request.url = std::string(scheme) + "://" + run.site.url.substr(run.site.url.find("://") + 3);
  request.connect_port = run.site.port;
  request.verify_certificate = false;
  leave_out_secrets(request);
  return request;
}

bool answers_plain_to_tls(const HttpExchange& http) {
  // A TLS record begins with 15 (alert) or 16 (handshake), then 03: RFC 8446 5.1.
  return http.failure == Failure::not_http &&
         (http.first_bytes.starts_with("15 03") || http.first_bytes.starts_with("16 03"));
}

Task<void> greet(Run& run) {
  co_await run.visited.wait();
  if (run.baseline == nullptr || run.baseline_works) co_return;
  const auto* http = run.baseline->as<HttpExchange>();
  std::vector<Task<void>> tasks;
  if (is_certificate(http->failure)) {
    HttpRequest trusting = base(run);
    trusting.verify_certificate = false;
    leave_out_secrets(trusting);
    tasks.push_back(run.send("tls", {{"certificate", "not checked"}}, std::move(trusting)));
  } else if (is_tls(http->failure)) {
    HttpRequest other_name = base(run);
    other_name.sni = kNeutralName;
    other_name.verify_certificate = false;
    leave_out_secrets(other_name);
    tasks.push_back(run.send("tls", {{"sni", std::string(kNeutralName)}}, std::move(other_name)));
    tasks.push_back(run.send("tls", {{"scheme", "http"}}, in_scheme(run, "http")));
  }
  if (run.site.scheme == "http" && (answers_plain_to_tls(*http) || http->failure == Failure::closed_early ||
                                    http->failure == Failure::reset || http->status == 400))
    tasks.push_back(run.send("tls", {{"scheme", "https"}}, in_scheme(run, "https")));
  co_await all(std::move(tasks));
}

}  // namespace

extern const Experiment tls_experiment{"tls", Stage::failing, "looking at the TLS greeting", greet};

}  // namespace fix502
