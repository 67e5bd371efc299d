// `fix502 watch`: waits until pages work again, and says so in every way that was asked for.

#include <fmt/format.h>
#include <unistd.h>

#include <CLI/CLI.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/signal_set.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <csignal>
#include <random>

#include "base/text.hpp"
#include "cli/commands.hpp"
#include "cli/keep.hpp"
#include "cli/watch_screen.hpp"
#include "history/times.hpp"
#include "net/real_net.hpp"
#include "watch/command.hpp"
#include "watch/desktop.hpp"
#include "watch/event_words.hpp"
#include "watch/webhook.hpp"

namespace fix502 {
namespace {

namespace asio = boost::asio;

constexpr std::size_t kMostPages = 200;
constexpr int kGaveUp = 1;

struct WatchWanted {
  WatchOrder order;
  DiagnosisOptions diagnosis;
  std::string command;
  std::optional<Target> webhook;
  bool desktop = true;
};

struct WatchRaw {
  std::vector<std::string> urls;
  std::string command, webhook;
  double give_up = 0;
  bool forever = false, no_notify = false;
};

void declare_watch(CLI::App& app, WatchRaw& raw) {
  app.description("Waits until the pages work again, and says so. Exit status 0: they do; 1: it gave up.");
  app.add_flag("--forever", raw.forever, "go on after recovery, and report each outage with its cause");
  app.add_option("--give-up", raw.give_up, "stop waiting after so long (exit status 1); default: never")
      ->type_name("SECONDS");
  app.add_option("--exec", raw.command, "run this by /bin/sh on recovery; it finds FIX502_URL and others set")
      ->type_name("COMMAND");
  app.add_option("--webhook", raw.webhook, "POST the event as JSON there on recovery")->type_name("URL");
  app.add_flag("--no-notify", raw.no_notify, "no desktop notification");
  app.get_option("--json")->description("one JSON object a line for each event");
}

Result<void> read_targets(const WatchRaw& raw, WatchOrder& order) {
  for (const std::string& url : raw.urls) {
    auto target = parse_target(url);
    if (!target) return std::unexpected(target.error());
    const bool known = std::ranges::any_of(order.targets, [&](const Target& one) { return one.url == target->url; });
    if (!known) order.targets.push_back(std::move(*target));
  }
  if (order.targets.size() > kMostPages) return fail(fmt::format("watch takes {} pages at most", kMostPages));
  return {};
}

Result<void> read_wanted(const WatchRaw& raw, WatchWanted& wanted) {
  const DiagnosisOptions& diagnosis = wanted.diagnosis;
  if (!diagnosis.html.empty() || !diagnosis.markdown.empty() || !diagnosis.record.empty())
    return fail("watch writes no report; --html, --markdown and --record belong to a diagnosis");
  const std::string& method = diagnosis.settings.method;
  if (method != "GET" && method != "HEAD" && method != "OPTIONS")
    return fail("watch repeats its request, and only GET, HEAD and OPTIONS may be repeated; not", method);
  if (!(raw.give_up >= 0 && raw.give_up <= 31'536'000)) return fail("--give-up takes seconds, a year at most");
  wanted.order.settings = diagnosis.settings;
  wanted.order.forever = raw.forever;
  if (raw.give_up > 0) wanted.order.give_up = Wait(static_cast<Wait::rep>(raw.give_up * 1000));
  wanted.command = raw.command;
  wanted.desktop = !raw.no_notify;
  if (!raw.webhook.empty()) {
    auto webhook = parse_target(raw.webhook);
    if (!webhook) return fail("--webhook: " + webhook.error().what, webhook.error().where);
    wanted.webhook = std::move(*webhook);
  }
  return read_targets(raw, wanted.order);
}

/// Carries out what --exec, --webhook and the desktop are for, beside the watch.
class Announcer {
 public:
  Announcer(asio::io_context& loop, Net& net, const Host& host, const WatchWanted& wanted, WatchScreen& screen)
      : loop_(loop),
        net_(net),
        host_(host),
        wanted_(wanted),
        screen_(screen),
        idle_(loop, asio::steady_timer::time_point::max()) {}

  void announce(const WatchEvent& event) {
    // Whoever goes on watching wants to hear of changes; whoever waits, that it works.
    const Happening last = wanted_.order.forever ? Happening::outage : Happening::works;
    if (event.happening != Happening::recovered && event.happening != last) return;
    const Watched& page = *event.page;
    if (!wanted_.command.empty()) start(run(variables(event)));
    if (wanted_.webhook) {
      const std::string url = url_for_history(page.target);
      Json json = event_json(event, url);
      json["text"] = event_text(event, url);  // what chat services show
      start(post(json.dump(-1, ' ', false, Json::error_handler_t::replace)));
    }
    if (wanted_.desktop)
      (void)notify_desktop(page.failing ? "A page is broken" : "A page works again",
                           event_text(event, page.target.host));
  }

