#include <fmt/format.h>

#include <algorithm>

#include "base/text.hpp"
#include "gateway/gateways/nginx/editor.hpp"

namespace fix502::nginx {
namespace {

/// A script's file, and not a folder or a value with variables.
bool is_file(const std::string& text) {
  const auto name = text.substr(text.rfind('/') + 1);
  return name.find('.') != std::string::npos || text.contains('$');
}

std::string script_value(const std::string& text) {
  if (text.empty()) return "$document_root$fastcgi_script_name";
  return is_file(text) ? text : text.substr(0, text.find_last_not_of('/') + 1) + "$fastcgi_script_name";
}

/// "host:port" of the pass, without its scheme and path, with the port written out.
std::string address_of(const Editor& editor, const Route& route) {
  bool tls = false;
  const auto url = parse_url(strip_scheme(editor.pass()->arg(0), tls));
  if (!url.socket.empty()) return "unix:" + url.socket;
  if (editor.group() != nullptr || !url.port_text.empty() || url.host.contains('$') || route.servers.empty())
    return url.host + (url.port_text.empty() ? "" : ":" + url.port_text);
  return fmt::format("{}:{}", url.host, route.servers[0].port);
}

bool set_http_version(Editor& editor, const std::string& version) {
  if (editor.family() != "proxy_") return false;
  const auto now = setting_of(editor.conf(), "proxy_http_version", editor.since("1.29.7") ? "1.1" : "1.0").value;
  if (now == version) return false;
  editor.set("proxy_http_version", version);
  return true;
}

bool speak(Editor& editor, const Route& route, const Mending& mending) {
  const auto& pass = *editor.pass();
  const auto address = address_of(editor, route);
  std::string line;
  std::vector<std::string> behind;
  switch (mending.protocol) {
    case Protocol::http1_0:
    case Protocol::http1_1:
    case Protocol::http2: {
      const auto* version = mending.protocol == Protocol::http1_0   ? "1.0"
                            : mending.protocol == Protocol::http1_1 ? "1.1"
                                                                    : "2";
      if (mending.protocol == Protocol::http2 && !editor.since("1.29.4")) return false;
      if (editor.family() == "proxy_") return set_http_version(editor, version);
      line = "proxy_pass http://" + address + ";";
      if (mending.protocol == Protocol::http2) behind.push_back("proxy_http_version 2;");
      break;
    }
    case Protocol::fastcgi:
      line = "fastcgi_pass " + address + ";";
      behind = {"include fastcgi_params;", "fastcgi_param SCRIPT_FILENAME " + script_value(mending.text) + ";"};
      break;
    case Protocol::uwsgi:
      line = "uwsgi_pass " + address + ";";
      behind = {"include uwsgi_params;"};
      break;
    case Protocol::scgi:
      line = "scgi_pass " + address + ";";
      behind = {"include scgi_params;"};
      break;
    case Protocol::grpc:
      line = "grpc_pass grpc://" + address + ";";
      break;
    case Protocol::ajp:
    case Protocol::tcp:
      return false;
  }
  if (line.substr(0, line.find(' ')) == pass.name()) return false;
  editor.replace(pass.place, pass.place.begin, pass.place.end, line);
  // Variables may stand in no `if`: they go behind it, into its location.
  const auto& near = pass.parent->kind == BlockKind::location ? pass : *pass.parent->opener;
  for (const auto& more : behind) editor.insert_behind(near, more);
  return true;
}

bool name_script(Editor& editor, const Mending& mending) {
  if (editor.family() != "fastcgi_" || mending.text.empty()) return false;
  const Directive* script = nullptr;
  for (const auto* param : effective_all(editor.conf(), "fastcgi_param"))
    if (param->arg(0) == "SCRIPT_FILENAME") script = param;
  const bool by_root = script != nullptr && script->arg(1).contains("$document_root");
  if (!is_file(mending.text) && (by_root || (script != nullptr && script->arg(1).contains("$request_filename")))) {
    editor.set("root", quote_word(mending.text));
    return true;
  }
  // A file that is included may serve other places too: PHP takes the last of two values.
  if (script != nullptr && script->via != nullptr && script->parent == &editor.conf()) {
    editor.insert_behind(*script, "fastcgi_param SCRIPT_FILENAME " + quote_word(script_value(mending.text)) + ";");
    return true;
  }
  editor.set_param("SCRIPT_FILENAME", script_value(mending.text));
  return true;
}

bool pass_upgrade(Editor& editor) {
  if (editor.family() != "proxy_") return false;
  static_cast<void>(set_http_version(editor, "1.1"));
  editor.set_header("Upgrade", "$http_upgrade");
  editor.set_header("Connection", "upgrade");
  return true;
}

}  // namespace

bool mend_protocol(Editor& editor, const Route& route, const Mending& mending, const NginxConfiguration&) {
  switch (mending.kind) {
    case MendingKind::speak:
      return speak(editor, route, mending);
    case MendingKind::script_file:
      return name_script(editor, mending);
    case MendingKind::unchunked:
      return set_http_version(editor, "1.0");
    case MendingKind::pass_upgrade:
      return pass_upgrade(editor);
    default:
      return false;
  }
}

}  // namespace fix502::nginx
