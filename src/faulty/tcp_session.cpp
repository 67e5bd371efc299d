#include "faulty/serve.hpp"

namespace fix502::faulty {

nlohmann::json connection_facts(Stream& stream, std::size_t connection) {
  boost::system::error_code ignored;
  return {{"connection", connection},
          {"local", to_text(stream.socket().local_endpoint(ignored))},
          {"remote", to_text(stream.socket().remote_endpoint(ignored))},
          {"sni", stream.greeted().sni},
          {"tls", stream.tls_version()}};
}

Task<bool> greet(World& world, Door& door, Stream& stream, std::size_t connection) {
  if (!door.tls) co_return true;
  nlohmann::json facts = connection_facts(stream, connection);
  const bool done = co_await stream.greet_as_server(*door.tls);
  if (done) co_return true;
  facts["sni"] = stream.greeted().sni;
  static constexpr const char* kNames[] = {"continue", "close", "reset", "silent", "alert", "plain"};
  const Greeting* fault = stream.greeted().fault;
  facts["answer"] = fault ? kNames[static_cast<int>(fault->what)] : "failed";
  world.note(*door.listener, "tls", std::move(facts));
  co_return false;
}

Task<void> serve_tcp(World& world, Door& door, tcp::socket socket, std::size_t connection) {
  Stream stream(std::move(socket), door.listener->mtu_black_hole);
  if (!co_await greet(world, door, stream, connection)) co_return;
  const auto& spec = std::get<TcpListener>(door.listener->serves);
  nlohmann::json facts = connection_facts(stream, connection);
  facts["answer"] = spec.what;
  world.note(*door.listener, "tcp", std::move(facts));
  std::string ignored;
  if (spec.wait_for_input) {
    const bool spoke = co_await stream.read(ignored);
    if (!spoke) co_return;
  }
  if (spec.what == "banner") {
    if (co_await stream.write(spec.bytes)) co_await stream.end(spec.then);
    co_return;
  }
  static constexpr std::pair<std::string_view, Ending> kEndingOf[] = {
      {"silent", Ending::stall}, {"close", Ending::close}, {"reset", Ending::reset}};
  for (const auto& [what, ending] : kEndingOf)
    if (spec.what == what) co_await stream.end(ending);
}

}  // namespace fix502::faulty
