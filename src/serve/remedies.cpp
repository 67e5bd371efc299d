#include "serve/remedies.hpp"

#include <fmt/format.h>
#include <sys/mman.h>
#include <unistd.h>

#include <algorithm>
#include <csignal>

#include "base/text.hpp"
#include "remedy/facts.hpp"
#include "remedy/remedy.hpp"
#include "watch/command.hpp"

namespace fix502 {
namespace {

constexpr std::size_t kMostOutput = std::size_t{8} * 1024 * 1024;
/// `fix --progress` writes a few short lines before its result, which begins with a line of its own.
constexpr std::string_view kProgressLine = R"({")";
constexpr std::size_t kMostProgress = 16'384;

std::string text_of(int file, std::size_t most) {
  std::string text(most, '\0');
  const ssize_t size = pread(file, text.data(), text.size(), 0);
  text.resize(size > 0 ? static_cast<std::size_t>(size) : 0);
  return text;
}

/// A file in memory that a child writes to.
class Caught {
 public:
  Caught() : file_(memfd_create("output", MFD_CLOEXEC)) {}
  ~Caught() {
    if (file_ >= 0) close(file_);
  }
  Caught(const Caught&) = delete;
  Caught& operator=(const Caught&) = delete;
  [[nodiscard]] int descriptor() const { return file_; }
  [[nodiscard]] std::string text() const { return text_of(file_, kMostOutput); }

 private:
  int file_;
};

std::string_view title_of_remedy(std::string_view id) {
  const auto& all = automatic_remedies();
  const auto found = std::ranges::find(all, id, &AutomaticRemedy::id);
  return found == all.end() ? id : found->title;
}

bool is_known(std::string_view id) {
  return std::ranges::find(automatic_remedies(), id, &AutomaticRemedy::id) != automatic_remedies().end();
}

/// Of an object, the member as text; empty where it is none.
std::string text_in(const Json& json, const char* name) {
  const auto found = json.find(name);
  return found != json.end() && found->is_string() ? found->get<std::string>() : std::string{};
}

/// Cuts the lines of progress off the begin of an output; the last whole one, or an empty object.
Json take_progress(std::string_view& output) {
  std::string_view last;
  while (output.starts_with(kProgressLine) && output.contains('\n')) {
    last = output.substr(0, output.find('\n'));
    output.remove_prefix(last.size() + 1);
  }
  Json json = Json::parse(last, nullptr, false);
  return json.is_object() ? json : Json::object();
}

/// One thing at a time is changed; the journal's lock would say so as well, but later.
class Changing {
 public:
  explicit Changing(bool& flag) : flag_(flag) { flag_ = true; }
  ~Changing() { flag_ = false; }
  Changing(const Changing&) = delete;
  Changing& operator=(const Changing&) = delete;

 private:
  bool& flag_;
};

}  // namespace

Task<Result<Json>> Remedies::run(std::vector<std::string> arguments, RemedyUnderWay* work) {
  const Caught output;
  if (work != nullptr) work->output = output.descriptor();
  // Should this server end, whoever changes something is told to stop, and takes back what is half done.
  std::string command = "exec setpriv --pdeathsig SIGTERM -- " + shell_quoted(world_.program);
  for (const auto& argument : arguments) command += " " + shell_quoted(argument);
  auto status = co_await run_command(loop_, std::move(command), {}, output.descriptor(),
                                     work == nullptr ? nullptr : &work->process);
  if (work != nullptr) work->output = -1;
  if (!status) co_return std::unexpected(status.error());
  const std::string text = output.text();
  std::string_view result = text;
  (void)take_progress(result);
  Json json = Json::parse(result, nullptr, false);
  if (!json.is_object())
    co_return fail(fmt::format("`fix502 {}` gave no answer (exit status {})", arguments[0], *status));
  co_return Result<Json>(std::in_place, std::move(json));
}

Task<Reply> Remedies::list() {
  std::vector<std::string> arguments = {"fixes", "--json"};
  const auto json = co_await run(std::move(arguments));
  co_return json ? json_reply(*json) : problem_reply(Refusal::broken, json.error().message());
}

Result<Remedies::Wanted> Remedies::read_wanted(const std::string& remedy, const Json& json, Reply& refused) const {
  const auto refuse = [&](Refusal problem, std::string_view why) {
    refused = problem_reply(problem, why);
    return fail(std::string(why));
  };
  if (!is_known(remedy)) return refuse(Refusal::not_found, "there is no such remedy");
  Wanted wanted{remedy, {"fix", remedy}};
  std::string url = text_in(json, "url");
  std::string resolver = text_in(json, "resolver");
  if (const std::string id = text_in(json, "diagnosis"); !id.empty()) {
    const Diagnosis* diagnosis = diagnoses_.find(id);
    if (diagnosis == nullptr) return refuse(Refusal::not_found, "there is no such diagnosis");
    if (!diagnosis->report) return refuse(Refusal::conflict, "the diagnosis is not over yet");
    if (diagnosis->demo != nullptr) return refuse(Refusal::conflict, "a demo's machine is not this one");
    url = diagnosis->order.target.url;
    const Report& report = *diagnosis->report;
    const Finding* finding = report.verdict.finding ? &*report.verdict.finding : nullptr;
    // What was seen to answer well needs no second measuring.
    if (remedy == "custom-dns" && resolver.empty()) resolver = gather_facts(report.evidence, finding).resolver;
    wanted.arguments.insert(wanted.arguments.end(), diagnosis->order.arguments.begin(),
                            diagnosis->order.arguments.end());
  }
  if (!url.empty()) {
    const auto target = parse_target(url);
    if (!target) return refuse(Refusal::bad_address, target.error().message());
    wanted.arguments.push_back(target->url);
  }
  const std::pair<std::string_view, std::string> options[] = {
      {"--for", text_in(json, "for")},
      {"--resolver", resolver},
      {"--browser-profile", text_in(json, "browser_profile")},
  };
  for (const auto& [name, value] : options)
    if (!value.empty()) wanted.arguments.push_back(fmt::format("{}={}", name, value));
  wanted.arguments.insert(wanted.arguments.end(), {"--json", "--yes"});
  return wanted;
}

