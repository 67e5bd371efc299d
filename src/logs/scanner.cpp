#include "logs/scanner.hpp"

#include <fmt/format.h>
#include <hs/hs.h>

#include <cctype>
#include <cstring>
#include <set>

#include "logline/message.hpp"

namespace fix502 {
namespace {

struct Walk {
  std::string_view block;
  const std::function<void(std::string_view)>* found;
  std::size_t done = 0;  // end of the last line that was handed on
};

int on_match(unsigned, unsigned long long, unsigned long long to, unsigned, void* context) {
  auto& walk = *static_cast<Walk*>(context);
  const auto end_of_match = static_cast<std::size_t>(to);
  if (end_of_match <= walk.done) return 0;
  const char* data = walk.block.data();
  const std::size_t last = end_of_match - 1;
  const void* before = last == 0 ? nullptr : memrchr(data + walk.done, '\n', last - walk.done);
  const std::size_t begin =
      before == nullptr ? walk.done : static_cast<std::size_t>(static_cast<const char*>(before) - data) + 1;
  const void* newline = std::memchr(data + last, '\n', walk.block.size() - last);
  const std::size_t end =
      newline == nullptr ? walk.block.size() : static_cast<std::size_t>(static_cast<const char*>(newline) - data);
  walk.done = newline == nullptr ? end : end + 1;
  if (end > begin) (*walk.found)(walk.block.substr(begin, end - begin));
  return 0;
}

}  // namespace

void Scanner::Free::operator()(hs_database* database) const noexcept {
  hs_free_database(database);
}

Result<Scanner> Scanner::compile(const std::vector<std::string>& patterns) {
  std::vector<const char*> texts;
  std::vector<unsigned> flags;
  std::vector<unsigned> ids;
  for (const std::string& pattern : patterns) {
    texts.push_back(pattern.c_str());
    flags.push_back(HS_FLAG_DOTALL);
    ids.push_back(static_cast<unsigned>(ids.size()));
  }
  hs_database* database = nullptr;
  hs_compile_error* error = nullptr;
  if (hs_compile_multi(texts.data(), flags.data(), ids.data(), static_cast<unsigned>(texts.size()), HS_MODE_BLOCK,
                       nullptr, &database, &error) != HS_SUCCESS) {
    const int which = error->expression;
    auto failure = fail(fmt::format("a pattern does not compile: {}", error->message),
                        which >= 0 ? patterns.at(static_cast<std::size_t>(which)) : std::string());
    hs_free_compile_error(error);
    return failure;
  }
  Scanner scanner;
  scanner.database_.reset(database);
  return scanner;
}

Scanner::Scratch::Scratch(const Scanner& scanner) {
  // Fails for want of memory only; then nothing would be scanned, which must not pass for "no failures".
  if (hs_alloc_scratch(scanner.database_.get(), &scratch_) != HS_SUCCESS) throw std::bad_alloc();
}

Scanner::Scratch::~Scratch() {
  if (scratch_ != nullptr) hs_free_scratch(scratch_);
}

void Scanner::scan(std::string_view block, Scratch& scratch,
                   const std::function<void(std::string_view line)>& found) const {
  Walk walk{block, &found};
  hs_scan(database_.get(), block.data(), static_cast<unsigned>(block.size()), 0, scratch.scratch_, on_match, &walk);
}

std::string literal_pattern(std::string_view text) {
  std::string pattern;
  for (const char c : text) {
    if (std::isalnum(static_cast<unsigned char>(c)) != 0 || c == ' ')
      pattern += c;
    else
      pattern += fmt::format("\\x{:02x}", static_cast<unsigned char>(c));
  }
  return pattern;
}

std::vector<std::string> access_patterns() {
  return {
      R"(" (?:5\d\d|009) )",  // combined, Traefik, Envoy, HAProxy with quoted request
      R"x((?:[sS]tatus|code)"? ?[:=] ?"?5\d\d)x",
      R"(/-?\d+ 5\d\d )",                                        // HAProxy: behind the timers
      R"([A-Z]/5\d\d )",                                         // Squid
      R"([\t ]5\d\d[\t ](?:-|\d{3}|0)[\t ])",                    // load balancers: their status and the target's
      R"(\t5\d\d\t)",                                            // CloudFront
      R"( (?:SC|sC|SH|sH|PH|PD|SD|sD|sQ|RC|PC)[A-Z-]{2} \d+/)",  // HAProxy: cut answers keep their 200
      R"([0-9], 5\d\d|5\d\d, [0-9])",                            // nginx: upstreams tried in turn
      // Lines of an error log in the same file.
      R"(\[(?:error|crit|alert|emerg)\] )",
      R"(:(?:error|crit)\] \[pid)",
      R"("level":"error")",
  };
}

std::vector<std::string> layout_patterns(const Layout& layout) {
  const std::string before = layout.before_status();
  std::vector<std::string> patterns = {literal_pattern(before.substr(before.size() > 2 ? before.size() - 2 : 0)) +
                                       R"((?:5\d\d|009))" + literal_pattern(layout.after_status().substr(0, 1))};
  if (layout.has(Field::upstream_status)) patterns.emplace_back(R"([0-9], 5\d\d|5\d\d, [0-9])");
  if (layout.has(Field::state) && layout.has(Field::timers))
    patterns.emplace_back(R"( (?:SC|sC|SH|sH|PH|PD|SD|sD|sQ|RC|PC)[A-Z-]{2} \d+/)");
  for (const char* foreign : {" [error] ", " [crit] ", ":error] [pid", "\"level\":\"error\""})
    patterns.push_back(literal_pattern(foreign));
  return patterns;
}

std::vector<std::string> all_patterns() {
  std::vector<std::string> patterns = access_patterns();
  std::set<std::string_view> keys;
  for (const Message& message : messages()) keys.insert(key_of(message.pattern));
  for (const std::string_view key : keys) patterns.push_back(literal_pattern(key));
  return patterns;
}

}  // namespace fix502
