#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <map>

#include "base/text.hpp"
#include "owner/control.hpp"
#include "target/target.hpp"

namespace fix502 {
namespace {

constexpr std::size_t kMostServers = 5'000;
constexpr std::size_t kMostControlText = 200;

// haproxy, include/haproxy/server-t.h, enum srv_admin.
constexpr unsigned kForcedMaintenance = 0x01, kConfigured = 0x04, kForcedDrain = 0x08, kNoAddress = 0x20;

/// RFC 4180: fields between commas, quotes where a comma is meant.
std::vector<std::string> csv_fields(std::string_view line) {
  std::vector<std::string> fields(1);
  bool quoted = false;
  for (std::size_t i = 0; i < line.size(); ++i) {
    if (line[i] == '"' && quoted && i + 1 < line.size() && line[i + 1] == '"')
      fields.back() += line[++i];
    else if (line[i] == '"')
      quoted = !quoted;
    else if (line[i] == ',' && !quoted)
      fields.emplace_back();
    else
      fields.back() += line[i];
  }
  return fields;
}

/// A line's fields by their column's name.
class ControlRow {
 public:
  ControlRow(const std::vector<std::string>& names, const std::vector<std::string>& fields) {
    for (std::size_t i = 0; i < std::min(names.size(), fields.size()); ++i) fields_[names[i]] = fields[i];
  }
  [[nodiscard]] std::string operator[](const std::string& name) const {
    const auto found = fields_.find(name);
    return found == fields_.end() ? std::string() : printable(found->second, kMostControlText);
  }

 private:
  std::map<std::string, std::string> fields_;
};

/// "DOWN", "DOWN 1/2", "MAINT (via b/s)", "MAINT (resolution)": nothing is sent there. DRAIN and NOLB still have their
/// old sessions, but new ones go elsewhere.
bool is_down(const std::string& status) {
  return status.starts_with("DOWN") || status.starts_with("MAINT") || status.starts_with("DRAIN") ||
         status.starts_with("NOLB");
}

std::string why(const ControlRow& row) {
  std::string text = row["check_status"];
  const std::string more = row["last_chk"].empty() ? row["check_desc"] : row["last_chk"];
  if (!row["check_code"].empty()) text += " " + row["check_code"];
  if (!more.empty()) text += (text.empty() ? "" : " ") + more;
  return text;
}

std::vector<std::string> blank_separated(std::string_view line) {
  std::vector<std::string> fields;
  for (const auto word : words(line)) fields.emplace_back(word);
  return fields;
}

unsigned bits(const std::string& text) {
  unsigned value = 0;
  std::from_chars(text.data(), text.data() + text.size(), value);
  return value;
}

}  // namespace

std::vector<ServerState> read_haproxy_stat(std::string_view csv) {
  std::vector<ServerState> servers;
  std::vector<std::string> names;
  for (auto line : split(csv, '\n')) {
    if (line.starts_with("# ")) {
      names = csv_fields(line.substr(2));
      continue;
    }
    const ControlRow row(names, csv_fields(line));
    const std::string server = row["svname"];
    if (server.empty() || server == "FRONTEND" || server == "BACKEND" || servers.size() == kMostServers) continue;
    if (const std::string type = row["type"]; !type.empty() && type != "2") continue;  // a listener
    const std::string status = row["status"];
    servers.push_back({.upstream = row["pxname"],
                       .server = server,
                       .address = row["addr"],
                       .state = status,
                       .reason = why(row),
                       .down = is_down(status),
                       .by_hand = false});
  }
  return servers;
}

void read_haproxy_state(std::string_view text, std::vector<ServerState>& servers) {
  std::vector<std::string> names;
  for (const auto line : split(text, '\n')) {
    if (line.starts_with("# ")) {
      names = blank_separated(line.substr(2));
      continue;
    }
    const ControlRow row(names, blank_separated(line));
    const auto found = std::ranges::find_if(servers, [&](const ServerState& server) {
      return server.upstream == row["be_name"] && server.server == row["srv_name"];
    });
    if (found == servers.end()) continue;
    const unsigned admin = bits(row["srv_admin_state"]);
    // "disabled" in the configuration forces it too, and says so.
    found->by_hand = ((admin & kForcedMaintenance) != 0 && (admin & kConfigured) == 0) || (admin & kForcedDrain) != 0;
    if ((admin & kNoAddress) != 0 && found->reason.empty()) found->reason = "its name has no address";
    const std::string address = row["srv_addr"], port = row["srv_port"];
    if (address.empty() || address == "-") continue;
    const bool socket = address.starts_with('/') || address.starts_with("unix");
    found->address = socket ? address : bracketed(address) + ":" + port;
  }
}

Result<std::vector<ServerState>> read_caddy_upstreams(std::string_view json, std::int64_t max_fails) {
  const Json list = Json::parse(json, nullptr, false);
  if (!list.is_array()) return fail("Caddy's answer is no list");
  std::vector<ServerState> servers;
  for (const auto& each : list) {
    if (!each.is_object() || servers.size() == kMostServers) continue;
    const auto address = each.find("address");
    if (address == each.end() || !address->is_string()) continue;
    const auto fails = each.find("fails");
    const std::int64_t count = fails != each.end() && fails->is_number_integer() ? fails->get<std::int64_t>() : 0;
    const auto healthy = each.find("healthy");  // before 2.5
    const bool sick = healthy != each.end() && healthy->is_boolean() && !healthy->get<bool>();
    ServerState state;
    state.server = state.address = printable(address->get<std::string>(), kMostControlText);
    state.down = sick || (max_fails > 0 && count >= max_fails);
    state.state = state.down ? "DOWN" : "UP";
    if (count > 0) state.reason = fmt::format("{} recent failure{}", count, count == 1 ? "" : "s");
    servers.push_back(std::move(state));
  }
  return servers;
}

}  // namespace fix502
