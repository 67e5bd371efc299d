#pragma once

// What the joiner keeps of lines that wait for others. A log of a bad hour has millions of them, so whatever is done
// with is used again, its texts with the memory that they had, and chains need none per entry.

#include <chrono>
#include <cstddef>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "logline/judge.hpp"
#include "logline/record.hpp"

namespace fix502 {

// nginx writes its access line when the last byte has gone out, within the second of the error in all but slow cases.
inline constexpr std::chrono::seconds kLinesApart{2};
// The longest usual limit of a gateway's waiting, with a margin.
inline constexpr std::chrono::seconds kLongestRequest{320};
// Of what has the same key only so much is looked at: a log of one client and one page must not take for ever.
inline constexpr std::size_t kMostAlike = 1024;

/// Which logs of one gateway are read: absence of a line means something only by that.
struct GatewayLogs {
  bool access = false;
  bool error = false;
};

/// One thing's place in a chain.
template <typename T>
struct ChainLink {
  T* next = nullptr;
  T* previous = nullptr;
  std::size_t key = 0;
  bool held = false;
};

/// Things by a key, several to one, in the order in which they were added.
template <typename T, ChainLink<T> T::* Link>
class Chains {
 public:
  void add(std::size_t key, T& value) {
    if (size_ >= buckets_.size()) grow();
    (value.*Link).key = key;
    (value.*Link).held = true;
    append(value);
    ++size_;
  }

  void remove(T& value) {
    ChainLink<T>& link = value.*Link;
    if (!link.held) return;
    Bucket& bucket = buckets_[place(link.key)];
    (link.next != nullptr ? (link.next->*Link).previous : bucket.last) = link.previous;
    (link.previous != nullptr ? (link.previous->*Link).next : bucket.first) = link.next;
    link = {};
    --size_;
  }

  /// The oldest ones of the key, so many at most, until `look` has seen enough and says false.
  template <typename Look>
  void oldest(std::size_t key, std::size_t most, Look&& look) const {
    if (buckets_.empty()) return;
    for (T* value = buckets_[place(key)].first; value != nullptr && most > 0; value = (value->*Link).next)
      if ((value->*Link).key == key && (--most, !look(*value))) return;
  }

  /// The newest ones, from the last on.
  template <typename Look>
  void newest(std::size_t key, std::size_t most, Look&& look) const {
    if (buckets_.empty()) return;
    for (T* value = buckets_[place(key)].last; value != nullptr && most > 0; value = (value->*Link).previous)
      if ((value->*Link).key == key && (--most, !look(*value))) return;
  }

 private:
  struct Bucket {
    T* first = nullptr;
    T* last = nullptr;
  };

  [[nodiscard]] std::size_t place(std::size_t key) const { return (key ^ (key >> 29)) & (buckets_.size() - 1); }

  void append(T& value) {
    ChainLink<T>& link = value.*Link;
    Bucket& bucket = buckets_[place(link.key)];
    link.next = nullptr;
    link.previous = bucket.last;
    (bucket.last != nullptr ? (bucket.last->*Link).next : bucket.first) = &value;
    bucket.last = &value;
  }

  void grow() {
    std::vector<Bucket> before(buckets_.empty() ? 1024 : buckets_.size() * 2);
    before.swap(buckets_);
    for (const Bucket& bucket : before)
      for (T* value = bucket.first; value != nullptr;) {
        T* next = (value->*Link).next;
        append(*value);
        value = next;
      }
  }

  std::vector<Bucket> buckets_;  // a power of two of them
  std::size_t size_ = 0;
};

/// Makes things, and keeps some that were given back.
template <typename T>
class Pool {
 public:
  std::unique_ptr<T> take() {
    if (spare_.empty()) return std::make_unique<T>();
    auto value = std::move(spare_.back());
    spare_.pop_back();
    return value;
  }
  void give(std::unique_ptr<T> value) {
    constexpr std::size_t kMostSpare = 8192;
    if (spare_.size() >= kMostSpare) return;
    value->clear();
    spare_.push_back(std::move(value));
  }

 private:
  std::vector<std::unique_ptr<T>> spare_;
};

/// Lines of an error log about one request.
struct ErrorGroup {
  WallTime first{};
  WallTime last{};
  std::string gateway;
  GatewayLogs logs;
  const Message* message = nullptr;  ///< the line that explains most
  std::vector<const Message*> rows;
  std::vector<std::string> tried;
  std::string upstream;
  std::string client, port, host, url, connection;
  std::string sample;
  std::uint32_t file = 0;
  std::uint64_t number = 0;  ///< in the order of their first lines
  bool done = false;
  ChainLink<ErrorGroup> by_connection;
  ChainLink<ErrorGroup> by_request;  ///< by what is known of gateway, client and URL
  void clear();
};

/// A failed request of an access log.
struct WaitingAccess {
  WallTime at{};
  std::string gateway;
  GatewayLogs logs;
  Judgement judgement;
  std::string client, port, host, url, upstream, upstreams, connection;
  std::string sample;
  std::uint32_t file = 0;
  std::uint64_t number = 0;
  int status = 0;
  bool done = false;
  ChainLink<WaitingAccess> by_client;
  void clear();
};

/// A key out of several texts.
[[nodiscard]] std::size_t mixed_key(std::size_t seed, std::string_view text);
[[nodiscard]] std::size_t request_key(std::string_view gateway, std::string_view client, std::string_view url);
[[nodiscard]] std::size_t client_key(std::string_view gateway, std::string_view client);
/// Both are known, and not the same.
[[nodiscard]] inline bool differ(std::string_view a, std::string_view b) {
  return !a.empty() && !b.empty() && a != b;
}
/// "/x" of "https://a.test:443/x?y": one page has one name.
[[nodiscard]] std::string_view path_of_url(std::string_view url);
/// Keeps the order of what was tried, each once.
void add_tried(std::vector<std::string>& tried, std::string_view upstream);

}  // namespace fix502
