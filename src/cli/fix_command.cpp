// `fix502 fix REMEDY [URL]`, `fix502 undo [ID]`, `fix502 fixes`.

#include <fmt/chrono.h>
#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <charconv>
#include <chrono>

#include "base/text.hpp"
#include "cli/commands.hpp"
#include "cli/fix.hpp"
#include "remedy/remedy.hpp"

namespace fix502 {
namespace {

std::string known_remedies() {
  std::string names;
  for (const auto& fixer : fixers()) names += (names.empty() ? "" : ", ") + std::string(fixer.remedy);
  return names;
}

constexpr std::string_view kScopes[] = {"system", "chrome", "chromium", "edge", "brave", "firefox"};

Result<void> check(const FixRequest& request, const Fixer& fixer) {
  if (fixer.needs_url && !request.has_url())
    return fail(fmt::format("{} needs the web address it is for: fix502 fix {} https://example.com/", fixer.remedy,
                            fixer.remedy));
  if (!request.scope.empty() && std::ranges::find(kScopes, request.scope) == std::end(kScopes))
    return fail("--for takes system, chrome, chromium, edge, brave or firefox, not", printable(request.scope, 40));
  if (!request.command.empty() && fixer.remedy != "bypass-proxy")
    return fail(fmt::format("{} takes no command after --", fixer.remedy));
  return {};
}

std::string shown_time(WallTime time) {
  return fmt::format("{:%Y-%m-%d %H:%M:%S} UTC", time);
}

Json tree_of(const SetInfo& set) {
  return {{"id", set.id},
          {"remedy", printable(set.remedy, 100)},
          {"url", set.url.empty() ? Json(nullptr) : Json(printable(set.url, 4000))},
          {"time", fmt::format("{:%Y-%m-%dT%H:%M:%SZ}", set.time)},
          {"state", std::string(to_word(set.state))},
          {"verified", set.verified},
          {"changes", set.changes}};
}

std::string text_of(const Json& json) {
  return json.dump(2, ' ', false, Json::error_handler_t::replace) + "\n";
}

/// The change as `fix502 fixes` lists it; null where there is none.
Json change_json(std::uint64_t id) {
  const auto journal = id == 0 ? Result<Journal>(fail("")) : own_journal();
  const auto sets = journal ? journal->list() : Result<std::vector<SetInfo>>(fail(""));
  if (!sets) return nullptr;
  const auto found = std::ranges::find(*sets, id, &SetInfo::id);
  return found == sets->end() ? Json(nullptr) : tree_of(*found);
}

Json printable_list(const std::vector<std::string>& lines) {
  Json json = Json::array();
  for (const auto& line : lines) json.push_back(printable(line, 2000));
  return json;
}

/// fix502.fix/1
void print_result(const FixRequest& request, const FixResult& result) {
  const Json change = change_json(result.change);
  fmt::print("{}",
             text_of({{"schema", "fix502.fix/1"},
                      {"remedy", request.remedy},
                      {"url", request.has_url() ? Json(printable(request.diagnosis.target.url, 4000)) : Json(nullptr)},
                      {"outcome", result.outcome},
                      {"verified", result.outcome == "done"},
                      {"said", printable(result.said, 2000)},
                      {"steps", printable_list(result.steps)},
                      {"tell", printable_list(result.tell)},
                      {"change", change}}));
}

/// fix502.progress/1: a line for each part of the work, before the result.
void print_progress(std::string_view doing, Milliseconds elapsed, Milliseconds left) {
  const Json line = {{"schema", "fix502.progress/1"},
                     {"doing", std::string(doing)},
                     {"elapsed_ms", elapsed.count()},
                     {"left_ms", left.count()}};
  fmt::print("{}\n", line.dump());
  std::fflush(stdout);
}

int list_json(const std::vector<SetInfo>& sets) {
  Json remedies = Json::array(), changes = Json::array();
  for (const auto& remedy : automatic_remedies())
    if (find_fixer(remedy.id) != nullptr)
      remedies.push_back({{"id", std::string(remedy.id)}, {"title", std::string(remedy.title)}});
  for (const auto& set : sets) changes.push_back(tree_of(set));
  const Json tree = {{"schema", "fix502.fixes/1"}, {"remedies", remedies}, {"changes", changes}};
  fmt::print("{}", text_of(tree));
  return 0;
}

void print_set(const SetInfo& set) {
  constexpr std::string_view kStates[] = {"unfinished; undo takes it back", "stands", "nothing to take back",
                                          "taken back"};
  fmt::print("  {:<4}{}  {} {}  ({})\n", set.id, shown_time(set.time), set.remedy, printable(set.url, 200),
             kStates[static_cast<int>(set.state)]);
  for (const auto& change : set.changes) fmt::print("        {}\n", printable(change, 400));
}

}  // namespace

int fix_command(std::vector<std::string> arguments) {
  if (arguments.empty() || arguments[0].starts_with("-h") || arguments[0] == "--help") {
    const auto text = fmt::format("usage: fix502 fix REMEDY [URL] [options]; the remedies: {}", known_remedies());
    if (arguments.empty()) return complain(text);
    fmt::print("{}\n", text);
    return 0;
  }
  FixRequest request;
  request.remedy = arguments[0];
  arguments.erase(arguments.begin());
  const Fixer* fixer = find_fixer(request.remedy);
  if (fixer == nullptr)
    return complain(fmt::format("there is no remedy {}; there are {}", shell_quoted(printable(request.remedy, 60)),
                                known_remedies()));
  if (const auto dashes = std::ranges::find(arguments, "--"); dashes != arguments.end()) {
    request.command.assign(dashes + 1, arguments.end());
    arguments.erase(dashes, arguments.end());
  }
  bool plan = false, progress = false;
  MoreOptions more;
  more.url_optional = true;
  more.declare = [&](CLI::App& app) {
    app.add_option("--for", request.scope, "whose settings: system, chrome, chromium, edge, brave, firefox");
    app.add_flag("--plan", plan, "say what would be changed, and change nothing");
    app.add_flag("--progress", progress, "with --json: before the result a line of JSON for each part of the work");
    app.add_option("--resolver", request.resolver, "for custom-dns: PROVIDER, https://..., tls://... or an address");
  };
  Parsed parsed = parse_diagnosis(std::move(arguments), {}, more);
  if (!parsed.stop.empty()) {
    if (parsed.exit_status != 0) return complain(parsed.stop);
    fmt::print("{}", parsed.stop);
    return 0;
  }
  request.diagnosis = std::move(parsed.options);
  if (request.diagnosis.json) request.out = stderr;
  if (request.diagnosis.json && progress)
    request.progress = [began = std::chrono::steady_clock::now()](std::string_view doing, Milliseconds left) {
      const auto elapsed = std::chrono::steady_clock::now() - began;
      print_progress(doing, std::chrono::duration_cast<Milliseconds>(elapsed), left);
    };
  if (const auto good = check(request, *fixer); !good) return complain(good.error().message());
  FixResult result;
  const int status = plan ? plan_remedy(request, result) : apply_remedy(request, result);
  if (request.diagnosis.json) print_result(request, result);
  return status;
}

namespace {

/// fix502.undo/1
int tell_undone(bool json, const std::string& outcome, const std::string& said, std::uint64_t id, int status) {
  if (json)
    fmt::print("{}", text_of({{"schema", "fix502.undo/1"},
                              {"outcome", outcome},
                              {"said", printable(said, 2000)},
                              {"change", change_json(id)}}));
  else if (status != 2)
    fmt::print("{}\n", said);
  return status == 2 ? complain(said) : status;
}

}  // namespace

int undo_command(std::vector<std::string> arguments) {
  const bool json = std::erase(arguments, "--json") > 0;
  if (arguments.size() > 1) return complain("`fix502 undo` takes one number at most; `fix502 fixes` lists them");
  std::optional<std::uint64_t> id;
  if (!arguments.empty()) {
    std::uint64_t number = 0;
    const auto& text = arguments[0];
    const auto read = std::from_chars(text.data(), text.data() + text.size(), number);
    if (read.ec != std::errc() || read.ptr != text.data() + text.size())
      return complain(
          fmt::format("{} is no number of a change; `fix502 fixes` lists them", shell_quoted(printable(text, 60))));
    id = number;
  }
  const auto journal = own_journal();
  if (!journal) return tell_undone(json, "failed", journal.error().message(), 0, 2);
  const auto undone = journal->undo(id);
  if (!undone) return tell_undone(json, "failed", undone.error().message(), id.value_or(0), 2);
  if (!*undone) return tell_undone(json, "nothing", "There is nothing to take back.", 0, 1);
  const SetInfo& set = **undone;
  const std::string said =
      fmt::format("Taken back: {} {} of {} ({})", set.remedy, printable(set.url, 400), shown_time(set.time), set.id);
  return tell_undone(json, "undone", said, set.id, 0);
}

int fixes_command(std::vector<std::string> arguments) {
  const bool json = arguments.size() == 1 && arguments[0] == "--json";
  if (!arguments.empty() && !json) return complain("`fix502 fixes` takes --json and nothing else");
  const auto journal = own_journal();
  if (!journal) return complain(journal.error().message());
  const auto sets = journal->list();
  if (!sets) return complain(sets.error().message());
  if (json) return list_json(*sets);
  fmt::print("What fix502 can do\n");
  for (const auto& remedy : automatic_remedies())
    if (find_fixer(remedy.id) != nullptr) fmt::print("  {:<20}{}\n", remedy.id, remedy.title);
  fmt::print("\nWhat it has done\n");
  for (const auto& set : *sets) print_set(set);
  if (sets->empty()) fmt::print("  nothing yet\n");
  return 0;
}

}  // namespace fix502
