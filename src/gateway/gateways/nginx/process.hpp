#pragma once

#include "gateway/kind.hpp"

namespace fix502::nginx {

[[nodiscard]] bool is_master(const RunningProgram& process);
[[nodiscard]] Result<ReadRequest> request_of(const RunningProgram& process, const Asker& ask);
[[nodiscard]] Result<ReadRequest> request_for(const std::string& config, const RunningProgram* process,
                                              const Asker& ask);
[[nodiscard]] Operation operation(const ReadRequest& request, const Configuration& configuration,
                                  const RunningProgram* master);

}  // namespace fix502::nginx
