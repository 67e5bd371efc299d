#include "serve/probe_modules.hpp"

#include <fmt/format.h>
#include <openssl/evp.h>
#include <re2/re2.h>

#include <algorithm>
#include <charconv>
#include <filesystem>
#include <fstream>
#include <system_error>

#include "base/text.hpp"
#include "target/target.hpp"

namespace fix502 {
namespace {

constexpr std::size_t kMostSecret = 64 * 1024;
constexpr std::string_view kUsualModule = "http_2xx";
constexpr double kLongestTimeout = 3600;  // seconds

std::string in_base64(const std::string& text) {
  std::string coded(4 * ((text.size() + 2) / 3) + 1, '\0');
  const int size = EVP_EncodeBlock(reinterpret_cast<unsigned char*>(coded.data()),
                                   reinterpret_cast<const unsigned char*>(text.data()), static_cast<int>(text.size()));
  coded.resize(static_cast<std::size_t>(size));
  return coded;
}

Result<std::string> read_secret(const std::string& path) {
  std::error_code error;
  // A pipe would hold everything up.
  if (!std::filesystem::is_regular_file(path, error)) return fail("the file cannot be read", printable(path, 200));
  std::ifstream file(path, std::ios::binary);
  std::string text(kMostSecret + 1, '\0');
  file.read(text.data(), static_cast<std::streamsize>(text.size()));
  if (!file.is_open() || file.bad()) return fail("the file cannot be read", printable(path, 200));
  text.resize(static_cast<std::size_t>(file.gcount()));
  if (text.size() > kMostSecret) return fail("the file is too large for a secret", printable(path, 200));
  return std::string(trim(text));
}

/// Go's units (time.ParseDuration), in seconds.
struct GoUnit {
  std::string_view name;
  double seconds;
};
constexpr GoUnit kGoUnits[] = {{"ns", 1e-9}, {"us", 1e-6}, {"µs", 1e-6}, {"ms", 1e-3},
                               {"s", 1},     {"m", 60},    {"h", 3600}};

}  // namespace

void FreeRe2::operator()(const re2::RE2* pattern) const noexcept {
  delete pattern;
}

Result<GoPattern> compile_pattern(const std::string& text) {
  RE2::Options options;
  options.set_log_errors(false);
  GoPattern pattern(new RE2(text, options));
  if (!pattern->ok()) return fail("is no regular expression: " + printable(pattern->error(), 120));
  return pattern;
}

bool matches(const GoPattern& pattern, std::string_view text) {
  return RE2::PartialMatch(re2::StringPiece(text.data(), text.size()), *pattern);
}

Result<std::string> ProbeAuthorization::value() const {
  if (scheme.empty()) return std::string{};
  std::string said = secret;
  if (!secret_file.empty()) {
    auto read = read_secret(secret_file);
    if (!read) return std::unexpected(read.error());
    said = std::move(*read);
  }
  return scheme + " " + (scheme == "Basic" ? in_base64(user + ":" + said) : said);
}

ProbeModules ProbeModules::built_in() {
  ProbeModules modules;
  ProbeModule page, post, tcp;
  page.name = kUsualModule;
  post.name = "http_post_2xx";
  post.method = "POST";
  tcp.name = "tcp_connect";
  tcp.http = false;
  for (ProbeModule* module : {&page, &post, &tcp}) modules.add(std::move(*module));
  return modules;
}

const ProbeModule* ProbeModules::find(std::string_view name) const {
  const auto found = modules_.find(name.empty() ? kUsualModule : name);
  return found == modules_.end() ? nullptr : &found->second;
}

std::string_view ProbeModules::why_left_out(std::string_view name) const {
  const auto found = left_out_.find(name.empty() ? kUsualModule : name);
  return found == left_out_.end() ? std::string_view{} : found->second;
}

void ProbeModules::add(ProbeModule module) {
  std::string name = module.name;
  modules_.insert_or_assign(std::move(name), std::move(module));
}

void ProbeModules::leave_out(const std::string& name, std::string why, std::string warning) {
  left_out_.insert_or_assign(name, std::move(why));
  warnings_.push_back(std::move(warning));
}

bool is_host_field(std::string_view text) {
  return text.find_first_of("/?#@\\ ") == text.npos && parse_target("http://" + std::string(text) + "/");
}

Result<Milliseconds> parse_go_duration(std::string_view text) {
  const auto wrong = [&] { return fail("is no duration such as 5s or 1m30s", printable(text, 40)); };
  if (text == "0") return Milliseconds(0);
  double seconds = 0;
  std::string_view rest = text;
  do {
    double number = 0;
    const auto read = std::from_chars(rest.data(), rest.data() + rest.size(), number, std::chars_format::fixed);
    if (read.ec != std::errc() || !(number >= 0)) return wrong();
    rest.remove_prefix(static_cast<std::size_t>(read.ptr - rest.data()));
    const auto name = rest.substr(0, rest.find_first_of("0123456789."));
    const auto* unit = std::ranges::find(kGoUnits, name, &GoUnit::name);
    if (unit == std::end(kGoUnits)) return wrong();
    seconds += number * unit->seconds;
    rest.remove_prefix(name.size());
  } while (!rest.empty());
  if (seconds > kLongestTimeout) return fail("is more than an hour", printable(text, 40));
  // What is shorter than a millisecond is still a limit.
  return Milliseconds(seconds > 0 ? std::max(1L, static_cast<long>(seconds * 1000)) : 0L);
}

}  // namespace fix502
