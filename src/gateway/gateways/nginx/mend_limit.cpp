#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "base/text.hpp"
#include "gateway/gateways/nginx/editor.hpp"
#include "gateway/gateways/nginx/values.hpp"

namespace fix502::nginx {
namespace {

constexpr std::int64_t kPage = 4096;

std::int64_t round_up(std::int64_t bytes, std::int64_t step) {
  return (bytes + step - 1) / step * step;
}

/// "8 4k": how many, and how large each is.
std::pair<std::int64_t, std::int64_t> buffers_of(const Block& conf, const std::string& name) {
  const auto* found = effective(conf, name);
  if (found == nullptr) return {8, kPage};
  return {std::clamp<std::int64_t>(parse_count(found->arg(0)).value_or(8), 2, 1'000'000),
          std::clamp<std::int64_t>(parse_size(found->arg(1)).value_or(kPage), 1, 1 << 30)};
}

/// The buffers must fit together, or nginx does not start: busy >= max(buffer, one of buffers), and busy <= all of
/// them but one (ngx_http_proxy_merge_loc_conf()); where busy is not written it is twice the larger one.
bool set_response_header(Editor& editor, const Route& route, std::int64_t amount) {
  const auto& conf = editor.conf();
  const auto name = [&](std::string_view tail) { return editor.family() + std::string(tail); };
  const auto* own = effective(conf, name("buffer_size"));
  const auto now = own == nullptr ? kPage : parse_size(own->arg(0)).value_or(kPage);
  // With a cache a part of the buffer is the cache file's head.
  if (const auto* limit = route.limit(LimitKind::response_header); limit != nullptr && limit->amount)
    amount += std::max<std::int64_t>(now - *limit->amount, 0);
  const auto wanted = round_up(amount, amount > kPage ? kPage : 1024);
  const auto text = size_text(wanted, own == nullptr ? "4k" : own->arg(0));
  editor.set(name("buffer_size"), text);
  if (editor.family() == "grpc_") return true;
  const auto [count, size] = buffers_of(conf, name("buffers"));
  const auto larger = std::max(wanted, size), room = (count - 1) * size;
  const auto* busy = effective(conf, name("busy_buffers_size"));
  const auto busy_now = busy == nullptr ? 2 * larger : parse_size(busy->arg(0)).value_or(0);
  if (larger > room) {
    editor.set(name("buffers"), fmt::format("{} {}", count < 3 ? 8 : count, text));
    if (busy != nullptr && busy_now < wanted) editor.set(name("busy_buffers_size"), size_text(2 * wanted, "4k"));
  } else if (busy_now > room || busy_now < larger) {
    editor.set(name("busy_buffers_size"), size_text(std::min(room, round_up(larger + larger / 2, kPage)), "4k"));
  }
  if (const auto* file = effective(conf, name("temp_file_write_size")))
    if (parse_size(file->arg(0)).value_or(0) < larger)
      editor.set(name("temp_file_write_size"), size_text(2 * larger, "4k"));
  return true;
}

/// The server whose settings count for the request line: with plain text the default one of the address.
const Block* reader_of_line(const Block* server, const Model& model) {
  for (const auto& address : model.addresses)
    for (const auto& [one, listen] : address.servers)
      if (&one->block() == server && !address.tls) return &address.fallback->block();
  return server;
}

/// "4 8k" of the server that reads the header.
bool set_client_header(Editor& editor, const Route& route, const Mending& mending, const Model& model) {
  const auto* server = editor.server();
  if (server == nullptr) return false;
  if (mending.limit == LimitKind::request_line) server = reader_of_line(server, model);
  auto size = round_up(mending.amount, mending.amount > 1024 ? kPage : 1024);
  std::string count = "4", like = "8k";
  const auto* found = effective(*server, "large_client_header_buffers");
  if (found != nullptr && found->args() == 2) count = found->arg(0), like = found->arg(1);
  const auto many = std::max<std::int64_t>(parse_count(count).value_or(4), 1);
  if (mending.limit == LimitKind::request_header) {
    size = round_up((mending.amount + many - 1) / many, kPage);
    if (const auto* field = route.limit(LimitKind::request_field); field != nullptr && field->amount)
      size = std::max(size, *field->amount);
  }
  editor.set_in(found != nullptr ? *found->parent : *server, "large_client_header_buffers",
                fmt::format("{} {}", many, size_text(size, like)),
                server->own("server_name") != nullptr ? server->own("server_name") : server->own("listen"));
  return true;
}

/// "max_fails=3" among the words of a server.
bool set_of_server(Editor& editor, const Mending& mending, std::string_view key, const std::string& value) {
  const auto* group = editor.group();
  if (group == nullptr || mending.server >= group->servers.size()) return false;
  const auto& server = *group->servers[mending.server];
  const auto text = fmt::format("{}={}", key, value);
  for (std::size_t i = 1; i < server.args(); ++i)
    if (server.arg(i).starts_with(std::string(key) + "=")) {
      editor.replace_word(server, i, text);
      return true;
    }
  editor.replace(server.place, server.words[1].end, server.words[1].end, " " + text);
  return true;
}

bool set_of_group(Editor& editor, const std::string& name, const std::string& value) {
  const auto* group = editor.group();
  if (group == nullptr) return false;
  editor.set_in(*group->at->block, name, value, group->at->block->own("keepalive"));
  return true;
}

bool set_of_process(Editor& editor, const Mending& mending, const NginxConfiguration& all) {
  const auto value = fmt::format("{}", mending.amount);
  if (mending.limit == LimitKind::connections) {
    const auto* events = all.main().own("events");
    if (events == nullptr || !events->block) return false;
    editor.set_in(*events->block, "worker_connections", value);
    return true;
  }
  const auto* near = all.main().own("worker_processes");
  if (near != nullptr || all.main().own("worker_rlimit_nofile") != nullptr)
    editor.set_in(all.main(), "worker_rlimit_nofile", value, near);
  else if (!all.main().children.empty())
    editor.insert_before(*all.main().children.front(), "worker_rlimit_nofile " + value + ";");
  return true;
}

}  // namespace

bool mend_limit(Editor& editor, const Route& route, const Mending& mending, const NginxConfiguration& all) {
  if (mending.amount <= 0) return false;
  const auto* limit = route.limit(mending.limit);
  const std::string like = limit == nullptr ? "" : limit->from.value;
  const auto time = time_text(mending.amount, like == "none" ? "" : like);
  switch (mending.limit) {
    case LimitKind::connect_timeout:
      editor.set(editor.family() + "connect_timeout", time);
      return true;
    case LimitKind::send_timeout:
      editor.set(editor.family() + "send_timeout", time);
      return true;
    case LimitKind::read_timeout:
      editor.set(editor.family() + "read_timeout", time);
      return true;
    case LimitKind::client_timeout:
      editor.set("send_timeout", time);
      return true;
    case LimitKind::retries:
      editor.set(editor.family() + "next_upstream_tries", fmt::format("{}", mending.amount + 1));
      return true;
    case LimitKind::request_body:
      editor.set("client_max_body_size", size_text(mending.amount, like));
      return true;
    case LimitKind::response_header:
      return set_response_header(editor, route, mending.amount);
    case LimitKind::request_header:
    case LimitKind::request_field:
    case LimitKind::request_line:
      return set_client_header(editor, route, mending, all.model());
    case LimitKind::retry_pause:
      return set_of_server(editor, mending, "fail_timeout", time_text(mending.amount, "1s"));
    case LimitKind::max_fails:
      return set_of_server(editor, mending, "max_fails", fmt::format("{}", mending.amount));
    case LimitKind::upstream_connections:
      return set_of_server(editor, mending, "max_conns", fmt::format("{}", mending.amount));
    case LimitKind::pool_size:
      return set_of_group(editor, "keepalive", fmt::format("{}", mending.amount));
    case LimitKind::pool_idle:
      return set_of_group(editor, "keepalive_timeout", time);
    case LimitKind::pool_requests:
      return set_of_group(editor, "keepalive_requests", fmt::format("{}", mending.amount));
    case LimitKind::connections:
    case LimitKind::files:
      return set_of_process(editor, mending, all);
    case LimitKind::queue_timeout:
    case LimitKind::check_timeout:
    case LimitKind::response_field:
      break;
  }
  return false;
}

}  // namespace fix502::nginx
