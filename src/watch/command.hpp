#pragma once

#include <sys/types.h>

#include <boost/asio/io_context.hpp>
#include <string>
#include <utility>
#include <vector>

#include "base/result.hpp"
#include "net/net.hpp"

namespace fix502 {

/// Runs COMMAND by /bin/sh -c, with these variables in its environment: nothing from outside is ever part of the
/// command's own text. Its standard output is `output`, its input empty. Gives its exit status, 128 + N where signal N
/// ended it. `process`, where given, is its process while it runs, to be signalled, else 0.
Task<Result<int>> run_command(boost::asio::io_context& loop, std::string command,
                              std::vector<std::pair<std::string, std::string>> variables, int output,
                              pid_t* process = nullptr);

}  // namespace fix502
