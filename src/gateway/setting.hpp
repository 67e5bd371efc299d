#pragma once

#include <map>
#include <optional>
#include <string>

#include "gateway/place.hpp"
#include "gateway/words.hpp"

namespace fix502 {

/// A value that applies to a request, and where it comes from.
struct Setting {
  std::string directive;  ///< the gateway's own word: "proxy_read_timeout", "timeout server"
  std::string value;      ///< as written, or what the gateway takes by itself
  Source source = Source::builtin;
  ConfigPlace place;  ///< nowhere for a built-in default

  bool operator==(const Setting&) const = default;
  static constexpr void fields(auto&& field) {
    field("directive", &Setting::directive);
    field("value", &Setting::value);
    field("source", &Setting::source);
    field("place", &Setting::place);
  }
};

/// A setting that is a number.
struct Limit {
  std::optional<std::int64_t> amount;  ///< in the unit of its kind; nothing: no limit
  Setting from;

  bool operator==(const Limit&) const = default;
  static constexpr void fields(auto&& field) {
    field("amount", &Limit::amount);
    field("from", &Limit::from);
  }
};

/// By the kind's word. What a gateway does not have is not in it.
using Limits = std::map<std::string, Limit>;

}  // namespace fix502
