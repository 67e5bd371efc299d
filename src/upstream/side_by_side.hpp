#pragma once

// Several tasks at once, but not all.

#include <algorithm>
#include <boost/asio/as_tuple.hpp>
#include <boost/asio/experimental/awaitable_operators.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <optional>
#include <utility>
#include <vector>

#include "upstream/replay.hpp"

namespace fix502 {

namespace detail {

/// Takes tasks off the common list until none is left.
template <typename T>
Task<void> work(std::vector<Task<T>>& tasks, std::vector<T>& results, std::size_t& next) {
  while (next < tasks.size()) {
    const std::size_t mine = next++;
    results[mine] = co_await std::move(tasks[mine]);
  }
}

template <typename T>
Task<void> work_beside(std::vector<Task<T>>& tasks, std::vector<T>& results, std::size_t& next, std::size_t workers) {
  using namespace boost::asio::experimental::awaitable_operators;
  if (workers <= 1)
    co_await work(tasks, results, next);
  else
    co_await (work(tasks, results, next) && work_beside(tasks, results, next, workers - 1));
}

}  // namespace detail

/// The results in the order of the tasks; at most `at_once` run at a time, and all end when this is dropped.
template <typename T>
Task<std::vector<T>> all_of(std::vector<Task<T>> tasks, std::size_t at_once) {
  std::vector<T> results(tasks.size());
  std::size_t next = 0;
  co_await detail::work_beside(tasks, results, next, std::min(at_once, tasks.size()));
  co_return results;
}

inline Task<std::vector<Replay>> side_by_side(std::vector<ReplayRequest> requests, std::size_t at_once) {
  std::vector<Task<Replay>> tasks;
  for (auto& request : requests) tasks.push_back(replay(std::move(request)));
  co_return co_await all_of(std::move(tasks), at_once);
}

}  // namespace fix502
