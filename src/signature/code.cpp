#include "signature/code.hpp"

#include <algorithm>

#include "base/text.hpp"

namespace fix502 {
namespace {

/// Where a product puts its code: a field whole, or the digits behind a text of its page.
struct Place {
  std::string_view product;
  std::string_view field;   ///< empty: it stands in the page
  std::string_view before;  ///< what the digits stand behind, in lower case
  std::string_view prefix;  ///< put before them
};

constexpr Place kPlaces[] = {
    {"cloudflare", "", "cf-error-code\">", ""},
    {"cloudflare", "", "error code: ", ""},
    {"cloudflare", "", "error code ", ""},
    {"cloudflare", "cf-error-type", "", ""},
    {"akamai", "", "reference #", "Reference #"},
    {"imperva", "", "error code ", ""},
    {"squid", "x-squid-error", "", ""},
    {"vercel", "x-vercel-error", "", ""},
    {"ngrok", "ngrok-error-code", "", ""},
    {"render", "x-render-routing", "", ""},
    {"digitalocean", "x-do-failure-code", "", ""},
};

constexpr std::size_t kMaxCode = 64;

std::string digits_behind(std::string_view text, std::string_view before) {
  const auto found = text.find(before);
  if (found == text.npos) return {};
  text.remove_prefix(found + before.size());
  return std::string(text.substr(0, std::min(text.find_first_not_of("0123456789"), kMaxCode)));
}

}  // namespace

std::string code_of(std::string_view product, const Answer& answer) {
  for (const Place& place : kPlaces) {
    if (place.product != product) continue;
    if (!place.field.empty()) {
      if (const std::string* value = answer.exchange.header(place.field)) return printable(trim(*value), kMaxCode);
    } else if (const std::string digits = digits_behind(answer.body, place.before); !digits.empty()) {
      return std::string(place.prefix) + digits;
    }
  }
  const bool own_status = product == "cloudflare" && answer.status >= 520 && answer.status <= 530;
  return own_status ? std::to_string(answer.status) : std::string();
}

}  // namespace fix502
