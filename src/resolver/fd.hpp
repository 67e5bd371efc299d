#pragma once

#include <unistd.h>

#include <utility>

#include "resolver/talk.hpp"

namespace fix502 {

/// A descriptor that is closed with its owner.
class Fd {
 public:
  explicit Fd(int number) : number_(number) {}
  Fd(Fd&& other) noexcept : number_(std::exchange(other.number_, -1)) {}
  Fd& operator=(Fd&&) = delete;
  ~Fd() { reset(); }

  [[nodiscard]] int get() const { return number_; }
  [[nodiscard]] explicit operator bool() const { return number_ >= 0; }
  void reset() {
    if (number_ >= 0) close(number_);
    number_ = -1;
  }

 private:
  int number_;
};

/// Whether it is ready (poll(2)) before the deadline.
[[nodiscard]] bool wait_for(int descriptor, short events, Moment deadline);

}  // namespace fix502
