#pragma once

#include <vector>

#include "remedy/remedy.hpp"

namespace fix502 {

/// The plan where the steps have been judged already: what an experiment showed outweighs what the table expects.
[[nodiscard]] std::vector<Remedy> planned(const Evidence& evidence, const Verdict& verdict,
                                          const std::vector<Step>& steps);

}  // namespace fix502
