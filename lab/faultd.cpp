// Serves the faults that one JSON file describes, until it is told to end. See lab/faultd.md.
#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <boost/asio/signal_set.hpp>
#include <boost/asio/steady_timer.hpp>
#include <csignal>
#include <fstream>

#include "faulty/servers.hpp"

namespace {

using namespace fix502;

Result<nlohmann::json> read_json(const std::string& name) {
  std::ifstream file(name);
  if (!file) return fail("file cannot be read", name);
  try {
    return nlohmann::json::parse(file, nullptr, true, true);
  } catch (const nlohmann::json::parse_error& bad) {
    return fail(bad.what(), name);
  }
}

Result<void> serve(const std::string& name, int seconds) {
  const auto json = read_json(name);
  if (!json) return std::unexpected(json.error());
  auto config = faulty::parse_config(*json, std::filesystem::path(name).parent_path());
  if (!config) return fail(config.error().message(), name);
  boost::asio::io_context loop;
  auto servers = faulty::Servers::start(loop, std::move(*config));
  if (!servers) return fail(servers.error().message(), name);
  boost::asio::signal_set signals(loop, SIGTERM, SIGINT);
  boost::asio::steady_timer timer(loop, std::chrono::seconds(seconds));
  const auto end = [&] {
    servers->stop();
    loop.stop();
  };
  signals.async_wait([&](const boost::system::error_code& bad, int) {
    if (!bad) end();
  });
  timer.async_wait([&](const boost::system::error_code& bad) {
    if (!bad) end();
  });
  fmt::print("ready\n");
  for (const auto& [listener, protocol, address, port] : servers->endpoints())
    fmt::print("{} {} {} {}\n", protocol, address, port, listener);
  std::fflush(stdout);
  loop.run();
  return {};
}

}  // namespace

int main(int argc, char** argv) {
  // A peer that has gone is a write that fails, not our end.
  std::signal(SIGPIPE, SIG_IGN);
  CLI::App app("servers that misbehave on purpose");
  std::string file;
  int seconds = 600;
  app.add_option("FILE", file, "what to serve; see lab/faultd.md")->required();
  app.add_option("--seconds", seconds, "end by itself after so long");
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& bad) {
    return app.exit(bad) == 0 ? 0 : 2;
  }
  const auto done = serve(file, seconds);
  if (done) return 0;
  fmt::print(stderr, "faultd: {}\n", done.error().message());
  return 2;
}
