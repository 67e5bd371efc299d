#include "gateway/pattern.hpp"

#define PCRE2_CODE_UNIT_WIDTH 8
#include <pcre2.h>

#include <array>

namespace fix502 {
namespace {

constexpr std::size_t kLongestPattern = 16'384;
constexpr std::uint32_t kMostSteps = 200'000;  // PCRE2's match limit: a runaway pattern ends in milliseconds
constexpr std::uint32_t kMostMemory = 8'192;   // KiB, PCRE2's heap limit

PCRE2_SPTR bytes(std::string_view text) {
  return reinterpret_cast<PCRE2_SPTR>(text.data());
}

struct FreeMatch {
  void operator()(pcre2_match_data* data) const noexcept { pcre2_match_data_free(data); }
};
struct FreeContext {
  void operator()(pcre2_match_context* context) const noexcept { pcre2_match_context_free(context); }
};

std::string words_of(int error) {
  std::array<PCRE2_UCHAR, 200> text{};
  pcre2_get_error_message(error, text.data(), text.size());
  return reinterpret_cast<const char*>(text.data());
}

std::vector<std::pair<std::string, std::size_t>> names_of(const pcre2_code* code) {
  std::uint32_t count = 0, entry = 0;
  PCRE2_SPTR table = nullptr;
  pcre2_pattern_info(code, PCRE2_INFO_NAMECOUNT, &count);
  pcre2_pattern_info(code, PCRE2_INFO_NAMEENTRYSIZE, &entry);
  pcre2_pattern_info(code, PCRE2_INFO_NAMETABLE, static_cast<void*>(&table));
  std::vector<std::pair<std::string, std::size_t>> names;
  // pcre2api(3): two bytes of number, then the name with its NUL, in rows of `entry` bytes.
  for (std::uint32_t i = 0; i < count; ++i, table += entry)
    names.emplace_back(reinterpret_cast<const char*>(table + 2), static_cast<std::size_t>(table[0] << 8 | table[1]));
  return names;
}

}  // namespace

void Regex::Free::operator()(void* code) const noexcept {
  pcre2_code_free(static_cast<pcre2_code*>(code));
}

Result<Regex> Regex::compile(std::string_view pattern, bool ignore_case) {
  if (pattern.size() > kLongestPattern) return fail("regular expression is too long");
  int error = 0;
  PCRE2_SIZE offset = 0;
  auto* code =
      pcre2_compile(bytes(pattern), pattern.size(), ignore_case ? PCRE2_CASELESS : 0, &error, &offset, nullptr);
  if (code == nullptr) return fail(words_of(error), std::string(pattern.substr(0, 200)));
  Regex compiled;
  compiled.code_.reset(code);
  compiled.names_ = names_of(code);
  return compiled;
}

std::optional<std::vector<std::string>> Regex::match(std::string_view subject) const {
  const auto* code = static_cast<const pcre2_code*>(code_.get());
  const std::unique_ptr<pcre2_match_data, FreeMatch> data(pcre2_match_data_create_from_pattern(code, nullptr));
  const std::unique_ptr<pcre2_match_context, FreeContext> context(pcre2_match_context_create(nullptr));
  pcre2_set_match_limit(context.get(), kMostSteps);
  pcre2_set_heap_limit(context.get(), kMostMemory);
  const int count = pcre2_match(code, bytes(subject), subject.size(), 0, 0, data.get(), context.get());
  if (count < 0) return std::nullopt;
  const auto* offsets = pcre2_get_ovector_pointer(data.get());
  std::vector<std::string> groups(pcre2_get_ovector_count(data.get()));
  for (std::size_t i = 0; i < static_cast<std::size_t>(count); ++i)
    if (offsets[2 * i] != PCRE2_UNSET && offsets[2 * i] <= offsets[2 * i + 1])
      groups[i] = subject.substr(offsets[2 * i], offsets[2 * i + 1] - offsets[2 * i]);
  return groups;
}

}  // namespace fix502