  Task<void> wait_until_done() {
    boost::system::error_code ignored;
    while (pending_ > 0) co_await idle_.async_wait(asio::redirect_error(asio::use_awaitable, ignored));
  }

 private:
  static std::vector<std::pair<std::string, std::string>> variables(const WatchEvent& event) {
    const Watched& page = *event.page;
    return {{"FIX502_EVENT", std::string(to_word(event.happening))},
            {"FIX502_URL", page.target.url},
            {"FIX502_HOST", page.target.host},
            {"FIX502_BEGAN", event.happening == Happening::works ? "" : utc_time(page.began)},
            {"FIX502_TIME", utc_time(event.when)},
            {"FIX502_SECONDS",
             event.happening == Happening::works ? "" : fmt::format("{}", (event.when - page.began).count())},
            {"FIX502_FAULT", page.cause.fault},
            {"FIX502_SUMMARY", page.cause.summary}};
  }

  void start(Task<void> task) {
    ++pending_;
    asio::co_spawn(loop_, std::move(task), [this](const std::exception_ptr&) {
      --pending_;
      idle_.cancel();
    });
  }

  Task<void> run(std::vector<std::pair<std::string, std::string>> variables) {
    // With --json standard output is ours alone.
    const int output = wanted_.diagnosis.json ? STDERR_FILENO : STDOUT_FILENO;
    const auto status = co_await run_command(loop_, wanted_.command, std::move(variables), output);
    if (!status)
      screen_.complain("--exec: " + status.error().message());
    else if (*status != 0)
      screen_.complain(fmt::format("--exec: the command ended with status {}", *status));
  }

  Task<void> post(std::string json) {
    const auto posted = co_await post_webhook(net_, host_, *wanted_.webhook, std::move(json));
    if (!posted) screen_.complain("--webhook: " + posted.error().message());
  }

  asio::io_context& loop_;
  Net& net_;
  const Host& host_;
  const WatchWanted& wanted_;
  WatchScreen& screen_;
  int pending_ = 0;
  asio::steady_timer idle_;
};

Task<void> draw_each_second(WatchScreen& screen, const Watch& watch, const Host& host) {
  asio::steady_timer second(co_await asio::this_coro::executor);
  while (true) {
    screen.draw(watch.pages(), std::chrono::steady_clock::now(), host.now());
    second.expires_after(std::chrono::seconds(1));
    co_await second.async_wait(asio::use_awaitable);
  }
}

int watch_pages(const WatchWanted& wanted) {
  const auto host = this_host();
  WatchScreen screen(wanted.diagnosis.json);
  std::optional<History> history = open_history(wanted.diagnosis);
  std::mt19937 engine(std::random_device{}());
  asio::io_context loop;
  const auto net = real_net(loop);
  Announcer announcer(loop, *net, *host, wanted, screen);
  const Settings& settings = wanted.order.settings;
  Watch watch(
      wanted.order,
      {.net = *net,
       .host = *host,
       .history = history ? &*history : nullptr,
       .now = [] { return std::chrono::steady_clock::now(); },
       .chance = [&] { return std::uniform_real_distribution<double>(0, 1)(engine); },
       .diagnose = [&](Target target, Depth depth) { return look_at(loop, *host, std::move(target), settings, depth); },
       .tell =
           [&](const WatchEvent& event) {
             screen.tell(event);
             announcer.announce(event);
           },
       .complain = [&](const std::string& line) { screen.complain(line); }});
  bool interrupted = false;
  std::exception_ptr broken;
  asio::signal_set signals(loop, SIGINT, SIGTERM);
  signals.async_wait([&](const boost::system::error_code& error, int) {
    interrupted = !error;
    loop.stop();
  });
  if (screen.is_live()) asio::co_spawn(loop, draw_each_second(screen, watch, *host), asio::detached);
  const auto whole = [&]() -> Task<void> {
    co_await watch.run();
    co_await announcer.wait_until_done();
  };
  asio::co_spawn(loop, whole(), [&](const std::exception_ptr& error) {
    broken = error;
    loop.stop();
  });
  loop.run();
  if (broken) std::rethrow_exception(broken);
  if (interrupted) return kInterrupted;
  return std::ranges::any_of(watch.pages(), &Watched::failing) ? kGaveUp : 0;
}

}  // namespace

int watch_command(std::vector<std::string> arguments) {
  WatchRaw raw;
  const MoreOptions more{.urls = &raw.urls, .declare = [&](CLI::App& app) { declare_watch(app, raw); }};
  Parsed parsed = parse_diagnosis(std::move(arguments), {}, more);
  if (!parsed.stop.empty()) {
    if (parsed.exit_status != 0) return complain(parsed.stop);
    fmt::print("{}", parsed.stop);
    return 0;
  }
  WatchWanted wanted;
  wanted.diagnosis = std::move(parsed.options);
  if (const auto read = read_wanted(raw, wanted); !read) return complain(read.error().message());
  return watch_pages(wanted);
}

}  // namespace fix502