Task<Reply> Remedies::plan(const Request& request) {
  Json json = Json::object();
  for (const auto& [name, value] : request.query) json[name] = value;
  Reply refused;
  auto wanted = read_wanted(request.parts[0], json, refused);
  if (!wanted) co_return refused;
  wanted->arguments.emplace_back("--plan");
  const auto result = co_await run(std::move(wanted->arguments));
  if (!result) co_return problem_reply(Refusal::broken, result.error().message());
  const std::string outcome = text_in(*result, "outcome");
  if (outcome == "failed") co_return problem_reply(Refusal::bad_request, text_in(*result, "said"));
  const Json plan = {{"remedy", wanted->remedy},
                     {"title", title_of_remedy(wanted->remedy)},
                     {"url", result->value("url", Json(nullptr))},
                     {"steps", result->value("steps", Json::array())},
                     {"nothing", outcome == "nothing" ? Json(text_in(*result, "said")) : Json(nullptr)}};
  co_return json_reply(plan);
}

Task<Reply> Remedies::apply(const Request& request) {
  const auto body = read_body(request, {"url", "diagnosis", "for", "resolver", "browser_profile"});
  if (!body) co_return problem_reply(Refusal::bad_request, body.error().message());
  Reply refused;
  auto wanted = read_wanted(request.parts[0], *body, refused);
  if (!wanted) co_return refused;
  if (changing_) co_return problem_reply(Refusal::conflict, "another change is being made");
  const Changing changing(changing_);
  wanted->arguments.emplace_back("--progress");
  work_.emplace().remedy = wanted->remedy;
  auto result = co_await run(std::move(wanted->arguments), &*work_);
  const bool stopped = work_->stopped;
  work_.reset();
  // Before anything is changed it simply ends.
  if (!result && stopped)
    co_return json_reply({{"remedy", wanted->remedy},
                          {"outcome", "stopped"},
                          {"verified", false},
                          {"said", "interrupted"},
                          {"url", nullptr},
                          {"steps", Json::array()},
                          {"tell", Json::array()},
                          {"change", nullptr}});
  if (!result) co_return problem_reply(Refusal::broken, result.error().message());
  result->erase("schema");
  co_return json_reply(*result);
}

Reply Remedies::progress(const Request& request) const {
  const std::string& remedy = request.parts[0];
  if (!is_known(remedy)) return problem_reply(Refusal::not_found, "there is no such remedy");
  if (!work_ || work_->remedy != remedy) return no_content();
  const auto elapsed =
      std::chrono::duration_cast<Milliseconds>(std::chrono::steady_clock::now() - work_->began).count();
  const std::string text = work_->output < 0 ? std::string() : text_of(work_->output, kMostProgress);
  std::string_view output = text;
  const Json told = take_progress(output);
  const long since = elapsed - told.value("elapsed_ms", elapsed);
  const long left = std::max(0L, told.value("left_ms", 0L) - since);
  return json_reply({{"remedy", work_->remedy},
                     {"doing", text_in(told, "doing")},
                     {"elapsed_ms", elapsed},
                     {"budget_ms", elapsed + left},
                     {"left_ms", left}});
}

Reply Remedies::stop(const Request& request) {
  const std::string& remedy = request.parts[0];
  if (!is_known(remedy)) return problem_reply(Refusal::not_found, "there is no such remedy");
  if (work_ && work_->remedy == remedy) stop_all();
  return no_content();
}

void Remedies::stop_all() {
  if (!work_) return;
  if (work_->process > 0) kill(work_->process, SIGTERM);
  work_->stopped = true;
}

Task<Reply> Remedies::undo(const Request& request) {
  const auto body = read_body(request, {"change"});
  if (!body) co_return problem_reply(Refusal::bad_request, body.error().message());
  const std::string& remedy = request.parts[0];
  if (!is_known(remedy)) co_return problem_reply(Refusal::not_found, "there is no such remedy");
  if (changing_) co_return problem_reply(Refusal::conflict, "another change is being made");
  const Changing changing(changing_);
  std::vector<std::string> listing = {"fixes", "--json"};
  const auto list = co_await run(std::move(listing));
  if (!list) co_return problem_reply(Refusal::broken, list.error().message());
  // The change that was named, else the newest of that remedy which stands.
  Json number;
  for (const Json& change : list->value("changes", Json::array())) {
    const std::string state = text_in(change, "state");
    const bool named = body->contains("change") && change.value("id", Json(nullptr)) == (*body)["change"];
    const bool stands = !body->contains("change") && (state == "stands" || state == "unfinished");
    if (text_in(change, "remedy") == remedy && (named || stands)) number = change["id"];
  }
  if (number.is_null())
    co_return json_reply({{"outcome", "nothing"}, {"said", "There is nothing to take back."}, {"change", nullptr}});
  std::vector<std::string> arguments = {"undo", number.dump(), "--json"};
  auto result = co_await run(std::move(arguments));
  if (!result) co_return problem_reply(Refusal::broken, result.error().message());
  result->erase("schema");
  co_return json_reply(*result);
}

}  // namespace fix502
