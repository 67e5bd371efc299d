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
#include <boost/asio/posix/stream_descriptor.hpp>
#include <boost/asio/read.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <charconv>
#include <csignal>
#include <memory>

#include "base/text.hpp"
#include "net/await.hpp"

namespace fix502 {
namespace {

namespace asio = boost::asio;
using namespace asio::experimental::awaitable_operators;

constexpr std::size_t kMaxAnswer = 64 * 1024;

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

/// The child's answer: the code of getaddrinfo, then an address a line.
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
  return text;
}

/// The child's whole life. It keeps none of our connections open and dies with us.
[[noreturn]] void be_the_child(int out, const std::string& name) {
  prctl(PR_SET_PDEATHSIG, SIGKILL);
  for (const int signal : {SIGINT, SIGTERM, SIGHUP, SIGCHLD, SIGPIPE}) std::signal(signal, SIG_DFL);
  const int pipe = dup2(out, STDERR_FILENO + 1);
  close_range(STDERR_FILENO + 2, ~0U, 0);
  const std::string text = resolve(name);
  std::string_view rest = text;
  while (!rest.empty()) {
    const auto written = write(pipe, rest.data(), rest.size());
    if (written <= 0) break;
    rest.remove_prefix(static_cast<std::size_t>(written));
  }
  _exit(0);
}

/// The process that looks up, and our end of its pipe.
class Child {
 public:
  explicit Child(const std::string& name) {
    std::array<int, 2> ends{};
    if (pipe2(ends.data(), O_CLOEXEC) != 0) return;
    pid_ = fork();
    if (pid_ == 0) be_the_child(ends[1], name);
    close(ends[1]);
    if (pid_ > 0)
      read_end_ = ends[0];
    else
      close(ends[0]);
  }
  Child(const Child&) = delete;
  Child& operator=(const Child&) = delete;
  /// Killed, a process ends within microseconds: waiting for that is no blocking worth the name.
  ~Child() {
    if (pid_ <= 0) return;
    kill(pid_, SIGKILL);
    waitpid(pid_, nullptr, 0);
  }

  [[nodiscard]] int read_end() const { return read_end_; }  ///< the caller closes it; -1: there is no child

 private:
  pid_t pid_ = -1;
  int read_end_ = -1;
};

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

}  // namespace

Task<SystemLookup> system_lookup(asio::any_io_executor executor, std::string name, Milliseconds timeout) {
  SystemLookup lookup;
  lookup.name = name;
  lookup.failure = Failure::out_of_time;
  const Child child(name);
  if (child.read_end() < 0) {
    lookup.failure = Failure::other;
    lookup.error = "no process could be started";
    co_return lookup;
  }
  asio::posix::stream_descriptor pipe(executor, child.read_end());
  asio::steady_timer timer(executor, timeout);
  std::string text;
  auto buffer = asio::dynamic_buffer(text, kMaxAnswer);
  const auto first = co_await (asio::async_read(pipe, buffer, kAwait) || timer.async_wait(kAwait));
  if (first.index() == 1) co_return lookup;
  const auto [error, size] = std::get<0>(first);
  if (error == asio::error::eof) lookup = read_lookup(std::move(name), text);
  co_return lookup;
}

}  // namespace fix502
