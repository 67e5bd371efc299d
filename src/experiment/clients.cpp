#include "experiment/clients.hpp"

namespace fix502 {
namespace {

constexpr std::string_view kPlainAgent = "curl/8.14.1";

}  // namespace

ClientProfile browser_client() {
  // As Chromium 156 on Linux sends them for a page that was typed in.
  return {
      .id = "browser",
      .user_agent =
          "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/156.0.0.0 Safari/537.36",
      .headers = {{"Accept",
                   "text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,image/webp,image/apng,*/*;q=0.8"},
                  {"Accept-Language", "en-US,en;q=0.9"},
                  {"Upgrade-Insecure-Requests", "1"},
                  {"Sec-Fetch-Site", "none"},
                  {"Sec-Fetch-Mode", "navigate"},
                  {"Sec-Fetch-User", "?1"},
                  {"Sec-Fetch-Dest", "document"}},
      .accept_encoding = "gzip, deflate, br, zstd",
  };
}

ClientVariant plain_client() {
  ClientProfile plain;
  plain.id = "plain";
  plain.user_agent = kPlainAgent;
  plain.headers = {{"Accept", "*/*"}};
  plain.http = ClientProfile::Http::http1_1;
  return {"everything", "a plain script", plain, false};
}

std::vector<ClientVariant> client_variants() {
  ClientProfile older = browser_client();
  older.id = "browser-http1.1";
  older.http = ClientProfile::Http::http1_1;
  ClientProfile tls12 = browser_client();
  tls12.id = "browser-tls1.2";
  tls12.tls = ClientProfile::Tls::only_1_2;
  ClientProfile identity = browser_client();
  identity.id = "browser-identity";
  identity.accept_encoding.clear();
  ClientProfile agent = browser_client();
  agent.id = "browser-agent";
  agent.user_agent = kPlainAgent;
  return {
      {"http-version", "HTTP/1.1", older, true},
      {"tls-version", "TLS 1.2", tls12, true},
      {"encoding", "no compression", identity, false},
      {"user-agent", kPlainAgent, agent, false},
  };
}

}  // namespace fix502
