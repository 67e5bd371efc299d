#include <algorithm>
#include <charconv>

#include "faulty/http_answers.hpp"
#include "faulty/reader.hpp"

namespace fix502::faulty {
namespace {

constexpr std::pair<std::string_view, Framing> kFramings[] = {
    {"length", Framing::length}, {"chunked", Framing::chunked}, {"close", Framing::close}, {"none", Framing::none}};
constexpr std::pair<std::string_view, bool> kParts[] = {{"head", false}, {"body", true}};
constexpr std::pair<std::string_view, bool> kOnConnection[] = {{"first", true}, {"later", false}};

void read_claims(Reader& reader, const char* key, std::vector<HeaderClaim>& into) {
  const auto* value = reader.find(key);
  if (!value) return;
  const auto items = value->is_array() ? *value : nlohmann::json::array({*value});
  for (const auto& item : items) {
    HeaderClaim& claim = into.emplace_back();
    if (item.is_string()) {
      claim.name = item.get<std::string>();
      continue;
    }
    Reader part(reader.reading(), item, reader.at(key));
    part.read("name", claim.name);
    part.read("contains", claim.contains);
    part.read("is", claim.is);
  }
}

void read_match(Reader& reader, Match& into) {
  reader.read("host", into.host);
  reader.read("path", into.path);
  reader.read("path_prefix", into.path_prefix);
  reader.read("query_contains", into.query_contains);
  reader.read("method", into.method);
  reader.read("version", into.version);
  read_claims(reader, "header", into.header);
  read_claims(reader, "no_header", into.no_header);
  reader.read("min_head_bytes", into.min_head_bytes);
  reader.read("max_head_bytes", into.max_head_bytes);
  reader.read("min_body_bytes", into.min_body_bytes);
  reader.read("min_cookie_bytes", into.min_cookie_bytes);
  reader.read("min_target_bytes", into.min_target_bytes);
  reader.read("proxy_form", into.proxy_form);
  bool first = true;
  if (reader.find("on_connection")) {
    reader.word<bool>("on_connection", first, kOnConnection);
    into.first_on_connection = first;
  }
  reader.read("after_pause_ms", into.after_pause);
  reader.read("local_address", into.local_address);
  reader.read("sni", into.sni);
  reader.read("tls_version", into.tls_version);
  read_selection(reader, into.selection);
}

void read_cut(Reader& reader, Cut& into) {
  reader.word<bool>("in", into.in_body, kParts);
  reader.read("after", into.after);
  reader.word<Ending>("then", into.then, kEndings);
}

void read_framing(Reader& reader, Answer& into) {
  reader.word<Framing>("framing", into.framing, kFramings);
  reader.read("announce", into.announce);
  reader.read("chunk_bytes", into.chunk_bytes);
  if (into.chunk_bytes == 0) reader.wrong("a chunk has at least one byte", "chunk_bytes");
  reader.read("bad_chunk", into.bad_chunk);
  // A broken chunk needs chunks: nobody who asks for one means a Content-Length.
  if (into.bad_chunk > 0) into.framing = Framing::chunked;
  reader.bytes("bad_size", into.bad_size);
  reader.read("chunk_end", into.chunk_end);
  if (!into.chunk_end) into.framing = Framing::chunked;
  reader.read("keep_alive", into.keep_alive);
  reader.read("close_after", into.close_after);
  reader.object("cut", [&](Reader& cut) { read_cut(cut, into.cut.emplace()); });
  reader.bytes_list("interim", into.interim);
}

void read_content(Reader& reader, Answer& into) {
  reader.read("status", into.status);
  if (reader.find("reason")) reader.bytes("reason", into.reason.emplace());
  reader.bytes("version", into.version);
  reader.read("headers", into.headers);
  reader.bytes("body", into.body);
  reader.read("body_repeat", into.body_repeat);
  reader.bytes("type", into.type);
  const auto* retry = reader.find("retry_after");
  if (retry && retry->is_number_integer()) {
    into.retry_after = std::to_string(retry->get<std::int64_t>());
  } else {
    reader.bytes("retry_after", into.retry_after);
  }
  reader.bytes("etag", into.etag);
  reader.bytes("last_modified", into.last_modified);
  reader.read("gzip", into.gzip);
  reader.read("fill", into.fill);
}

void read_route(Reader& reader, Route& into) {
  reader.read("name", into.name);
  reader.object("match", [&](Reader& match) { read_match(match, into.match); });
  reader.object("answer", [&](Reader& answer) {
    std::string kind = "response";
    answer.read("kind", kind);
    if (kind == "proxy") read_proxy(answer, into.proxy.emplace());
    if (kind == "edge") read_edge(answer, into.edge.emplace());
    if (kind == "doh") into.data = read_data_name(answer);
    read_answer(answer, into.answer);
  });
}

/// "404" or "500-599".
void read_status_page(Reader& reader, const std::string& key, std::vector<StatusPage>& into) {
  StatusPage& page = into.emplace_back();
  const char* end = key.data() + key.size();
  auto read = std::from_chars(key.data(), end, page.from);
  page.to = page.from;
  if (read.ec == std::errc() && read.ptr != end && *read.ptr == '-') read = std::from_chars(read.ptr + 1, end, page.to);
  if (read.ec != std::errc() || read.ptr != end) reader.wrong("not a status or a range of them", key);
  reader.object(key.c_str(), [&](Reader& answer) { read_answer(answer, page.answer); });
}

void read_cache(Reader& reader, EdgeCache& into) {
  std::int64_t seconds = into.lifetime.count();
  reader.read("seconds", seconds);
  into.lifetime = std::chrono::seconds(seconds);
  if (const auto* statuses = reader.find("statuses"); statuses && statuses->is_array())
    for (const auto& status : *statuses)
      if (status.is_number_integer()) into.statuses.push_back(status.get<int>());
  reader.read("ignore_query", into.ignore_query);
  reader.read("obey_request", into.obey_request);
  reader.read("hit", into.hit);
  reader.read("miss", into.miss);
}

void read_errors(Reader& reader, Edge& into) {
  const auto* errors = reader.find("errors");
  if (errors && errors->is_object()) {
    reader.object("errors", [&](Reader& part) {
      part.read("like", into.errors_like);
      for (const auto& [cause, value] : errors->items())
        if (cause != "like")
          part.object(cause.c_str(), [&](Reader& answer) { read_answer(answer, into.errors[cause]); });
    });
  } else {
    reader.read("errors", into.errors_like);
  }
  for (const auto& [cause, answer] : into.errors)
    if (!is_edge_cause(cause)) reader.wrong("unknown cause \"" + cause + "\"", "errors");
  if (!is_edge_style(into.errors_like)) reader.wrong("unknown gateway \"" + into.errors_like + "\"", "errors");
}

}  // namespace

void read_proxy(Reader& reader, Proxy& into) {
  if (const auto* resolve = reader.find("resolve"); resolve && resolve->is_object())
    for (const auto& [from, to] : resolve->items())
      if (to.is_string()) into.resolve[from] = to.get<std::string>();
  reader.read("connect_timeout_ms", into.connect_timeout);
  reader.object("failed", [&](Reader& answer) { read_answer(answer, into.failed.emplace()); });
  static constexpr std::pair<std::string_view, Ending> kAfter[] = {
      {"relay", Ending::keep}, {"close", Ending::close}, {"reset", Ending::reset}, {"stall", Ending::stall}};
  reader.word<Ending>("after_connect", into.after_connect, kAfter);
}

void read_edge(Reader& reader, Edge& into) {
  reader.read("origin", into.origin);
  if (into.origin.empty()) reader.wrong("\"origin\" is missing");
  reader.object("tls", [&](Reader& tls) {
    OriginTls& spec = into.tls.emplace();
    tls.read("verify", spec.verify);
    tls.pem("ca", spec.ca);
    tls.read("sni", spec.sni);
    tls.read("min_version", spec.min_version);
    tls.read("max_version", spec.max_version);
  });
  reader.read("host", into.host);
  reader.read("path_prefix", into.path_prefix);
  reader.read("from", into.from);
  reader.read("connect_timeout_ms", into.connect_timeout);
  reader.read("read_timeout_ms", into.read_timeout);
  reader.read("remove", into.remove);
  reader.read("headers", into.headers);
  reader.read("request_headers", into.request_headers);
  reader.object("cache", [&](Reader& cache) { read_cache(cache, into.cache.emplace()); });
  read_errors(reader, into);
  if (const auto* replace = reader.find("replace"); replace && replace->is_object())
    reader.object("replace", [&](Reader& pages) {
      for (const auto& item : replace->items()) read_status_page(pages, item.key(), into.replace);
    });
}

void read_answer(Reader& reader, Answer& into) {
  reader.read("kind", into.kind);
  if (!is_answer_kind(into.kind)) reader.wrong("unknown kind \"" + into.kind + "\"", "kind");
  reader.read("delay_ms", into.delay);
  reader.read("read_body", into.read_body);
  if (into.kind == "proxy" || into.kind == "edge" || into.kind == "doh") return;
  read_content(reader, into);
  read_framing(reader, into);
  reader.read("drip_ms", into.drip);
  reader.read("drip_bytes", into.drip_bytes);
  reader.bytes("bytes", into.bytes);
  reader.read("which", into.which);
  if (into.kind == "preset" && !preset_bytes(into.which))
    reader.wrong("unknown preset \"" + into.which + "\"", "which");
  reader.bytes("to", into.to);
  reader.word<Ending>("then", into.then, kEndings);
  reader.read("field_bytes", into.field_bytes);
  reader.read("limit_bytes", into.limit_bytes);
  reader.read("count", into.count);
  reader.read("times", into.times);
  reader.read("megabytes", into.megabytes);
  reader.read("pause_ms", into.pause);
}

void read_http(Reader& reader, HttpListener& into) {
  reader.objects("routes", [&](Reader& route) { read_route(route, into.routes.emplace_back()); });
  for (std::size_t i = 0; i < into.routes.size(); ++i)
    if (into.routes[i].name.empty()) into.routes[i].name = std::to_string(i);
  reader.read("keep_alive", into.keep_alive);
  reader.read("idle_ms", into.idle);
  reader.read("max_requests", into.max_requests);
  reader.read("max_head_bytes", into.max_head_bytes);
  into.head_too_large.status = 431;
  into.head_too_large.keep_alive = false;
  into.head_too_large.body = "<h1>431 Request Header Fields Too Large</h1>\n";
  reader.object("head_too_large", [&](Reader& answer) { read_answer(answer, into.head_too_large); });
}

}  // namespace fix502::faulty
