#include "observation/words.hpp"

#include <algorithm>
#include <array>

namespace fix502 {
namespace {

struct FailureRow {
  std::string_view id, sentence, nel, cause;
};

constexpr FailureRow kFailures[] = {
#define FAILURE(id, sentence, nel, cause) {#id, sentence, nel, cause},
#include "observation/failures.def"
#undef FAILURE
};

const FailureRow& row(Failure failure) {
  return kFailures[static_cast<std::size_t>(failure)];
}

template <typename T, std::size_t N>
bool find_word(const std::array<std::string_view, N>& table, std::string_view word, T& value) {
  const auto found = std::ranges::find(table, word);
  if (found == table.end()) return false;
  value = static_cast<T>(found - table.begin());
  return true;
}

}  // namespace

std::string_view to_word(Failure failure) {
  return row(failure).id;
}

bool from_word(std::string_view word, Failure& failure) {
  const auto found = std::ranges::find(kFailures, word, &FailureRow::id);
  if (found == std::end(kFailures)) return false;
  failure = static_cast<Failure>(found - std::begin(kFailures));
  return true;
}

std::string_view sentence(Failure failure) {
  return row(failure).sentence;
}
std::string_view nel_type(Failure failure) {
  return row(failure).nel;
}
std::string_view cause(Failure failure) {
  return row(failure).cause;
}
bool is_certificate(Failure failure) {
  return failure >= Failure::cert_expired && failure <= Failure::cert_invalid;
}
bool is_connect(Failure failure) {
  return failure >= Failure::refused && failure <= Failure::local_address;
}
bool is_tls(Failure failure) {
  return failure >= Failure::tls_alert && failure <= Failure::cert_invalid;
}

#define WORD_SET(name) \
  namespace {          \
  constexpr auto k##name##Words = std::to_array<std::string_view>({
#define WORD(name, id, text) text,
#define WORD_END(name)                                      \
  });                                                       \
  }                                                         \
  std::string_view to_word(name value) {                    \
    return k##name##Words[static_cast<std::size_t>(value)]; \
  }                                                         \
  bool from_word(std::string_view word, name& value) {      \
    return find_word(k##name##Words, word, value);          \
  }
#include "observation/words.def"
#undef WORD_SET
#undef WORD
#undef WORD_END

}  // namespace fix502
