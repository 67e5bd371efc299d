#include "serve/diagnoses.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/experimental/awaitable_operators.hpp>
#include <boost/asio/steady_timer.hpp>

#include "base/text.hpp"
#include "demo/demo.hpp"
#include "demo/demo_net.hpp"
#include "demo/stage.hpp"
#include "history/times.hpp"
#include "serve/live.hpp"

namespace fix502 {
namespace {

namespace asio = boost::asio;
using namespace asio::experimental::awaitable_operators;
using std::chrono::duration_cast;

/// Progress this often; with many under way, reasoning over what was seen so far is left out more often than not.
constexpr Milliseconds kTick{250};
constexpr std::size_t kFewRunning = 8;
constexpr std::chrono::seconds kBusyFor{5};

constexpr std::string_view kStates[] = {"running", "done", "stopped", "failed"};
std::string_view to_word(Diagnosis::State state) {
  return kStates[static_cast<std::size_t>(state)];
}

Milliseconds elapsed(const Diagnosis& diagnosis) {
  if (diagnosis.state != Diagnosis::State::running) return diagnosis.took;
  return duration_cast<Milliseconds>(std::chrono::steady_clock::now() - diagnosis.began);
}

Json summary_of(const Diagnosis& diagnosis) {
  return {{"id", diagnosis.id},
          {"url", printable(diagnosis.order.target.url, 8'000)},
          {"demo", diagnosis.demo == nullptr ? Json(nullptr) : Json(diagnosis.demo->fault)},
          {"state", to_word(diagnosis.state)},
          {"started_at", utc_time(diagnosis.started)},
          {"elapsed_ms", elapsed(diagnosis).count()},
          {"budget_ms", diagnosis.order.settings.timeout.count()}};
}

Json whole_of(const Diagnosis& diagnosis) {
  Json json = summary_of(diagnosis);
  json["report"] = diagnosis.report ? report_tree(*diagnosis.report) : Json(nullptr);
  return json;
}

void end_as(Diagnosis& diagnosis, Diagnosis::State state, const std::string& detail) {
  diagnosis.took = elapsed(diagnosis);
  diagnosis.state = state;
  diagnosis.log.add("end", {{"state", to_word(state)}, {"detail", detail}});
  diagnosis.log.end();
}

/// The page, or where it redirects to, where AllowedTargets refused that.
const HttpExchange* refused_page(const Evidence& evidence) {
  for (const auto& observation : evidence.observations)
    if (const auto* seen = observation.as<HttpExchange>();
        seen != nullptr && observation.experiment == "baseline" && is_refusal(*seen))
      return seen;
  return nullptr;
}

/// A run is over before whoever waits for it hears of that.
struct Forget {
  Diagnosis& diagnosis;
  ~Forget() { diagnosis.run = nullptr; }
};

/// Tells what has come in meanwhile, until it is dropped.
Task<void> tell(LiveStory& story, const Diagnosis& diagnosis, const std::size_t& running) {
  asio::steady_timer tick(co_await asio::this_coro::executor);
  const auto began = std::chrono::steady_clock::now();
  for (std::size_t i = 0;; ++i) {
    story.progress(duration_cast<Milliseconds>(std::chrono::steady_clock::now() - began),
                   diagnosis.order.settings.timeout);
    const bool due = i % (1 + running / kFewRunning) == 0;
    if (diagnosis.run != nullptr && story.has_news() && due) story.judge(diagnosis.run->so_far());
    tick.expires_after(kTick);
    co_await tick.async_wait(asio::use_awaitable);
  }
}

}  // namespace

Result<Json> read_body(const Request& request, std::initializer_list<std::string_view> known) {
  Json json = Json::parse(request.body, nullptr, false);
  if (!json.is_object()) return fail("the body is no JSON object");
  for (const auto& [name, value] : json.items())
    if (std::ranges::find(known, std::string_view(name)) == known.end())
      return fail("the body has a member that is not known", printable(name, 60));
  return Result<Json>(std::in_place, std::move(json));
}

Diagnosis::Diagnosis(asio::io_context& loop, std::string number, Order what)
    : id(std::move(number)), order(std::move(what)), log(loop) {}
Diagnosis::~Diagnosis() = default;

Diagnosis* Diagnoses::found(std::string_view id) {
  const auto at = std::ranges::find(all_, id, [](const auto& one) -> const std::string& { return one->id; });
  return at == all_.end() ? nullptr : at->get();
}

const Diagnosis* Diagnoses::find(std::string_view id) const {
  const auto at = std::ranges::find(all_, id, [](const auto& one) -> const std::string& { return one->id; });
  return at == all_.end() ? nullptr : at->get();
}

Reply Diagnoses::begin(const Request& request) {
  const auto body = read_body(request, {"url", "demo", "options"});
  if (!body) return problem_reply(Refusal::bad_request, body.error().message());
  const bool has_url = body->contains("url") && (*body)["url"].is_string();
  const bool has_demo = body->contains("demo") && (*body)["demo"].is_string();
  if (has_url == has_demo) return problem_reply(Refusal::bad_request, "it needs either url or demo, a text");
  const Demo* demo = has_demo ? find_demo((*body)["demo"].get<std::string>()) : nullptr;
  if (has_demo && demo == nullptr) return problem_reply(Refusal::not_found, "there is no such demo");
  auto order = world_.read_order(has_url ? (*body)["url"].get<std::string>() : std::string{},
                                 body->value("options", Json::object()));
  if (!order) return problem_reply(Refusal::bad_address, order.error().message());
  if (order->target.host_is_address && !allowed_.allows(order->target.host))
    return problem_reply(Refusal::not_allowed, "this server may not connect to that address");
  if (running_ >= limits_.running) return problem_reply(Refusal::busy, "too many diagnoses are under way", kBusyFor);
  std::unique_ptr<DemoStage> stage;
  if (demo != nullptr) {
    auto opened = DemoStage::open(loop_, *demo);
    if (!opened) return problem_reply(Refusal::busy, opened.error().message(), kBusyFor);
    stage = std::make_unique<DemoStage>(std::move(*opened));
    if (auto target = parse_target(stage->url())) order->target = std::move(*target);
  }
  make_room();
  all_.push_front(std::make_unique<Diagnosis>(loop_, fmt::format("d{}", ++begun_), std::move(*order)));
  Diagnosis& diagnosis = *all_.front();
  diagnosis.demo = demo;
  diagnosis.stage = std::move(stage);
  diagnosis.started = world_.host.now();
  ++running_;
  asio::co_spawn(loop_, run(diagnosis), [this, id = diagnosis.id](const std::exception_ptr& broken) {
    --running_;
    Diagnosis* const over = found(id);  // null: forgotten since its end
    if (over != nullptr) over->stage.reset();
    if (over != nullptr && broken) end_as(*over, Diagnosis::State::failed, "the diagnosis itself failed");
  });
  Reply reply = json_reply(whole_of(diagnosis), 201);
  reply.fields.emplace_back("Location", "/api/diagnoses/" + diagnosis.id);
  return reply;
}

Task<void> Diagnoses::run(Diagnosis& diagnosis) {
  LiveStory story(diagnosis.log);
  Assignment assignment{diagnosis.order.target, diagnosis.order.settings, {}};
  assignment.stopper = &diagnosis.stopper;
  assignment.looked = [&](const Run& run) {
    diagnosis.run = &run;
    story.probes(run);
  };
  story.start(diagnosis.id, diagnosis.order.target, diagnosis.order.settings);
  Task<Evidence> observing = diagnosis.demo == nullptr ? observe_real(diagnosis, std::move(assignment))
                                                       : observe_demo(diagnosis, std::move(assignment));
  Task<void> telling = tell(story, diagnosis, running_);
  auto first = co_await (std::move(observing) || std::move(telling));
  Evidence evidence = std::get<0>(std::move(first));
  // Of a page that was not asked for nothing can be said.
  if (const HttpExchange* refused = refused_page(evidence)) {
    end_as(diagnosis, Diagnosis::State::failed,
           fmt::format("it leads to {}, and this server may not connect there", printable(refused->url, 300)));
    co_return;
  }
  diagnosis.report = make_report(std::move(evidence));
  story.conclude(*diagnosis.report, report_tree(*diagnosis.report));
  end_as(diagnosis, diagnosis.stopper.stopped() ? Diagnosis::State::stopped : Diagnosis::State::done, "");
  if (world_.keep && diagnosis.demo == nullptr) world_.keep(*diagnosis.report);
}

Task<Evidence> Diagnoses::observe_real(Diagnosis& diagnosis, Assignment assignment) {
  const Forget forget{diagnosis};
  const auto net = world_.net();
  GuardedNet guarded(*net, allowed_);
  const auto browsers = world_.furnish(assignment);
  co_return co_await observe_beside(loop_, guarded, world_.host, std::move(assignment));
}

Task<Evidence> Diagnoses::observe_demo(Diagnosis& diagnosis, Assignment assignment) {
  const Forget forget{diagnosis};
  const DemoStage* const stage = diagnosis.stage.get();
  stage->furnish(assignment.settings);
  const auto net = world_.net();
  const DemoHost visitor = stage->visitor();
  DemoNet demo_net(*net, visitor);
  Evidence evidence = co_await observe_beside(loop_, demo_net, visitor, std::move(assignment));
  stage->correct(evidence);
  co_return evidence;
}

/// Forgets those that have been over for longest.
void Diagnoses::make_room() {
  std::size_t kept = 0, bytes = 0;
  for (auto at = all_.begin(); at != all_.end();) {
    const Diagnosis& one = **at;
    const bool over = one.state != Diagnosis::State::running;
    if (over) {
      ++kept;
      bytes += one.log.bytes();
    }
    const bool too_many = over && (kept > limits_.kept || bytes > limits_.kept_bytes);
    at = too_many ? all_.erase(at) : std::next(at);
  }
}

Reply Diagnoses::list() const {
  Json json = Json::array();
  for (const auto& one : all_) json.push_back(summary_of(*one));
  return json_reply({{"diagnoses", std::move(json)}});
}

Reply Diagnoses::show(const Request& request) {
  const Diagnosis* diagnosis = found(request.parts[0]);
  return diagnosis == nullptr ? problem_reply(Refusal::not_found) : json_reply(whole_of(*diagnosis));
}

Reply Diagnoses::remove(const Request& request) {
  Diagnosis* diagnosis = found(request.parts[0]);
  if (diagnosis == nullptr) return problem_reply(Refusal::not_found);
  if (diagnosis->state == Diagnosis::State::running)
    diagnosis->stopper.stop();
  else
    std::erase_if(all_, [&](const auto& one) { return one.get() == diagnosis; });
  return no_content();
}

Reply Diagnoses::events(const Request& request) {
  if (found(request.parts[0]) == nullptr) return problem_reply(Refusal::not_found);
  const auto find = [this, id = request.parts[0]]() -> EventLog* {
    Diagnosis* diagnosis = found(id);
    return diagnosis == nullptr ? nullptr : &diagnosis->log;
  };
  return event_stream(find, request);
}

Reply Diagnoses::file(const Request& request) {
  const Diagnosis* diagnosis = found(request.parts[0]);
  if (diagnosis == nullptr) return problem_reply(Refusal::not_found);
  if (!diagnosis->report) return problem_reply(Refusal::conflict, "it is not over yet");
  struct Form {
    std::string_view name, type, ending;
    std::string (*text)(const Report& report);
  };
  static constexpr Form kForms[] = {
      {"json", "application/json", "json", report_json},
      {"html", "text/html; charset=utf-8", "html", report_html},
      {"markdown", "text/markdown; charset=utf-8", "md", report_markdown},
      {"run", "application/json", "run.json", [](const Report& report) { return write_run(report.evidence); }},
  };
  const std::string_view wanted = request.asked("format").empty() ? "json" : request.asked("format");
  const auto* form = std::ranges::find(kForms, wanted, &Form::name);
  if (form == std::end(kForms)) return problem_reply(Refusal::bad_request, "format is json, html, markdown or run");
  Reply reply;
  reply.type = form->type;
  const std::string_view query = request.asked("query");
  if (!query.empty() && query != "hidden") return problem_reply(Refusal::bad_request, "query is hidden, or not given");
  // A recorded run is what was seen, or it is none.
  if (query == "hidden" && form->name == "run") return problem_reply(Refusal::bad_request, "a run hides nothing");
  reply.body = form->text(query == "hidden" ? without_query_values(*diagnosis->report) : *diagnosis->report);
  reply.fields.emplace_back("Content-Disposition",
                            fmt::format("attachment; filename=\"fix502-{}.{}\"", diagnosis->id, form->ending));
  return reply;
}

void Diagnoses::stop_all() {
  for (const auto& one : all_)
    if (one->state == Diagnosis::State::running) one->stopper.stop();
}

}  // namespace fix502
