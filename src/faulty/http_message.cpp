#include "faulty/http_message.hpp"

#include <algorithm>
#include <charconv>

namespace fix502::faulty {
namespace {

constexpr std::size_t kBodyLimit = std::size_t{64} << 20;  // bytes
constexpr std::string_view kBlankLine = "\r\n\r\n";

std::string_view trimmed(std::string_view text) {
  while (!text.empty() && (text.front() == ' ' || text.front() == '\t')) text.remove_prefix(1);
  while (!text.empty() && (text.back() == ' ' || text.back() == '\t')) text.remove_suffix(1);
  return text;
}

/// Takes the first line off `text`.
std::string_view next_line(std::string_view& text) {
  const auto end = text.find("\r\n");
  const std::string_view line = text.substr(0, end);
  text.remove_prefix(end == text.npos ? text.size() : end + 2);
  return line;
}

Headers parse_headers(std::string_view text) {
  Headers headers;
  while (!text.empty()) {
    const std::string_view line = next_line(text);
    const auto colon = line.find(':');
    if (colon == line.npos) continue;
    headers.emplace_back(line.substr(0, colon), trimmed(line.substr(colon + 1)));
  }
  return headers;
}

bool is_chunked(const Headers& headers) {
  const std::string* coding = find_header(headers, "transfer-encoding");
  return coding && coding->find("chunked") != coding->npos;
}

/// Where the authority of an absolute-form target begins; npos: the target has none.
std::size_t authority_start(const std::string& target) {
  const auto scheme = target.find("://");
  return scheme == target.npos || target.starts_with('/') ? target.npos : scheme + 3;
}

Task<bool> read_exactly(Inbox& inbox, std::size_t size) {
  if (size > kBodyLimit) co_return false;
  while (inbox.bytes.size() < size) {
    const bool more = co_await inbox.stream.read(inbox.bytes);
    if (!more) co_return false;
  }
  co_return true;
}

Task<std::optional<std::string>> read_line(Inbox& inbox) {
  for (;;) {
    const auto end = inbox.bytes.find("\r\n");
    if (end != inbox.bytes.npos) {
      std::string line = inbox.bytes.substr(0, end);
      inbox.bytes.erase(0, end + 2);
      co_return line;
    }
    if (inbox.bytes.size() > kBodyLimit) co_return std::nullopt;
    const bool more = co_await inbox.stream.read(inbox.bytes);
    if (!more) co_return std::nullopt;
  }
}

Task<bool> read_chunks(Inbox& inbox, std::string& body) {
  for (;;) {
    const auto line = co_await read_line(inbox);
    if (!line) co_return false;
    const auto size = parse_size(std::string_view(*line).substr(0, line->find(';')), 16);
    if (!size || body.size() + *size > kBodyLimit) co_return false;
    if (*size == 0) break;
    const bool whole = co_await read_exactly(inbox, *size + 2);
    if (!whole) co_return false;
    body.append(inbox.bytes, 0, *size);
    inbox.bytes.erase(0, *size + 2);
  }
  for (;;) {
    const auto trailer = co_await read_line(inbox);
    if (!trailer) co_return false;
    if (trailer->empty()) co_return true;
  }
}

Task<bool> read_sized(Inbox& inbox, std::string& body, std::size_t size) {
  const bool whole = co_await read_exactly(inbox, size);
  if (!whole) co_return false;
  body = inbox.bytes.substr(0, size);
  inbox.bytes.erase(0, size);
  co_return true;
}

HeadState parse_request(std::string_view head, Request& into) {
  const std::string_view line = next_line(head);
  const auto first = line.find(' ');
  const auto last = line.rfind(' ');
  if (first == line.npos || first == last || !line.substr(last + 1).starts_with("HTTP/")) return HeadState::not_http;
  into.method = line.substr(0, first);
  into.target = line.substr(first + 1, last - first - 1);
  into.version = line.substr(last + 6);
  into.headers = parse_headers(head);
  return HeadState::complete;
}

bool parse_status(std::string_view head, Response& into) {
  const std::string_view line = next_line(head);
  if (!line.starts_with("HTTP/1.") || line.size() < 12 || line[8] != ' ') return false;
  const auto status = parse_size(line.substr(9, 3));
  if (!status || *status < 100) return false;
  into.status = static_cast<int>(*status);
  into.reason = trimmed(line.substr(12));
  into.headers = parse_headers(head);
  return true;
}

Task<std::string> read_response_body(Inbox& inbox, Response& into) {
  bool whole = true;
  if (is_chunked(into.headers)) {
    whole = co_await read_chunks(inbox, into.body);
    co_return whole ? "" : "bad_response";
  }
  if (const std::string* length = find_header(into.headers, "content-length")) {
    const auto size = parse_size(*length);
    if (!size) co_return "bad_response";
    whole = co_await read_sized(inbox, into.body, *size);
    co_return whole ? "" : "bad_response";
  }
  while (whole && inbox.bytes.size() < kBodyLimit) whole = co_await inbox.stream.read(inbox.bytes);
  into.body = std::move(inbox.bytes);
  co_return "";
}

}  // namespace

bool same_name(std::string_view one, std::string_view other) {
  return std::ranges::equal(one, other,
                            [](unsigned char a, unsigned char b) { return std::tolower(a) == std::tolower(b); });
}

const std::string* find_header(const Headers& headers, std::string_view name) {
  for (const auto& [key, value] : headers)
    if (same_name(key, name)) return &value;
  return nullptr;
}

std::optional<std::size_t> parse_size(std::string_view text, int base) {
  std::size_t size = 0;
  text = trimmed(text);
  const auto [rest, bad] = std::from_chars(text.data(), text.data() + text.size(), size, base);
  if (bad != std::errc() || rest != text.data() + text.size()) return std::nullopt;
  return size;
}

std::pair<std::string, std::string> split_authority(std::string_view text, std::string_view port) {
  const auto colon = text.rfind(':');
  const bool has_port =
      colon != text.npos && text.find(']', colon) == text.npos && (text.find(':') == colon || text.starts_with('['));
  std::string_view host = has_port ? text.substr(0, colon) : text;
  if (has_port) port = text.substr(colon + 1);
  if (host.starts_with('[') && host.ends_with(']')) host = host.substr(1, host.size() - 2);
  return {std::string(host), std::string(port)};
}

const std::string* Request::header(std::string_view name) const {
  return find_header(headers, name);
}

bool Request::is_proxy_form() const {
  return method == "CONNECT" || authority_start(target) != target.npos;
}

std::string Request::host() const {
  const auto start = authority_start(target);
  if (method == "CONNECT") return split_authority(target, "").first;
  if (start != target.npos) return split_authority(target.substr(start, target.find('/', start) - start), "").first;
  const std::string* host = header("host");
  return host ? split_authority(*host, "").first : "";
}

std::string Request::origin_form() const {
  const auto start = authority_start(target);
  if (start == target.npos) return target;
  const auto slash = target.find_first_of("/?", start);
  if (slash == target.npos) return "/";
  return (target[slash] == '?' ? "/" : "") + target.substr(slash);
}

std::string Request::path() const {
  const std::string whole = origin_form();
  return whole.substr(0, whole.find('?'));
}

std::string Request::query() const {
  const auto mark = target.find('?');
  return mark == target.npos ? "" : target.substr(mark + 1);
}

Task<HeadState> read_head(Inbox& inbox, Request& into, std::size_t limit) {
  for (;;) {
    // RFC 9112 2.2: empty lines before a request line are passed over.
    while (inbox.bytes.starts_with("\r\n")) inbox.bytes.erase(0, 2);
    if (!inbox.bytes.empty() && (inbox.bytes[0] < 'A' || inbox.bytes[0] > 'z')) co_return HeadState::not_http;
    const auto end = inbox.bytes.find(kBlankLine);
    if (end == inbox.bytes.npos && inbox.bytes.size() <= limit) {
      if (!co_await inbox.stream.read(inbox.bytes)) co_return HeadState::ended;
      continue;
    }
    into.head_bytes = std::min(end, inbox.bytes.size()) + kBlankLine.size();
    const HeadState state = parse_request(std::string_view(inbox.bytes).substr(0, end), into);
    inbox.bytes.erase(0, into.head_bytes);
    co_return into.head_bytes > limit ? HeadState::too_large : state;
  }
}

Task<bool> read_body(Inbox& inbox, Request& into) {
  const std::string* expect = into.header("expect");
  if (expect && same_name(*expect, "100-continue") && inbox.bytes.empty())
    if (!co_await inbox.stream.write("HTTP/1.1 100 Continue\r\n\r\n")) co_return false;
  if (is_chunked(into.headers)) co_return co_await read_chunks(inbox, into.body);
  const std::string* length = into.header("content-length");
  if (!length) co_return true;
  const std::size_t size = parse_size(*length).value_or(0);
  const bool whole = co_await read_sized(inbox, into.body, size);
  co_return whole;
}

Task<std::string> read_response(Inbox& inbox, Response& into, bool is_head) {
  for (;;) {
    const auto end = inbox.bytes.find(kBlankLine);
    if (end == inbox.bytes.npos) {
      bool more = inbox.bytes.size() < (1 << 20);
      if (more) more = co_await inbox.stream.read(inbox.bytes);
      if (more) continue;
      if (!inbox.bytes.empty()) co_return "bad_response";
      co_return inbox.stream.was_reset() ? "reset" : "closed";
    }
    const bool good = parse_status(std::string_view(inbox.bytes).substr(0, end), into);
    inbox.bytes.erase(0, end + kBlankLine.size());
    if (!good) co_return "bad_response";
    if (into.status >= 200 || into.status == 101) break;
  }
  if (is_head || into.status == 204 || into.status == 304) co_return "";
  co_return co_await read_response_body(inbox, into);
}

}  // namespace fix502::faulty
