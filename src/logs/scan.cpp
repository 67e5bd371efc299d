#include "logs/scan.hpp"

#include <algorithm>
#include <condition_variable>
#include <cstring>
#include <deque>
#include <mutex>
#include <queue>
#include <thread>

#include "base/text.hpp"
#include "logs/block_scan.hpp"
#include "logs/bytes.hpp"

namespace fix502 {
namespace {

using std::chrono::seconds;

/// Batches to be used again: memory that has been touched once is much faster than new memory.
class Spare {
 public:
  std::unique_ptr<Batch> take() {
    const std::scoped_lock lock(mutex_);
    if (spare_.empty()) return std::make_unique<Batch>();
    auto batch = std::move(spare_.back());
    spare_.pop_back();
    return batch;
  }
  void give(std::unique_ptr<Batch> batch) {
    batch->clear();
    const std::scoped_lock lock(mutex_);
    spare_.push_back(std::move(batch));
  }

 private:
  std::mutex mutex_;
  std::vector<std::unique_ptr<Batch>> spare_;
};

/// Threads that run what is handed to them; with none, it is run at once.
class Crew {
 public:
  explicit Crew(unsigned count) {
    for (unsigned i = 0; i < count; ++i) threads_.emplace_back([this] { work(); });
  }
  ~Crew() {
    {
      const std::scoped_lock lock(mutex_);
      over_ = true;
    }
    wake_.notify_all();
  }
  Crew(const Crew&) = delete;
  Crew& operator=(const Crew&) = delete;

  void run(std::function<void()> job) {
    if (threads_.empty()) {
      job();
      return;
    }
    {
      const std::scoped_lock lock(mutex_);
      jobs_.push_back(std::move(job));
    }
    wake_.notify_one();
  }

 private:
  void work() {
    while (true) {
      std::function<void()> job;
      {
        std::unique_lock lock(mutex_);
        wake_.wait(lock, [this] { return over_ || !jobs_.empty(); });
        if (jobs_.empty()) return;
        job = std::move(jobs_.front());
        jobs_.pop_front();
      }
      job();
    }
  }

  std::mutex mutex_;
  std::condition_variable wake_;
  std::deque<std::function<void()>> jobs_;
  bool over_ = false;
  std::vector<std::jthread> threads_;
};

/// One series, read and scanned ahead of whoever takes its batches. Reading is one at a time, in order; scanning is
/// not.
class Source {
 public:
  Source(const LogSeries& series, const ScanOptions& options, const Zone& zone, std::uint32_t first_index, Crew& crew,
         Spare& spare, std::size_t ahead)
      : series_(series),
        options_(options),
        zone_(zone),
        first_index_(first_index),
        crew_(crew),
        spare_(spare),
        ahead_(ahead) {
    const auto finder = std::make_shared<const LineFinder>(series);
    for (std::size_t i = 0; i < ahead_; ++i) scans_.push_back(std::make_unique<BlockScan>(series, zone, finder));
  }

  void start() {
    for (std::size_t i = 0; i < ahead_; ++i) ask();
  }

  /// The next batch in order.
  std::unique_ptr<Batch> take() {
    std::unique_ptr<Batch> batch;
    {
      std::unique_lock lock(mutex_);
      ready_.wait(lock, [this] { return done_.contains(taken_); });
      batch = std::move(done_[taken_]);
      done_.erase(taken_++);
    }
    if (!batch->end) ask();
    return batch;
  }

 private:
  void ask() {
    crew_.run([this] {
      auto batch = spare_.take();
      std::size_t ticket = 0;
      const LogFile* file = nullptr;
      std::uint32_t index = 0;
      {
        const std::scoped_lock lock(reading_);
        ticket = tickets_++;
        read(*batch, file, index);
      }
      if (!batch->end && file != nullptr) {
        std::unique_ptr<BlockScan> scan;
        {
          const std::scoped_lock lock(mutex_);
          scan = std::move(scans_.back());
          scans_.pop_back();
        }
        scan->scan(*file, index, *batch);
        const std::scoped_lock lock(mutex_);
        scans_.push_back(std::move(scan));
      }
      {
        const std::scoped_lock lock(mutex_);
        done_[ticket] = std::move(batch);
      }
      ready_.notify_all();
    });
  }

  /// Under the lock `reading_`: the next block of the file at hand, or of the next file.
  void read(Batch& batch, const LogFile*& file, std::uint32_t& index) {
    while (at_ < series_.files.size()) {
      file = &series_.files[at_];
      index = first_index_ + static_cast<std::uint32_t>(at_);
      if (!blocks_ && !open(*file)) {
        ++at_;
        continue;
      }
      const std::uint64_t before = blocks_->consumed();
      const std::uint64_t huge = blocks_->huge_lines();
      const auto more = blocks_->next(batch.text, options_.block);
      batch.consumed += blocks_->consumed() - before;
      batch.huge += blocks_->huge_lines() - huge;
      batch.lines = batch.text;
      if (more && *more) return;
      if (!more) {
        batch.problem = more.error().message();
        batch.problem_file = file->path;
      }
      blocks_.reset();
      ++at_;
      if (!more) {
        batch.lines = {};
        return;
      }
    }
    batch.lines = {};
    batch.end = true;
  }

