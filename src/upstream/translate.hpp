#pragma once

// The same request in another protocol. Pure.

#include <string>

#include "gateway/route.hpp"

namespace fix502 {

/// `visitor_host` names the site where the request itself does not; `script` is the file that FastCGI names, empty: the
/// request's own path, which runs no script unless there is one at the root of the disk.
[[nodiscard]] UpstreamRequest translated(const UpstreamRequest& request, Protocol to, const std::string& visitor_host,
                                         const std::string& script);

/// Puts the value in the place of that field's (or variable's), or adds it.
void set_value(std::vector<NameValue>& list, const std::string& name, const std::string& value);
[[nodiscard]] std::string value_of(const std::vector<NameValue>& list, std::string_view name);

}  // namespace fix502
