#pragma once

// What may end a fault and can be found on this machine: files to trust, scripts that exist, an answer to whether the
// request comes back to where it began.

#include <string>
#include <vector>

#include "gateway/configuration.hpp"

namespace fix502 {

/// Words of the configuration that are absolute paths, each once, at most `most`. Pure.
[[nodiscard]] std::vector<std::string> paths_in(const FileTexts& files, std::size_t most);

/// PEM files that may hold the upstream's authority: the system's, those named in the configuration, and their
/// neighbours.
[[nodiscard]] std::vector<std::string> trust_candidates(const Configuration& configuration, const Route& route,
                                                        Files& files);

/// Script files that exist under other roots, for a FastCGI request whose own script does not.
[[nodiscard]] std::vector<std::string> script_candidates(const Configuration& configuration, const Route& route,
                                                         Files& files);

/// The request as the upstream gets it, as the next gateway's incoming one.
[[nodiscard]] Incoming as_incoming(const Route& route, const UpstreamServer& server, const Incoming& before);

/// A listener of this configuration takes what is sent to that server.
[[nodiscard]] bool listens_at(const Configuration& configuration, const UpstreamServer& server,
                              const std::vector<std::string>& own_addresses);

/// The request comes back to this gateway again and again. Pure.
[[nodiscard]] bool loops(const Configuration& configuration, const Incoming& incoming,
                         const std::vector<std::string>& own_addresses);

}  // namespace fix502
