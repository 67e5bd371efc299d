#include "resolver/named_conf.hpp"

#include <algorithm>

#include "resolver/bounds.hpp"
#include "target/target.hpp"

namespace fix502 {
namespace {

constexpr int kMaxIncludes = 50;

/// Words, quoted texts, and the marks { } ; without comments (// to the end of the line, # likewise, /* */).
std::vector<std::string> tokens(std::string_view text) {
  std::vector<std::string> found;
  for (std::size_t at = 0; at < text.size();) {
    const std::string_view rest = text.substr(at);
    if (rest.starts_with("//") || rest.front() == '#') {
      at += std::min(rest.find('\n'), rest.size());
    } else if (rest.starts_with("/*")) {
      const auto end = rest.find("*/", 2);
      at += end == rest.npos ? rest.size() : end + 2;
    } else if (rest.front() == '"') {
      const auto end = std::min(rest.find('"', 1), rest.size() - 1);
      found.emplace_back(rest.substr(1, end == 0 ? 0 : end - 1));
      at += end + 1;
    } else if (std::string_view(" \t\r\n").find(rest.front()) != std::string_view::npos) {
      ++at;
    } else {
      const bool mark = std::string_view("{};").find(rest.front()) != std::string_view::npos;
      const auto end = mark ? 1 : std::min(rest.find_first_of(" \t\r\n{};\""), rest.size());
      found.emplace_back(rest.substr(0, end));
      at += end;
    }
  }
  return found;
}

class Reader {
 public:
  explicit Reader(const std::function<std::string(const std::string& path)>& read) : read_(read) {}

  void take(std::string_view text, int depth) {
    const auto word = tokens(text);
    std::vector<std::string> around;  // the statements whose braces are open
    for (std::size_t i = 0; i < word.size(); ++i) {
      if (word[i] == "}") {
        if (!around.empty()) around.pop_back();
      } else if (word[i] == "{") {
        around.push_back(begin_ < i ? word[begin_] : std::string());
      } else if (i == begin_ || at_begin(word, i)) {
        begin_ = i;
        statement(word, i, around, depth);
      }
    }
    begin_ = 0;
  }

  NamedConf conf;

 private:
  static bool at_begin(const std::vector<std::string>& word, std::size_t i) {
    return i == 0 || word[i - 1] == ";" || word[i - 1] == "{" || word[i - 1] == "}";
  }
  static std::string at(const std::vector<std::string>& word, std::size_t i) {
    return i < word.size() ? word[i] : std::string();
  }

  void statement(const std::vector<std::string>& word, std::size_t i, const std::vector<std::string>& around,
                 int depth) {
    if (word[i] == "include" && depth < kDeepest && ++included_ <= kMaxIncludes) {
      const std::string text = read_(at(word, i + 1));
      const auto kept = begin_;
      begin_ = 0;
      take(text, depth + 1);
      begin_ = kept;
    } else if (word[i] == "inet" && !around.empty() && around.back() == "controls" && conf.control_address.empty()) {
      const std::string address = at(word, i + 1);
      conf.control_address = address == "*" ? "127.0.0.1" : address == "::" ? "::1" : address;
      if (at(word, i + 2) == "port") conf.control_port = at(word, i + 3);
    } else if (!around.empty() && around.back() == "forwarders" && around.size() > 1 &&
               around[around.size() - 2] == "options") {
      const bool address = is_ipv4(word[i]) || is_ipv6(word[i]);
      if (!address || conf.forwarders.size() >= 10) return;
      const bool ported = at(word, i + 1) == "port";
      conf.forwarders.push_back(ported ? word[i] + "#" + at(word, i + 2) : word[i]);
    }
  }

  const std::function<std::string(const std::string& path)>& read_;
  std::size_t begin_ = 0;
  int included_ = 0;
};

}  // namespace

NamedConf read_named_conf(std::string_view text, const std::function<std::string(const std::string& path)>& read) {
  Reader reader(read);
  reader.take(text, 0);
  return reader.conf;
}

}  // namespace fix502
