#include "serve/remedies.hpp"

#include <fmt/format.h>
#include <sys/mman.h>
#include <unistd.h>

#include <algorithm>

#include "base/text.hpp"
#include "remedy/facts.hpp"
#include "remedy/remedy.hpp"
#include "watch/command.hpp"

namespace fix502 {
namespace {

constexpr std::size_t kMostOutput = std::size_t{8} * 1024 * 1024;

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
  [[nodiscard]] std::string text() const {
    std::string text(kMostOutput, '\0');
    const ssize_t size = pread(file_, text.data(), text.size(), 0);
    text.resize(size > 0 ? static_cast<std::size_t>(size) : 0);
    return text;
  }

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

Task<Result<Json>> Remedies::run(std::vector<std::string> arguments) {
  const Caught output;
  // Should this server end, whoever changes something is told to stop, and takes back what is half done.
  std::string command = "exec setpriv --pdeathsig SIGTERM -- " + shell_quoted(world_.program);
  for (const auto& argument : arguments) command += " " + shell_quoted(argument);
  auto status = co_await run_command(loop_, std::move(command), {}, output.descriptor());
  if (!status) co_return std::unexpected(status.error());
  Json json = Json::parse(output.text(), nullptr, false);
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
  auto result = co_await run(std::move(wanted->arguments));
  if (!result) co_return problem_reply(Refusal::broken, result.error().message());
  result->erase("schema");
  co_return json_reply(*result);
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
