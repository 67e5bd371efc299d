// Layouts out of a gateway's configuration, and out of lines alone.
#include <algorithm>
#include <array>
#include <cctype>
#include <utility>

#include "base/text.hpp"
#include "logline/layout.hpp"

namespace fix502 {
namespace {

using Name = std::pair<std::string_view, Field>;

constexpr std::array<Name, 22> kNginxVariables = {{
    {"remote_addr", Field::client},
    {"remote_port", Field::port},
    {"time_local", Field::time},
    {"time_iso8601", Field::time},
    {"msec", Field::time},
    {"request", Field::request},
    {"request_method", Field::method},
    {"request_uri", Field::url},
    {"uri", Field::url},
    {"status", Field::status},
    {"host", Field::host},
    {"http_host", Field::host},
    {"server_name", Field::host},
    {"upstream_addr", Field::upstream},
    {"upstream_status", Field::upstream_status},
    {"upstream_connect_time", Field::connect_time},
    {"upstream_header_time", Field::header_time},
    {"request_time", Field::request_time},
    {"upstream_bytes_received", Field::received},
    {"connection", Field::connection},
    {"realip_remote_addr", Field::client},
    {"remote_user", Field::skipped},
}};

constexpr std::array<Name, 12> kApacheDirectives = {{
    {"h", Field::client},
    {"a", Field::client},
    {"t", Field::time},
    {"r", Field::request},
    {"m", Field::method},
    {"U", Field::url},
    {"s", Field::status},
    {">s", Field::status},
    {"<s", Field::status},
    {"v", Field::host},
    {"V", Field::host},
    {"{BALANCER_WORKER_NAME}e", Field::upstream},
}};

// Names that people give to their fields; of JSON products also the ones that stand in their documentation.
constexpr std::array<Name, 78> kNames = {{
    {"time", Field::time},
    {"ts", Field::time},
    {"timestamp", Field::time},
    {"@timestamp", Field::time},
    {"time_local", Field::time},
    {"time_iso8601", Field::time},
    {"msec", Field::time},
    {"start_time", Field::time},
    {"StartUTC", Field::time},
    {"EdgeStartTimestamp", Field::time},
    {"datetime", Field::time},
    {"client", Field::client},
    {"client_ip", Field::client},
    {"remote_addr", Field::client},
    {"remote_ip", Field::client},
    {"clientip", Field::client},
    {"ip", Field::client},
    {"ClientHost", Field::client},
    {"ClientIP", Field::client},
    {"downstream_remote_address_without_port", Field::client},
    {"remote_port", Field::port},
    {"ClientPort", Field::port},
    {"request", Field::request},
    {"req", Field::request},
    {"method", Field::method},
    {"request_method", Field::method},
    {"RequestMethod", Field::method},
    {"ClientRequestMethod", Field::method},
    {"uri", Field::url},
    {"url", Field::url},
    {"path", Field::url},
    {"request_uri", Field::url},
    {"RequestPath", Field::url},
    {"ClientRequestURI", Field::url},
    {"ClientRequestPath", Field::url},
    {"status", Field::status},
    {"st", Field::status},
    {"code", Field::status},
    {"response_code", Field::status},
    {"DownstreamStatus", Field::status},
    {"EdgeResponseStatus", Field::status},
    {"host", Field::host},
    {"vhost", Field::host},
    {"server_name", Field::host},
    {"http_host", Field::host},
    {"authority", Field::host},
    {"RequestHost", Field::host},
    {"ClientRequestHost", Field::host},
    {"server", Field::host},
    {"upstream", Field::upstream},
    {"upstream_addr", Field::upstream},
    {"uaddr", Field::upstream},
    {"ua", Field::upstream},
    {"backend", Field::upstream},
    {"upstream_host", Field::upstream},
    {"ServiceAddr", Field::upstream},
    {"OriginIP", Field::upstream},
    {"proxy", Field::upstream},
    {"upstream_status", Field::upstream_status},
    {"us", Field::upstream_status},
    {"ustatus", Field::upstream_status},
    {"OriginStatus", Field::upstream_status},
    {"OriginResponseStatus", Field::upstream_status},
    {"uct", Field::connect_time},
    {"upstream_connect_time", Field::connect_time},
    {"uht", Field::header_time},
    {"upstream_header_time", Field::header_time},
    {"rt", Field::request_time},
    {"request_time", Field::request_time},
    {"duration", Field::request_time},
    {"ubr", Field::received},
    {"upstream_bytes_received", Field::received},
    {"response_flags", Field::state},
    {"response_code_details", Field::details},
    {"upstream_transport_failure_reason", Field::details},
    {"fetch_error", Field::details},
    {"conn", Field::connection},
    {"connection", Field::connection},
}};

template <std::size_t N>
Field look_up(const std::array<Name, N>& names, std::string_view name) {
  const auto found = std::ranges::find(names, name, &Name::first);
  return found == names.end() ? Field::skipped : found->second;
}

std::string_view word_of(Field field) {
  constexpr std::array<std::string_view, 19> kWords = {"-",
                                                       "client",
                                                       "port",
                                                       "time",
                                                       "request",
                                                       "method",
                                                       "url",
                                                       "status",
                                                       "host",
                                                       "upstream",
                                                       "upstream_status",
                                                       "timers",
                                                       "connect_time",
                                                       "header_time",
                                                       "request_time",
                                                       "received",
                                                       "connection",
                                                       "state",
                                                       "details"};
  const auto index = static_cast<std::size_t>(field);
  return index < kWords.size() ? kWords.at(index) : "-";
}

/// Appends "{field}", as skipped where it stands already (nginx' $request and $request_uri may both be there).
void add_field(std::string& layout, Field field) {
  std::string text = "{" + std::string(word_of(field)) + "}";
  if (field != Field::skipped && layout.find(text) != layout.npos) text = "{-}";
  layout += text;
}

/// The texts between quotes joined: 'a' 'b' is "ab". A text that does not begin with a quote is one already.
std::string unquoted(std::string_view text) {
  text = trim(text);
  if (text.empty() || (text.front() != '\'' && text.front() != '"')) return std::string(text);
  std::string joined;
  for (std::size_t at = 0; at < text.size(); ++at) {
    const char quote = text[at];
    if (quote != '\'' && quote != '"') continue;
    for (++at; at < text.size() && text[at] != quote; ++at) {
      if (text[at] == '\\' && at + 1 < text.size()) ++at;
      joined += text[at];
    }
  }
  return joined;
}

bool is_name_char(char c) {
  return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '_';
}

/// Every piece of a line that a separator would end, quotes and brackets kept whole. Blanks that follow each other are
/// one; between two of the other separators is an empty piece.
std::vector<std::string_view> tokens(std::string_view line, char separator) {
  std::vector<std::string_view> found;
  if (separator != ' ') {
    bool quoted = false;
    std::size_t begin = 0;
    for (std::size_t at = 0; at <= line.size(); ++at) {
      if (at < line.size() && line[at] == '"') quoted = !quoted;
      if (at < line.size() && (quoted || line[at] != separator)) continue;
      found.push_back(line.substr(begin, at - begin));
      begin = at + 1;
    }
    return found;
  }
  for (std::size_t at = 0; at < line.size();) {
    if (line[at] == ' ') {
      ++at;
      continue;
    }
    std::size_t end = at;
    char until = '\0';
    for (; end < line.size(); ++end) {
      const char c = line[end];
      if (until != '\0') {
        if (c == until) until = '\0';
      } else if (c == '"') {
        until = '"';
      } else if (c == '[' && end == at) {
        until = ']';
      } else if (c == ' ' && line[end - 1] != ',' && !(line[end - 1] == ':' && end - at == 1)) {
        break;
      }
    }
    found.push_back(line.substr(at, end - at));
    at = end;
  }
  return found;
}

bool is_address(std::string_view text) {
  if (text.starts_with("unix:")) return true;
  const bool digits = text.find_first_not_of("0123456789abcdefABCDEF.:[]") == text.npos;
  return digits && (std::ranges::count(text, '.') == 3 || std::ranges::count(text, ':') >= 2);
}

bool is_address_with_port(std::string_view text) {
  const auto first = text.substr(0, text.find(','));
  if (first.starts_with("unix:")) return true;
  const auto colon = first.rfind(':');
  return colon != first.npos && is_address(first.substr(0, colon)) && first.substr(colon + 1).size() <= 5 &&
         first.find_first_not_of("0123456789", colon + 1) == first.npos;
}

bool is_status(std::string_view text) {
  return text.size() == 3 && text.find_first_not_of("0123456789") == text.npos && text[0] <= '5';
}

bool is_request(std::string_view text) {
  const auto blank = text.find(' ');
  if (blank == text.npos || blank < 3 || blank > 8) return false;
  return std::ranges::all_of(text.substr(0, blank), [](char c) { return c >= 'A' && c <= 'Z'; });
}

bool is_method(std::string_view text) {
  constexpr std::array<std::string_view, 8> kMethods = {"GET",    "HEAD",    "POST",  "PUT",
                                                        "DELETE", "OPTIONS", "PATCH", "CONNECT"};
  return std::ranges::find(kMethods, text) != kMethods.end();
}

/// What a token without a name may be, given what has been found before it.
Field guess(std::string_view token, const std::string& layout) {
  const auto seen = [&](std::string_view field) { return layout.find(field) != layout.npos; };
  if (parse_stamp(token) && !seen("{time}")) return Field::time;
  if (is_request(token) && !seen("{request}")) return Field::request;
  if (is_method(token) && !seen("{request}") && !seen("{method}")) return Field::method;
  if ((token.starts_with('/') || token.starts_with("http")) && seen("{method}") && !seen("{url}")) return Field::url;
  if (is_status(token) && (seen("{request}") || seen("{url}")) && !seen("{status}")) return Field::status;
  if (is_address(token) && !is_address_with_port(token) && !seen("{client}")) return Field::client;
  if (is_address_with_port(token) && seen("{status}") && !seen("{upstream}")) return Field::upstream;
  if (is_status(token.substr(0, token.find(','))) && seen("{upstream}") && !seen("{upstream_status}"))
    return Field::upstream_status;
  return Field::skipped;
}

/// "key=value", "key:value", "key="value"": a name for what stands there.
std::size_t key_length(std::string_view token) {
  std::size_t length = 0;
  while (length < token.size() && (is_name_char(token[length]) || token[length] == '@' || token[length] == '.'))
    ++length;
  const bool named = length > 0 && length + 1 < token.size() && (token[length] == '=' || token[length] == ':');
  return named && std::isdigit(static_cast<unsigned char>(token[0])) == 0 ? length : 0;
}

std::string layout_text_of(std::string_view line, char separator) {
  std::string layout;
  bool first = true;
  for (std::string_view token : tokens(line, separator)) {
    if (!std::exchange(first, false)) layout += separator;
    const std::size_t blanks = std::min(token.find_first_not_of(' '), token.size());
    layout.append(blanks, ' ');
    token.remove_prefix(blanks);
    const std::string_view behind = token.substr(std::min(token.find_last_not_of(' ') + 1, token.size()));
    token.remove_suffix(behind.size());
    Field field = Field::skipped;
    const std::size_t key = key_length(token);
    if (key > 0) {
      field = field_named(token.substr(0, key));
      layout += token.substr(0, key + 1);
      token.remove_prefix(key + 1);
    }
    const bool quoted = token.size() >= 2 && token.front() == '"' && token.back() == '"';
    const bool bracketed = token.size() >= 2 && token.front() == '[' && token.back() == ']';
    const std::string_view inner = quoted || bracketed ? token.substr(1, token.size() - 2) : token;
    // "ua" is the user agent to most, and the upstream's address to some.
    if (field == Field::upstream && inner != "-" && !is_address_with_port(inner) && key <= 2) field = Field::skipped;
    if (key == 0) field = guess(inner, layout);
    if (quoted || bracketed) layout += token.front();
    add_field(layout, field);
    if (quoted || bracketed) layout += token.back();
    layout += behind;
  }
  return layout;
}

}  // namespace

Field field_named(std::string_view name) {
  return look_up(kNames, name);
}

Result<Layout> layout_of_nginx(std::string_view log_format) {
  log_format = trim(log_format);
  if (log_format.starts_with("log_format")) {
    log_format.remove_prefix(10);
    log_format = trim(log_format);
    log_format.remove_prefix(std::min(log_format.find_first_of(" \t\r\n"), log_format.size()));
  }
  log_format = trim(log_format);
  if (log_format.starts_with("escape="))
    log_format.remove_prefix(std::min(log_format.find_first_of(" \t\r\n"), log_format.size()));
  const std::string text = unquoted(log_format);
  std::string layout;
  for (std::size_t at = 0; at < text.size();) {
    if (text[at] != '$') {
      layout += text[at++];
      continue;
    }
    std::size_t end = at + 1;
    const bool braced = end < text.size() && text[end] == '{';
    if (braced) ++end;
    const std::size_t begin = end;
    while (end < text.size() && is_name_char(text[end])) ++end;
    add_field(layout, look_up(kNginxVariables, std::string_view(text).substr(begin, end - begin)));
    at = braced && end < text.size() ? end + 1 : end;
  }
  return Layout::compile(layout);
}

Result<Layout> layout_of_apache(std::string_view log_format) {
  const std::string text = unquoted(log_format);
  std::string layout;
  for (std::size_t at = 0; at < text.size();) {
    if (text[at] != '%') {
      layout += text[at++];
      continue;
    }
    std::size_t end = at + 1;
    // "%!200,304{Referer}i": conditions say when a field is written, not which.
    while (end < text.size() &&
           (std::isdigit(static_cast<unsigned char>(text[end])) != 0 || text[end] == ',' || text[end] == '!'))
      ++end;
    const std::size_t begin = end;
    if (end < text.size() && (text[end] == '>' || text[end] == '<')) ++end;
    if (end < text.size() && text[end] == '{') end = std::min(text.find('}', end), text.size() - 1) + 1;
    if (end < text.size()) ++end;
    const std::string_view directive = std::string_view(text).substr(begin, end - begin);
    const Field field = look_up(kApacheDirectives, directive);
    if (field == Field::time) layout += '[';
    add_field(layout, field);
    if (field == Field::time) layout += ']';
    at = end;
  }
  return Layout::compile(layout);
}

Result<Layout> infer_layout(const std::vector<std::string_view>& lines, const Clock& clock) {
  // A few lines each propose a layout; the one that reads the most lines, and nearly all of them, is taken.
  constexpr std::size_t kProposals = 8;
  constexpr std::string_view kSeparators = " |\t;,";
  Result<Layout> best = fail("these lines have no layout in common");
  std::size_t best_count = 0;
  const std::size_t proposals = std::min(lines.size(), kProposals);
  for (std::size_t i = 0; i < proposals * kSeparators.size(); ++i) {
    const std::string_view line = lines[i % proposals * lines.size() / proposals];
    auto layout = Layout::compile(layout_text_of(line, kSeparators[i / proposals]));
    if (!layout || !layout->has(Field::time) || !layout->has(Field::status)) continue;
    const auto count = static_cast<std::size_t>(std::ranges::count_if(lines, [&](std::string_view other) {
      Record record;
      return layout->parse(other, clock, record);
    }));
    if (count <= best_count) continue;
    best_count = count;
    best = std::move(layout);
  }
  if (best_count * 10 < lines.size() * 6) return fail("these lines have no layout in common");
  return best;
}

}  // namespace fix502
