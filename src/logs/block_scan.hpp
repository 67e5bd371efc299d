#pragma once

// One block of one log: which of its lines matter, and what they say. No two threads share any of this.

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "logline/incident.hpp"
#include "logs/bytes.hpp"
#include "logs/line_finder.hpp"
#include "logs/plan.hpp"

namespace fix502 {

/// What a block held. The records point into `lines` and `arena`.
struct Batch {
  std::string_view lines;  ///< in `text`
  std::string text;
  Arena arena;
  std::vector<Record> records;
  struct Count {
    std::string upstream;
    WallTime second{};
    std::uint64_t count = 0;
  };
  std::vector<Count> counts;
  std::vector<std::string> unknown_shapes;
  std::uint64_t unknown = 0;
  std::uint64_t timeless = 0;
  std::uint64_t consumed = 0;  ///< bytes of the disk that this block moved on
  std::uint64_t huge = 0;
  bool end = false;
  std::string problem;
  std::string problem_file;
  void clear();
};

class BlockScan {
 public:
  /// `finder` is that of the series, where several threads share it.
  BlockScan(const LogSeries& series, const Zone& zone, std::shared_ptr<const LineFinder> finder = nullptr);
  /// Reads `batch.lines`, which holds whole lines of the file.
  void scan(const LogFile& file, std::uint32_t index, Batch& batch);

 private:
  void take(std::string_view line, const LineContext& context, const LogFile& file, std::uint32_t index, Batch& batch);
  void count(const Record& record, Batch& batch) const;
  [[nodiscard]] WallTime moment_near(std::string_view line, const LogFile& file, const Batch& batch) const;

  const LogSeries& series_;
  const Zone& zone_;
  std::shared_ptr<const LineFinder> finder_;
  LineFinder::Scratch scratch_;
  std::optional<Layout> known_;
  StampMemo stamps_;
  MessageMemo nginx_{"nginx"};
};

}  // namespace fix502
