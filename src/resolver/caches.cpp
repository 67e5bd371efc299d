#include "resolver/caches.hpp"

#include <arpa/inet.h>

#include <algorithm>
#include <filesystem>
#include <thread>

#include "base/text.hpp"
#include "resolver/bounds.hpp"
#include "resolver/nscd_database.hpp"
#include "resolver/proc_net.hpp"
#include "resolver/program.hpp"
#include "resolver/varlink.hpp"
#include "sys/linux/files.hpp"
#include "target/target.hpp"

namespace fix502 {
namespace {

constexpr std::size_t kLongestChain = 8;
constexpr std::size_t kMaxTable = 4 * 1024 * 1024;
/// Two questions this far apart tell a record that runs out from one that stands still (TTLs are in seconds).
constexpr Milliseconds kOneTick{1'150};
/// What one server may take of the time.
constexpr Milliseconds kPatience{1'500};

bool is_known_program(std::string_view name) {
  return program_called(name) != nullptr;
}

/// A name that no tool could take for anything else: an answer may hold any bytes, and a leading dash is an option's.
bool is_plain_name(std::string_view name) {
  constexpr std::string_view kLetters = "abcdefghijklmnopqrstuvwxyz0123456789_";
  return !name.empty() && name.size() <= 253 && kLetters.find(name.front()) != std::string_view::npos &&
         std::ranges::all_of(
             name, [&](char c) { return c == '-' || c == '.' || kLetters.find(c) != std::string_view::npos; });
}

std::vector<UdpListener> listeners() {
  auto all = parse_proc_net_udp(read_text("/proc/net/udp", kMaxTable));
  auto more = parse_proc_net_udp(read_text("/proc/net/udp6", kMaxTable));
  all.insert(all.end(), more.begin(), more.end());
  return all;
}

class Chain {
 public:
  Chain(const std::string& name, const ResolverConfig& config, Moment deadline)
      : name_(lower(name)), config_(config), deadline_(deadline), listeners_(listeners()) {}

  std::vector<ResolverCache> follow() {
    add_nscd();
    add_nss_resolve();
    for (const auto& server : config_.nameservers) add(server, 1);
    settle();
    return std::move(found_);
  }

 private:
  [[nodiscard]] Moment soon() const { return std::min(deadline_, std::chrono::steady_clock::now() + kPatience); }

  ResolverCache& begin(std::string where, bool ours) {
    ResolverCache& cache = found_.emplace_back();
    cache.position = static_cast<int>(found_.size());
    cache.where = std::move(where);
    cache.ours = ours;
    cache.name = name_;
    return cache;
  }

  /// glibc asks nscd before it reads nsswitch.conf; one that keeps no hosts answers at once that it does not.
  void add_nscd() {
    const auto spoken = speak(
        kNscdSocket, nscd_question(kNscdAddresses, "localhost"),
        [](std::string_view so_far) { return nscd_reply_size(so_far) > 0; }, soon());
    if (!spoken) return;
    const auto reply = read_nscd_reply(spoken->bytes);
    if (!reply || reply->disabled) return;
    LocalResolver resolver;
    if (auto process = read_process(spoken->pid)) resolver.process = std::move(*process);
    look(begin(kNscdSocket, true), *program_called("nscd"), resolver);
  }

  /// nss-resolve(8) asks systemd-resolved over its own socket, whatever resolv.conf says.
  void add_nss_resolve() {
    const auto& sources = config_.sources;
    const auto resolve = std::ranges::find(sources, "resolve");
    if (resolve == sources.end() || std::ranges::find(sources.begin(), resolve, "dns") != resolve) return;
    const auto spoken = speak(
        kResolvedSocket, resolved_question("localhost", AF_INET),
        [](std::string_view so_far) { return so_far.ends_with('\0'); }, soon());
    if (!spoken) return;
    LocalResolver resolver;
    if (auto process = read_process(spoken->pid)) resolver.process = std::move(*process);
    for (const auto& listener : listeners_)
      if (listener.address == "127.0.0.53" && listener.port == 53) resolver.server = "127.0.0.53:53";
    ResolverCache& cache = begin(resolver.server.empty() ? kResolvedSocket : resolver.server, true);
    seen_.push_back(cache.where);
    finish(cache, *program_called("systemd-resolved"), resolver, 1);
  }

  void add(const std::string& server, int depth) {
    const auto endpoint = parse_endpoint(server);
    if (!endpoint || depth > kDeepest || found_.size() >= kLongestChain) return;
    if (std::ranges::find(seen_, server) != seen_.end() || std::chrono::steady_clock::now() >= deadline_) return;
    seen_.push_back(server);
    ResolverCache& cache = begin(server, is_own_address(endpoint->host));
    LocalResolver resolver;
    resolver.server = server;
    ask(cache);
    const CacheProgram* program = cache.ours ? identify(*endpoint, cache, resolver) : nullptr;
    if (program != nullptr)
      finish(cache, *program, resolver, depth);
    else if (const auto texts = chaos_texts(server, "version.bind", version_deadline()); !texts.empty())
      cache.version = texts.front();
  }

  [[nodiscard]] Moment version_deadline() const {
    return std::min(deadline_, std::chrono::steady_clock::now() + Milliseconds(500));
  }

  /// What listens there; where that may not be seen, what it says of itself.
  const CacheProgram* identify(const Endpoint& endpoint, ResolverCache& cache, LocalResolver& resolver) {
    const bool ipv6 = is_ipv6(endpoint.host);
    const std::uint16_t port = endpoint.port == 0 ? std::uint16_t{53} : endpoint.port;
    const UdpListener* best = nullptr;
    for (const auto& listener : listeners_) {
      if (listener.port != port) continue;
      if (listener.address == endpoint.host) best = &listener;
      const bool any = listener.address == "::" || (!ipv6 && listener.address == "0.0.0.0");
      if (any && best == nullptr) best = &listener;
    }
    if (best != nullptr)
      if (auto process = holder_of(best->inode, is_known_program)) resolver.process = std::move(*process);
    for (const char* question : {"version.bind", "version.server"}) {
      if (!cache.version.empty()) break;
      if (const auto texts = chaos_texts(resolver.server, question, version_deadline()); !texts.empty())
        cache.version = texts.front();
    }
    const CacheProgram* program = program_called(resolver.process.name);
    if (program == nullptr && resolver.process.pid == 0) program = program_with_version(cache.version);
    // resolved.conf(5): nothing else listens at these two.
    if (program == nullptr && resolver.process.pid == 0 &&
        (endpoint.host == "127.0.0.53" || endpoint.host == "127.0.0.54") && std::filesystem::exists(kResolvedSocket))
      program = program_called("systemd-resolved");
    if (program == nullptr) cache.program = printable(resolver.process.name, 60);
    // It may not be looked into, and is the only one of its kind: its command line still tells where its settings are.
    if (program != nullptr && resolver.process.pid == 0)
      if (auto process = only_process([&](std::string_view name) { return program_called(name) == program; }))
        resolver.process = std::move(*process);
    return program;
  }

  void finish(ResolverCache& about, const CacheProgram& program, const LocalResolver& resolver, int depth) {
    look(about, program, resolver);
    const auto at = found_.size() - 1;  // what follows may move them
    std::vector<std::string> next = program.asks(resolver, name_, soon());
    std::erase(next, about.where);
    found_[at].asks = next;
    for (const auto& server : next) add(server, depth + 1);
  }

  void look(ResolverCache& cache, const CacheProgram& program, const LocalResolver& resolver) {
    cache.program = program.id;
    ResolverCache seen = cache;
    seen.addresses.clear();
    seen.ttl.reset();
    program.look(resolver, seen, soon());
    if (seen.looked) {
      cache = std::move(seen);
    } else {
      cache.problem = printable(seen.problem, 200);
      if (cache.addresses.empty()) cache.addresses = seen.addresses;
    }
    program.plan(resolver, cache);
  }

  /// As any program would ask it: what it answers, along which aliases.
  void ask(ResolverCache& cache) {
    for (const char* type : {"A", "AAAA"}) {
      Question question;
      question.server = cache.where;
      question.name = cache.name;
      question.type = type;
      const auto answer = ask_server(question, soon());
      if (!answer) {
        cache.problem = printable(answer.error().message(), 200);
        return;
      }
      const auto chain = answer->chain();
      for (std::size_t i = 1; i < chain.size() && i < 9; ++i)
        if (is_plain_name(chain[i]) && std::ranges::find(cache.aliases, chain[i]) == cache.aliases.end())
          cache.aliases.push_back(chain[i]);
      for (auto& address : answer->addresses()) cache.addresses.push_back(std::move(address));
      for (const auto& record : answer->answer) cache.ttl = std::min(cache.ttl.value_or(record.ttl), record.ttl);
    }
    asked_ = std::chrono::steady_clock::now();
  }

  /// Those that could only be asked: a TTL that runs down belongs to a record that is stored, there or behind.
  void settle() {
    // What gives another answer than programs get cannot be where that came from.
    const auto is_open = [&](const ResolverCache& cache) {
      return cache.cached == Cached::unknown && cache.ttl && !cache.addresses.empty() &&
             cache.addresses == found_.front().addresses;
    };
    if (std::ranges::none_of(found_, is_open)) return;
    const Moment later = asked_ + kOneTick;
    if (later >= deadline_) return;
    std::this_thread::sleep_until(later);
    for (auto& cache : found_) {
      if (!is_open(cache)) continue;
      Question question;
      question.server = cache.where;
      question.name = cache.name;
      question.type = is_ipv6(cache.addresses.front()) ? "AAAA" : "A";
      const auto answer = ask_server(question, soon());
      if (!answer || answer->answer.empty()) continue;
      std::uint32_t left = 0xffff'ffff;
      for (const auto& record : answer->answer) left = std::min(left, record.ttl);
      if (left >= *cache.ttl || stored_behind(cache)) continue;
      cache.cached = Cached::yes;
      cache.ttl = left;
    }
  }

  /// One that it asks gives the same: then it need not be stored here.
  [[nodiscard]] bool stored_behind(const ResolverCache& cache) const {
    return std::ranges::any_of(found_, [&](const ResolverCache& other) {
      return std::ranges::find(cache.asks, other.where) != cache.asks.end() && other.addresses == cache.addresses;
    });
  }

  std::string name_;
  const ResolverConfig& config_;
  Moment deadline_;
  Moment asked_{};
  std::vector<UdpListener> listeners_;
  std::vector<std::string> seen_;
  std::vector<ResolverCache> found_;
};

}  // namespace

std::vector<ResolverCache> look_into_caches(const std::string& name, const ResolverConfig& config, Moment deadline) {
  if (!is_plain_name(lower(name))) return {};
  return Chain(name, config, deadline).follow();
}

}  // namespace fix502
