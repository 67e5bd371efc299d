#include "signature/heading.hpp"

#include <charconv>

#include "base/text.hpp"

namespace fix502 {

int status_in_heading(std::string_view page) {
  for (const std::string_view tag : {"<title>", "<h1>"}) {
    const auto found = page.find(tag);
    if (found == page.npos) continue;
    const auto text = trim(page.substr(found + tag.size(), 16));
    int status = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), status);
    const bool three_digits = error == std::errc{} && end == text.data() + 3;
    if (three_digits && status >= 400 && status < 600) return status;
  }
  return 0;
}

}  // namespace fix502
