#include <fmt/format.h>
#include <gtest/gtest.h>

#include "gateway/kind.hpp"
#include "gateway/map_files.hpp"

namespace fix502 {
namespace {

constexpr std::string_view kProposeConf = R"(events {
    worker_connections 64;
}
http {
    proxy_set_header Host $host;
    upstream back {
        server 127.0.0.1:9001 max_fails=2;
        server app.internal:9002 backup;
        keepalive 8;
    }
    proxy_cache_path /var/cache/nginx keys_zone=z:1m;
    server {
        listen 80;
        server_name a.test;
        location / {
            proxy_pass http://127.0.0.1:9001;
        }
        location /one/ { proxy_pass http://127.0.0.1:9001/x/; }
        location /back/ {
            proxy_http_version 1.1;
            proxy_set_header Connection "";
            proxy_read_timeout 5s;
            proxy_pass http://back;
        }
        location /name/ {
            proxy_pass http://app.internal:9001/app/;
        }
        location /tls/ {
            proxy_pass https://10.0.0.1;
        }
        location /cached/ {
            proxy_cache z;
            proxy_cache_valid any 1m;
            proxy_pass http://127.0.0.1:9001;
        }
        include common.conf;
        location ~ \.php$ {
            include fastcgi.conf;
            fastcgi_pass unix:/run/php.sock;
        }
    }
}
)";

std::unique_ptr<Configuration> read_texts(std::map<std::string, std::string> texts,
                                          const std::string& version = "1.22.1") {
  test::MapFiles files(std::move(texts));
  ReadRequest request;
  request.config = "/etc/nginx/nginx.conf", request.prefix = "/usr/share/nginx/", request.version = version;
  auto nginx = find_gateway_kind("nginx")->read(request, files);
  return nginx ? std::move(*nginx) : nullptr;
}

const std::map<std::string, std::string> kTexts = {
    {"/etc/nginx/nginx.conf", std::string(kProposeConf)},
    {"/etc/nginx/common.conf", "location /inc/ {\r\n\tproxy_pass http://127.0.0.1:9001;\r\n}\r\n"},
    {"/etc/nginx/fastcgi.conf",
     "fastcgi_param SCRIPT_FILENAME $document_root$fastcgi_script_name;\nfastcgi_param REQUEST_METHOD "
     "$request_method;\n"}};

Route route_to(const Configuration& nginx, const std::string& target) {
  Incoming incoming;
  incoming.host = "a.test", incoming.target = target;
  return nginx.route(incoming);
}

/// The lines that a proposal takes away and adds.
std::string changes(const Configuration& nginx, const std::string& target, const Mending& mending) {
  const auto proposal = nginx.propose(route_to(nginx, target), mending);
  if (!proposal) return "none";
  const auto after = apply_edits(nginx.files, proposal->edits);
  if (!after) return after.error().message();
  std::string lines;
  const auto diff = unified_diff(nginx.files, *after);
  for (std::size_t at = 0; at < diff.size();) {
    const auto end = diff.find('\n', at);
    const auto line = diff.substr(at, end - at);
    at = end + 1;
    if ((line[0] == '+' || line[0] == '-') && !line.starts_with("+++") && !line.starts_with("---"))
      lines += line + "\n";
  }
  return lines;
}

Mending limit(LimitKind kind, std::int64_t amount) {
  Mending mending;
  mending.kind = MendingKind::set_limit, mending.limit = kind, mending.amount = amount;
  return mending;
}

Mending mend(MendingKind kind, std::string text = {}, std::string name = {}, std::int64_t amount = 0) {
  Mending mending;
  mending.kind = kind, mending.text = std::move(text), mending.name = std::move(name), mending.amount = amount;
  return mending;
}

TEST(NginxPropose, SmallestChanges) {
  const auto nginx = read_texts(kTexts);
  const struct {
    std::string target;
    Mending mending;
    std::string changes;
  } kCases[] = {
      {"/", mend(MendingKind::set_address, "127.0.0.1:9009"),
       "-            proxy_pass http://127.0.0.1:9001;\n+            proxy_pass http://127.0.0.1:9009;\n"},
      {"/one/", mend(MendingKind::set_address, "unix:/run/a.sock"),
       "-        location /one/ { proxy_pass http://127.0.0.1:9001/x/; }\n"
       "+        location /one/ { proxy_pass http://unix:/run/a.sock:/x/; }\n"},
      {"/back/", mend(MendingKind::set_address, "127.0.0.1:9009"),
       "-        server 127.0.0.1:9001 max_fails=2;\n+        server 127.0.0.1:9009 max_fails=2;\n"},
      {"/", limit(LimitKind::read_timeout, 90'000), "+            proxy_read_timeout 90s;\n"},
      {"/back/", limit(LimitKind::read_timeout, 90'000),
       "-            proxy_read_timeout 5s;\n+            proxy_read_timeout 90s;\n"},
      {"/one/", limit(LimitKind::read_timeout, 90'000),
       "-        location /one/ { proxy_pass http://127.0.0.1:9001/x/; }\n"
       "+        location /one/ { proxy_pass http://127.0.0.1:9001/x/; proxy_read_timeout 90s; }\n"},
      {"/inc/", limit(LimitKind::read_timeout, 90'000), "+\tproxy_read_timeout 90s;\r\n"},
      {"/", limit(LimitKind::response_header, 12'000), "+            proxy_buffer_size 12k;\n"},
      {"/", limit(LimitKind::response_header, 16'000),
       "+            proxy_buffer_size 16k;\n+            proxy_busy_buffers_size 24k;\n"},
      {"/", limit(LimitKind::response_header, 32'768),
       "+            proxy_buffer_size 32k;\n+            proxy_buffers 8 32k;\n"},
      // The head of the cache's file takes a part of the buffer.
      {"/cached/", limit(LimitKind::response_header, 8'192), "+            proxy_buffer_size 12k;\n"},
      {"/cached/", mend(MendingKind::cache_no_errors),
       "-            proxy_cache_valid any 1m;\n+            proxy_cache_valid 200 301 302 1m;\n"},
      {"/", limit(LimitKind::request_field, 12'288), "+        large_client_header_buffers 4 12k;\n"},
      {"/", limit(LimitKind::connections, 512), "-    worker_connections 64;\n+    worker_connections 512;\n"},
      {"/back/", limit(LimitKind::max_fails, 5),
       "-        server 127.0.0.1:9001 max_fails=2;\n+        server 127.0.0.1:9001 max_fails=5;\n"},
      {"/back/", mend(MendingKind::keep_shorter, {}, {}, 800), "+        keepalive_timeout 800ms;\n"},
      {"/back/", mend(MendingKind::no_pool), "-        keepalive 8;\n"},
      // One header in the location drops all of the outer ones, so they are repeated.
      {"/", mend(MendingKind::pass_upgrade),
       "+            proxy_http_version 1.1;\n+            proxy_set_header Host $host;\n"
       "+            proxy_set_header Upgrade $http_upgrade;\n+            proxy_set_header Connection upgrade;\n"},
      {"/back/", mend(MendingKind::pass_upgrade),
       "-            proxy_set_header Connection \"\";\n+            proxy_set_header Connection upgrade;\n"
       "+            proxy_set_header Upgrade $http_upgrade;\n"},
      {"/tls/", mend(MendingKind::send_sni, {}, "n.test"),
       "+            proxy_ssl_server_name on;\n+            proxy_ssl_name n.test;\n"},
      {"/tls/", mend(MendingKind::use_plain),
       "-            proxy_pass https://10.0.0.1;\n+            proxy_pass http://10.0.0.1:443;\n"},
      {"/tls/", mend(MendingKind::tls_versions, "TLSv1.3"),
       "+            proxy_ssl_protocols TLSv1 TLSv1.1 TLSv1.2 TLSv1.3;\n"},
      {"/name/", mend(MendingKind::resolve_again, "127.0.0.53"),
       "-            proxy_pass http://app.internal:9001/app/;\n+            resolver 127.0.0.53 valid=10s;\n"
       "+            set $upstream_name app.internal;\n+            rewrite ^/name/(.*)$ /app/$1 break;\n"
       "+            proxy_pass http://$upstream_name:9001;\n"},
      {"/a.php", mend(MendingKind::script_file, "/srv/app"), "+            root /srv/app;\n"},
      {"/a.php", mend(MendingKind::script_file, "/srv/app/index.php"),
       "+            fastcgi_param SCRIPT_FILENAME /srv/app/index.php;\n"},
      {"/", mend(MendingKind::run_as, "www-data"), "+user www-data;\n"},
      // What cannot be done, or is so already.
      {"/", mend(MendingKind::tolerate_header), "none"},
      {"/", mend(MendingKind::check_path, "/ok"), "none"},
      {"/", mend(MendingKind::unchunked), "none"},
      {"/", mend(MendingKind::no_pool), "none"},
      {"/", mend(MendingKind::send_sni, {}, "n.test"), "none"},
      {"/", mend(MendingKind::set_address, "127.0.0.1:9001"), "none"},
      {"/", limit(LimitKind::queue_timeout, 1000), "none"},
  };
  for (const auto& row : kCases) {
    SCOPED_TRACE(fmt::format("{} {}", row.target, to_word(row.mending.kind)));
    EXPECT_EQ(changes(*nginx, row.target, row.mending), row.changes);
  }
}

TEST(NginxPropose, WhatIsProposedHoldsWhenItIsReadAgain) {
  const auto nginx = read_texts(kTexts);
  const std::pair<LimitKind, std::int64_t> kLimits[] = {
      {LimitKind::connect_timeout, 5000},   {LimitKind::send_timeout, 90'000},
      {LimitKind::read_timeout, 1500},      {LimitKind::response_header, 10'000},
      {LimitKind::response_header, 70'000}, {LimitKind::request_field, 12'000},
      {LimitKind::request_line, 12'000},    {LimitKind::request_body, 5'000'000},
      {LimitKind::client_timeout, 90'000},  {LimitKind::retries, 2},
      {LimitKind::connections, 4096},       {LimitKind::files, 8192}};
  for (const auto* target : {"/", "/one/", "/back/", "/inc/", "/cached/", "/a.php"})
    for (const auto& [kind, amount] : kLimits) {
      SCOPED_TRACE(fmt::format("{} {} {}", target, to_word(kind), amount));
      const auto proposal = nginx->propose(route_to(*nginx, target), limit(kind, amount));
      ASSERT_TRUE(proposal);
      auto after = apply_edits(nginx->files, proposal->edits);
      ASSERT_TRUE(after);
      auto texts = kTexts;
      for (auto& [path, text] : *after) texts[path] = text;
      const auto again = read_texts(texts);
      EXPECT_TRUE(again->problems.empty());
      const auto before = route_to(*nginx, target), now = route_to(*again, target);
      const auto* got = now.limit(kind);
      ASSERT_NE(got, nullptr);
      EXPECT_GE(got->amount.value_or(0), amount);
      EXPECT_EQ(got->from.source, Source::set);
      for (const auto& [word, was] : before.limits)
        if (word != to_word(kind) && !word.starts_with("request_")) {
          EXPECT_EQ(was.amount, now.limits.at(word).amount);
        }
      EXPECT_EQ(before.request, now.request);
    }
}

TEST(NginxPropose, NewerVersions) {
  const auto nginx = read_texts(kTexts, "1.29.7");
  EXPECT_EQ(changes(*nginx, "/back/", mend(MendingKind::no_pool)), "-        keepalive 8;\n+        keepalive 0;\n");
  EXPECT_EQ(changes(*nginx, "/", mend(MendingKind::unchunked)), "+            proxy_http_version 1.0;\n");
  auto mending = mend(MendingKind::resolve_again, "127.0.0.53");
  mending.server = 1;
  EXPECT_EQ(
      changes(*nginx, "/back/", mending),
      "+        zone back 64k;\n+        resolver 127.0.0.53 valid=10s;\n-        server app.internal:9002 backup;\n"
      "+        server app.internal:9002 backup resolve;\n");
}

TEST(NginxPropose, AddressesOfTheOtherFamilyAndAResolver) {
  const auto nginx = read_texts(
      {{"/etc/nginx/nginx.conf",
        "events {}\nhttp {\n    server {\n        listen 80;\n        location / {\n            proxy_pass "
        "http://127.0.0.1:9001;\n        }\n        location /v/ {\n            set $up app.internal;\n            "
        "proxy_pass http://$up:9001;\n        }\n        location /r/ {\n            resolver 127.0.0.1;\n            "
        "set $up app.internal;\n            proxy_pass http://$up:9001;\n        }\n    }\n}\n"}});
  EXPECT_EQ(changes(*nginx, "/", mend(MendingKind::ipv4_only, "[::1]:9001")),
            "-            proxy_pass http://127.0.0.1:9001;\n+            proxy_pass http://[::1]:9001;\n");
  EXPECT_EQ(changes(*nginx, "/v/", mend(MendingKind::resolve_again, "127.0.0.53:53")),
            "+            resolver 127.0.0.53:53 valid=10s;\n");
  EXPECT_EQ(changes(*nginx, "/r/", mend(MendingKind::resolve_again, "127.0.0.53:53")), "none");
}

}  // namespace
}  // namespace fix502