  bool open(const LogFile& file) {
    // A file that was last written before is not opened at all.
    const bool dated = file.path != "-" && file.changed != WallTime{};
    if (dated && options_.since != WallTime{} && file.changed + seconds(2) < options_.since) return false;
    std::uint64_t offset = 0;
    if (file.plain && options_.since != WallTime{}) offset = offset_of(file, options_.since, series_, zone_);
    auto bytes = open_bytes(file.path, offset, file.head);
    if (!bytes) return false;
    blocks_ = std::make_unique<LineBlocks>(std::move(*bytes));
    return true;
  }

  const LogSeries& series_;
  const ScanOptions& options_;
  const Zone& zone_;
  std::uint32_t first_index_;
  Crew& crew_;
  Spare& spare_;
  std::size_t ahead_;

  std::mutex reading_;
  std::size_t at_ = 0;
  std::size_t tickets_ = 0;
  std::unique_ptr<LineBlocks> blocks_;

  std::mutex mutex_;
  std::condition_variable ready_;
  std::map<std::size_t, std::unique_ptr<Batch>> done_;
  std::vector<std::unique_ptr<BlockScan>> scans_;
  std::size_t taken_ = 0;
};

/// A source's batch at hand and how far it was taken.
struct Lane {
  Source* source = nullptr;
  std::unique_ptr<Batch> batch;
  std::size_t at = 0;
  WallTime last{};
};

}  // namespace

Scan::Scan(const LogPlan& plan, const ScanOptions& options, const Zone& zone)
    : plan_(plan), options_(options), zone_(zone) {
  for (const LogSeries& series : plan.series)
    for (const LogFile& file : series.files) {
      files_.push_back(file.path);
      stats_.total += file.size;
    }
  stats_.problems = plan.problems;
}

void Scan::run(const Sink& sink, const Progress& progress, const std::atomic<bool>& stop, WallTime now) {
  Spare spare;
  std::vector<std::unique_ptr<Source>> sources;
  // One more than there are threads lets a thread go on while the oldest batch waits to be taken.
  const std::size_t ahead = options_.threads <= 1 ? 1 : options_.threads + 1;
  Crew crew(options_.threads <= 1 ? 0 : options_.threads);
  std::uint32_t index = 0;
  for (const LogSeries& series : plan_.series) {
    sources.push_back(std::make_unique<Source>(series, options_, zone_, index, crew, spare, ahead));
    index += static_cast<std::uint32_t>(series.files.size());
  }
  std::vector<Lane> lanes;
  for (auto& source : sources) {
    source->start();
    lanes.push_back({source.get(), nullptr, 0, {}});
  }

  const auto note = [&](const Batch& batch) {
    stats_.bytes += batch.consumed;
    stats_.huge += batch.huge;
    stats_.unknown += batch.unknown;
    stats_.timeless += batch.timeless;
    for (const std::string& shape : batch.unknown_shapes) stats_.unknown_shapes.add(shape);
    for (const Batch::Count& count : batch.counts) traffic_.add(count.upstream, count.second, count.count);
    if (!batch.problem.empty()) stats_.problems.push_back({batch.problem, batch.problem_file});
    if (progress) progress(stats_);
  };
  // Moves a lane on to its next record; false when its log is at its end.
  const auto load = [&](Lane& lane) {
    while (!lane.batch || lane.at == lane.batch->records.size()) {
      if (lane.batch) spare.give(std::move(lane.batch));
      if (stop) return false;
      lane.batch = lane.source->take();
      lane.at = 0;
      note(*lane.batch);
      if (lane.batch->end) return false;
    }
    return true;
  };
  const auto later = [&](std::size_t a, std::size_t b) {
    const Record& x = lanes[a].batch->records[lanes[a].at];
    const Record& y = lanes[b].batch->records[lanes[b].at];
    // At one second an error log's line comes first: the access log's is written at the end of the request.
    if (x.at != y.at) return x.at > y.at;
    if (x.role != y.role) return x.role == Role::access;
    return a > b;
  };
  std::priority_queue<std::size_t, std::vector<std::size_t>, decltype(later)> heap(later);
  for (std::size_t i = 0; i < lanes.size(); ++i)
    if (load(lanes[i])) heap.push(i);
  while (!heap.empty() && !stop) {
    const std::size_t i = heap.top();
    heap.pop();
    Lane& lane = lanes[i];
    const Record& record = lane.batch->records[lane.at];
    if (record.at + seconds(60) < lane.last) ++stats_.backward;
    lane.last = std::max(lane.last, record.at);
    if (record.at > now + std::chrono::days(1)) ++stats_.future;
    const bool wanted = record.at >= options_.since && (!options_.until || record.at <= *options_.until);
    if (wanted) {
      ++stats_.records;
      sink(record);
    }
    ++lane.at;
    if (load(lane)) heap.push(i);
  }
}

}  // namespace fix502
