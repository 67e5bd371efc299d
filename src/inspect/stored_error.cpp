#include "inspect/stored_error.hpp"

#include <charconv>
#include <filesystem>
#include <fstream>

#include "base/text.hpp"

namespace fix502 {
namespace {

constexpr std::size_t kMostFilesLooked = 20'000;
constexpr std::size_t kHead = 4096;

}  // namespace

std::optional<CachedError> read_stored_error(std::string_view head, const Incoming& incoming) {
  const auto key_at = head.find("\nKEY: ");
  if (key_at == std::string_view::npos) return std::nullopt;
  const auto key_begin = key_at + 6;
  const auto key_end = head.find('\n', key_begin);
  if (key_end == std::string_view::npos) return std::nullopt;
  const std::string_view key = head.substr(key_begin, key_end - key_begin);
  // The default key ends with the request's target; others may put anything round it.
  if (!key.ends_with(incoming.target) && !(incoming.target.size() > 1 && key.contains(incoming.target)))
    return std::nullopt;
  const auto status_line = head.substr(key_end + 1);
  const auto blank = status_line.find(' ');
  if (!status_line.starts_with("HTTP/") || blank == std::string_view::npos) return std::nullopt;
  CachedError stored;
  const auto number = status_line.substr(blank + 1, 3);
  if (std::from_chars(number.data(), number.data() + number.size(), stored.status).ec != std::errc() ||
      stored.status < 500)
    return std::nullopt;
  stored.key = printable(key, 300);
  return stored;
}

std::optional<CachedError> find_stored_error(const std::string& folder, const Incoming& incoming) {
  std::error_code error;
  std::size_t looked = 0;
  auto entry = std::filesystem::recursive_directory_iterator(
      folder, std::filesystem::directory_options::skip_permission_denied, error);
  for (; !error && entry != std::filesystem::recursive_directory_iterator() && looked < kMostFilesLooked;
       entry.increment(error)) {
    if (!entry->is_regular_file(error) || entry->is_symlink(error)) continue;
    ++looked;
    std::ifstream file(entry->path(), std::ios::binary);
    std::string head(kHead, '\0');
    file.read(head.data(), kHead);
    head.resize(static_cast<std::size_t>(file.gcount()));
    if (auto stored = read_stored_error(head, incoming)) {
      stored->file = entry->path().string();
      return stored;
    }
  }
  return std::nullopt;
}

}  // namespace fix502
