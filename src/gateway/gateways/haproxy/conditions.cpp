#include "gateway/gateways/haproxy/conditions.hpp"

#include <algorithm>

#include "base/text.hpp"

namespace fix502::haproxy {
namespace {

Answer operator!(Answer answer) {
  return answer == Answer::unknown ? answer : answer == Answer::yes ? Answer::no : Answer::yes;
}
Answer both(Answer a, Answer b) {
  if (a == Answer::no || b == Answer::no) return Answer::no;
  return a == Answer::yes && b == Answer::yes ? Answer::yes : Answer::unknown;
}
Answer either(Answer a, Answer b) {
  if (a == Answer::yes || b == Answer::yes) return Answer::yes;
  return a == Answer::no && b == Answer::no ? Answer::no : Answer::unknown;
}
Answer as_answer(bool yes) {
  return yes ? Answer::yes : Answer::no;
}

/// A test taken apart: what is looked at, how it is compared, with what.
struct Test {
  std::string expression, method = "str";
  bool ignore_case = false;
  std::vector<std::string> patterns;
};

constexpr std::string_view kMethods[] = {"_beg", "_end", "_sub", "_dir", "_dom", "_reg", "_len", "_cnt"};

/// "path_beg" is "path -m beg", "hdr_dom(host)" is "hdr(host) -m dom".
Test test_of(const std::vector<std::string>& words, const Model& model) {
  Test test;
  if (words.empty()) return test;
  std::string criterion = words[0];
  const auto name_end = std::min(criterion.find_first_of("(,"), criterion.size());
  const std::string name = criterion.substr(0, name_end);
  for (const auto method : kMethods) {
    if (!name.ends_with(method)) continue;
    test.method = method.substr(1);
    criterion = name.substr(0, name.size() - method.size()) + criterion.substr(name_end);
    break;
  }
  test.expression = criterion;
  for (std::size_t i = 1; i < words.size(); ++i) {
    if (words[i] == "-i") {
      test.ignore_case = true;
    } else if (words[i] == "-m" && i + 1 < words.size()) {
      test.method = words[++i];
    } else if (words[i] == "-f" && i + 1 < words.size()) {
      const auto list = model.lists.find(words[++i]);
      if (list == model.lists.end()) continue;
      for (const auto line : split(list->second, '\n'))
        if (!line.starts_with('#')) test.patterns.emplace_back(line);
    } else if (words[i] == "-n" || words[i] == "-M" || words[i] == "--") {
      continue;
    } else {
      test.patterns.push_back(words[i]);
    }
  }
  return test;
}

bool is_number(std::string_view text) {
  return !text.empty() && std::ranges::all_of(text, [](char c) { return c >= '0' && c <= '9'; });
}

Answer compare(const std::string& value, const Test& test, const std::string& given) {
  const std::string pattern = test.ignore_case ? lower(given) : given;
  const std::string text = test.ignore_case ? lower(value) : value;
  if (test.method == "beg") return as_answer(text.starts_with(pattern));
  if (test.method == "end") return as_answer(text.ends_with(pattern));
  if (test.method == "sub") return as_answer(text.contains(pattern));
  if (test.method == "dir") return as_answer(("/" + text + "/").contains("/" + std::string(pattern) + "/"));
  if (test.method == "dom")
    return as_answer(("." + text + ".").contains("." + pattern + ".") ||
                     ("." + text + ":").contains("." + pattern + ":"));
  if (test.method == "str" || test.method == "int" || test.method == "bool") return as_answer(text == pattern);
  if (test.method == "len")
    return is_number(pattern) ? as_answer(std::to_string(text.size()) == pattern) : Answer::unknown;
  if (test.method == "found") return as_answer(!value.empty());
  // Regular expressions: those that are only text are compared; others are not known.
  if (test.method == "reg") {
    std::string_view plain = pattern;
    const bool from_start = plain.starts_with('^'), to_end = plain.ends_with('$');
    if (from_start) plain.remove_prefix(1);
    if (to_end) plain.remove_suffix(1);
    if (plain.find_first_of(R"([](){}.*+?|\^$)") != std::string_view::npos) return Answer::unknown;
    if (from_start && to_end) return as_answer(text == plain);
    return as_answer(from_start ? text.starts_with(plain) : to_end ? text.ends_with(plain) : text.contains(plain));
  }
  return Answer::unknown;
}

Answer run_test(const Test& test, const Asked& asked, const Model& model) {
  const auto value = sample(test.expression, asked, model);
  if (!value) return Answer::unknown;
  if (test.patterns.empty())
    return as_answer(test.method == "found" ? !value->empty() : *value != "0" && !value->empty());
  // Addresses are compared as networks: the visitor's own is not known here.
  if (test.expression.starts_with("src")) return Answer::unknown;
  Answer any = Answer::no;
  for (const auto& pattern : test.patterns) any = either(any, compare(*value, test, pattern));
  return any;
}

/// ACLs that HAProxy itself defines (configuration.txt 7.4).
std::optional<Answer> predefined(std::string_view name, const Asked& asked) {
  const std::string& method = asked.incoming.method;
  if (name == "TRUE" || name == "HTTP" || name == "WAIT_END") return Answer::yes;
  if (name == "FALSE" || name == "HTTP_URL_ABS" || name == "HTTP_URL_STAR" || name == "REQ_CONTENT") return Answer::no;
  if (name == "HTTP_URL_SLASH") return as_answer(asked.path.starts_with('/'));
  if (name == "HTTP_1.1") return as_answer(asked.incoming.http_version == "1.1");
  if (name == "HTTP_1.0") return as_answer(asked.incoming.http_version == "1.0");
  if (name == "LOCALHOST") return Answer::unknown;
  if (name == "METH_GET") return as_answer(method == "GET" || method == "HEAD");
  if (name.starts_with("METH_")) return as_answer(name.substr(5) == method);
  return std::nullopt;
}

std::vector<std::string> texts_of(const Line& line, std::size_t from, std::size_t to) {
  std::vector<std::string> texts;
  for (std::size_t i = from; i < std::min(to, line.words.size()); ++i) texts.push_back(line.words[i].text);
  return texts;
}

/// Every line "acl NAME ..." of the section, its defaults included.
std::vector<const Line*> acl_lines(std::string_view name, const Section& section, const Model& model) {
  std::vector<const Line*> lines;
  const Section* now = &section;
  for (int depth = 0; now != nullptr && depth < 16; ++depth) {
    for (const auto& line : now->lines)
      if (line.word(0) == "acl" && line.word(1) == name) lines.push_back(&line);
    now = now->defaults == Section::kNone ? nullptr : &model.sections[now->defaults];
  }
  return lines;
}

Answer named(std::string_view name, const Section& section, const Asked& asked, const Model& model) {
  const auto lines = acl_lines(name, section, model);
  if (lines.empty()) return predefined(name, asked).value_or(Answer::unknown);
  Answer any = Answer::no;
  for (const Line* line : lines)
    any = either(any, run_test(test_of(texts_of(*line, 2, line->words.size()), model), asked, model));
  return any;
}

/// One term of a condition, its place behind it.
struct Term {
  bool negated = false, anonymous = false, alternative = false;  ///< alternative: "or" stands before it
  std::vector<std::string> words;                                ///< the name, or the test's words
};

std::vector<Term> terms_of(const Line& line) {
  std::vector<Term> terms;
  bool alternative = false, negated = false;
  for (std::size_t i = condition_at(line) + 1; i < line.words.size(); ++i) {
    std::string_view word = line.word(i);
    if (word == "or" || word == "||") {
      alternative = true;
      continue;
    }
    while (word.starts_with('!')) {
      negated = !negated;
      word.remove_prefix(1);
    }
    if (word.empty()) continue;
    Term term{.negated = negated, .anonymous = word == "{", .alternative = alternative, .words = {}};
    if (term.anonymous) {
      std::size_t end = i + 1;
      while (end < line.words.size() && line.word(end) != "}") ++end;
      term.words = texts_of(line, i + 1, end);
      i = end;
    } else {
      term.words = {std::string(word)};
    }
    terms.push_back(std::move(term));
    alternative = negated = false;
  }
  return terms;
}

}  // namespace

std::size_t condition_at(const Line& line) {
  for (std::size_t i = 1; i < line.words.size(); ++i)
    if (line.word(i) == "if" || line.word(i) == "unless") return i;
  return line.words.size();
}

Answer decide(const Line& line, const Section& section, const Asked& asked, const Model& model) {
  const std::size_t at = condition_at(line);
  if (at == line.words.size()) return Answer::yes;
  Answer any = Answer::no, all = Answer::yes;
  for (const auto& term : terms_of(line)) {
    if (term.alternative) {
      any = either(any, all);
      all = Answer::yes;
    }
    Answer one = term.anonymous ? run_test(test_of(term.words, model), asked, model)
                                : named(term.words.front(), section, asked, model);
    all = both(all, term.negated ? !one : one);
  }
  any = either(any, all);
  return line.word(at) == "unless" ? !any : any;
}

Hint hint_of(const Line& line, const Section& section, const Model& model) {
  Hint hint;
  const auto take = [&](const Test& test) {
    if (test.patterns.empty()) return;
    const std::string& first = test.patterns.front();
    if (test.expression.contains("host"))
      hint.host = test.method == "end" && first.starts_with('.') ? "www" + first : first;
    if (test.expression.starts_with("path") && hint.path.empty())
      hint.path = test.method == "end" ? "/x" + first : first;
  };
  for (const auto& term : terms_of(line)) {
    if (term.negated || term.words.empty()) continue;
    if (term.anonymous) {
      take(test_of(term.words, model));
      continue;
    }
    for (const Line* acl : acl_lines(term.words.front(), section, model))
      take(test_of(texts_of(*acl, 2, acl->words.size()), model));
    if (term.alternative) break;
  }
  if (!hint.path.empty() && !hint.path.starts_with('/')) hint.path = "/" + hint.path;
  return hint;
}

}  // namespace fix502::haproxy
