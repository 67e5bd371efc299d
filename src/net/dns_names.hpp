#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace fix502 {

/// Names as DnsRecord has them: lower case, no last dot, "." is the root.

/// `name` is `zone` or stands below it.
[[nodiscard]] bool is_within(std::string_view name, std::string_view zone);
/// Number of labels; the root has none.
[[nodiscard]] std::size_t label_count(std::string_view name);
/// The name, its parent, ... down to `least` labels.
[[nodiscard]] std::vector<std::string> cuts_of(std::string_view name, std::size_t least);

}  // namespace fix502
