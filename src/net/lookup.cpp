#include "net/lookup.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <netdb.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <boost/asio/experimental/awaitable_operators.hpp>
#include <boost/asio/local/stream_protocol.hpp>
#include <boost/asio/read_until.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/write.hpp>
#include <charconv>
#include <csignal>
#include <memory>

#include "base/text.hpp"
#include "net/await.hpp"

namespace fix502 {
namespace {

namespace asio = boost::asio;
using namespace asio::experimental::awaitable_operators;

using Stream = asio::local::stream_protocol;

constexpr std::size_t kMaxAnswer = 64 * 1024;
constexpr std::size_t kMaxName = 1024;
constexpr std::size_t kMostIdle = 16;

struct LookupErrorRow {
  int code;
  std::string_view name;
};

constexpr LookupErrorRow kLookupErrors[] = {
    {EAI_NONAME, "EAI_NONAME"}, {EAI_AGAIN, "EAI_AGAIN"},           {EAI_FAIL, "EAI_FAIL"},
    {EAI_NODATA, "EAI_NODATA"}, {EAI_FAMILY, "EAI_FAMILY"},         {EAI_MEMORY, "EAI_MEMORY"},
    {EAI_SYSTEM, "EAI_SYSTEM"}, {EAI_ADDRFAMILY, "EAI_ADDRFAMILY"},
};

struct FreeList {
  void operator()(addrinfo* list) const noexcept { freeaddrinfo(list); }
};
using AddressList = std::unique_ptr<addrinfo, FreeList>;

/// The child's answer: the code of getaddrinfo, then an address a line, and an empty line.
std::string resolve(const std::string& name) {
  addrinfo hints{};
  hints.ai_family = AF_UNSPEC;  // no AI_ADDRCONFIG: what the name has is wanted, not what this machine can use
  hints.ai_socktype = SOCK_STREAM;
  addrinfo* raw = nullptr;
  const int code = getaddrinfo(name.c_str(), nullptr, &hints, &raw);
  const AddressList list(code == 0 ? raw : nullptr);
  std::string text = std::to_string(code) + "\n";
  for (const addrinfo* each = list.get(); each && text.size() < kMaxAnswer / 2; each = each->ai_next) {
    std::array<char, NI_MAXHOST> host{};
    if (getnameinfo(each->ai_addr, each->ai_addrlen, host.data(), host.size(), nullptr, 0, NI_NUMERICHOST) == 0)
      text.append(host.data()).append("\n");
  }
  return text + "\n";
}

bool write_all(int to, std::string_view text) {
  while (!text.empty()) {
    const auto written = write(to, text.data(), text.size());
    if (written <= 0) return false;
    text.remove_prefix(static_cast<std::size_t>(written));
  }
  return true;
}

/// The child's whole life: a name a line, until nobody asks any more. It keeps none of our connections open and dies
/// with us.
[[noreturn]] void be_the_child(int end) {
  prctl(PR_SET_PDEATHSIG, SIGKILL);
  for (const int signal : {SIGINT, SIGTERM, SIGHUP, SIGCHLD, SIGPIPE}) std::signal(signal, SIG_DFL);
  const int parent = dup2(end, STDERR_FILENO + 1);
  close_range(STDERR_FILENO + 2, ~0U, 0);
  std::string name;
  std::array<char, kMaxName> piece{};
  while (name.size() <= kMaxName) {
    const auto size = read(parent, piece.data(), piece.size());
    if (size <= 0) break;
    name.append(piece.data(), static_cast<std::size_t>(size));
    if (!name.ends_with('\n')) continue;
    name.pop_back();
    if (!write_all(parent, resolve(name))) break;
    name.clear();
  }
  _exit(0);
}

}  // namespace

/// The process that looks up, and our end of what leads to it.
class LookupProcess {
 public:
  explicit LookupProcess(const asio::any_io_executor& executor) : end_(executor) {
    std::array<int, 2> ends{};
    if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends.data()) != 0) return;
    pid_ = fork();
    if (pid_ == 0) be_the_child(ends[1]);
    close(ends[1]);
    if (pid_ > 0)
      end_.assign(Stream(), ends[0]);
    else
      close(ends[0]);
  }
  LookupProcess(const LookupProcess&) = delete;
  LookupProcess& operator=(const LookupProcess&) = delete;
  /// Killed, a process ends within microseconds: waiting for that is no blocking worth the name.
  ~LookupProcess() {
    if (pid_ <= 0) return;
    kill(pid_, SIGKILL);
    waitpid(pid_, nullptr, 0);
  }

  [[nodiscard]] bool is_there() const { return end_.is_open(); }
  Stream::socket& end() { return end_; }

 private:
  pid_t pid_ = -1;
  Stream::socket end_;  // a socket: writing to one that is gone is an error, and no signal
};

