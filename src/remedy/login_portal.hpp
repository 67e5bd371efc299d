#pragma once

#include <string>

#include "observation/evidence.hpp"
#include "remedy/work.hpp"

namespace fix502 {

/// Where the network's login page is, from what the connectivity checks met; empty where none is in the way.
[[nodiscard]] std::string portal_page(const Evidence& evidence);

/// Opens it in the browser. There is nothing to take back.
[[nodiscard]] Work login_portal(const std::string& page);

}  // namespace fix502
