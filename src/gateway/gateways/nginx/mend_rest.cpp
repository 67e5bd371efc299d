#include <algorithm>

#include "base/text.hpp"
#include "gateway/gateways/nginx/editor.hpp"

namespace fix502::nginx {
namespace {

bool store_no_errors(Editor& editor) {
  for (const auto* valid : effective_all(editor.conf(), editor.family() + "cache_valid")) {
    std::string codes;
    bool errors = false;
    for (std::size_t i = 0; i + 1 < valid->args(); ++i) {
      const auto& code = valid->arg(i);
      const bool error = code == "any" || (code.size() == 3 && code[0] == '5');
      errors = errors || error;
      if (code == "any")
        codes += " 200 301 302";
      else if (!error)
        codes += " " + code;
    }
    if (!errors) continue;
    if (codes.empty())
      editor.remove(*valid);
    else
      editor.replace(valid->place, valid->words[1].begin, valid->words[valid->words.size() - 2].end, codes.substr(1));
  }
  return editor.any();
}

bool run_as(Editor& editor, const std::string& user, const NginxConfiguration& all) {
  if (user.empty()) return false;
  const auto& main = all.main();
  if (main.own("user") != nullptr)
    editor.set_in(main, "user", quote_word(user));
  else if (!main.children.empty())
    editor.insert_before(*main.children.front(), "user " + quote_word(user) + ";");
  return true;
}

}  // namespace

bool mend_rest(Editor& editor, const Route&, const Mending& mending, const NginxConfiguration& all) {
  if (mending.kind == MendingKind::cache_no_errors) return store_no_errors(editor);
  return run_as(editor, mending.text, all);
}

}  // namespace fix502::nginx