namespace {

SystemLookup read_lookup(std::string name, std::string_view text) {
  SystemLookup lookup;
  lookup.name = std::move(name);
  const auto lines = split(text, '\n');
  int code = EAI_SYSTEM;
  if (!lines.empty()) std::from_chars(lines[0].data(), lines[0].data() + lines[0].size(), code);
  for (std::size_t i = 1; i < lines.size(); ++i) {
    std::string address(lines[i]);
    if (std::ranges::find(lookup.addresses, address) == lookup.addresses.end())
      lookup.addresses.push_back(std::move(address));
  }
  if (code == 0 && !lookup.addresses.empty()) return lookup;
  const auto* row = std::ranges::find(kLookupErrors, code, &LookupErrorRow::code);
  lookup.failure = Failure::name_not_resolved;
  lookup.error = row == std::end(kLookupErrors) ? fmt::format("EAI {}", code) : std::string(row->name);
  return lookup;
}

Task<bool> ask(Stream::socket& end, std::string question, std::string& text) {
  const auto [unsaid, written] = co_await asio::async_write(end, asio::buffer(question), kAwait);
  if (unsaid) co_return false;
  auto buffer = asio::dynamic_buffer(text, kMaxAnswer);
  const auto [unheard, size] = co_await asio::async_read_until(end, buffer, "\n\n", kAwait);
  co_return !unheard;
}

}  // namespace

SystemLookups::SystemLookups(asio::any_io_executor executor) : executor_(std::move(executor)) {}
SystemLookups::~SystemLookups() = default;

Task<SystemLookup> SystemLookups::look_up(std::string name, Milliseconds timeout) {
  SystemLookup lookup;
  lookup.name = name;
  lookup.failure = Failure::other;
  lookup.error = "no process could be started";
  // One line is one name.
  if (name.empty() || name.size() >= kMaxName || name.contains('\n') || name.contains('\0')) {
    lookup.failure = Failure::name_not_resolved;
    lookup.error = "EAI_NONAME";
    co_return lookup;
  }
  asio::steady_timer timer(executor_, timeout);
  const std::string question = name + "\n";
  for (bool kept = true; kept;) {
    kept = !idle_.empty();
    std::unique_ptr<LookupProcess> process;
    if (kept) {
      process = std::move(idle_.back());
      idle_.pop_back();
    } else {
      process = std::make_unique<LookupProcess>(executor_);
    }
    if (!process->is_there()) co_return lookup;
    std::string text;
    Task<bool> asking = ask(process->end(), question, text);
    const auto first = co_await (std::move(asking) || timer.async_wait(kAwait));
    if (first.index() == 0 && std::get<0>(first)) {
      lookup = read_lookup(std::move(name), text);
      if (idle_.size() < kMostIdle) idle_.push_back(std::move(process));
      co_return lookup;
    }
    // One that was kept may have been ended by somebody meanwhile; a new one is asked then.
    if (first.index() == 1) break;
  }
  lookup.failure = Failure::out_of_time;
  lookup.error.clear();
  co_return lookup;
}

}  // namespace fix502
