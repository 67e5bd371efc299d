#include "repair/set_log.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <system_error>

#include "base/text.hpp"

namespace fix502 {
namespace {

constexpr std::size_t kMostChanges = 2'000'000;

Result<Descriptor> open_log(const std::filesystem::path& folder, int flags) {
  const auto path = folder / "log";
  Descriptor log(open(path.c_str(), O_RDWR | O_APPEND | O_CLOEXEC | O_NOFOLLOW | flags, 0600));
  if (!log) return fail_with_errno("cannot write it", path);
  return log;
}

}  // namespace

Result<std::unique_ptr<SetLog>> SetLog::create(const JournalOptions& options, SetHead head, Descriptor lock) {
  auto set = std::make_unique<SetLog>();
  set->folder_ = options.root / std::to_string(head.id);
  set->disk_ = Disk{options.run, options.at_step};
  set->lock_ = std::move(lock);
  if (mkdir(set->folder_.c_str(), 0700) != 0) return fail_with_errno("cannot make the folder", set->folder_);
  auto log = open_log(set->folder_, O_CREAT | O_EXCL);
  if (!log) return std::unexpected(log.error());
  set->log_ = std::move(*log);
  for (const auto& folder : {options.root, set->folder_})
    if (auto synced = sync_folder(folder); !synced) return std::unexpected(synced.error());
  set->head = std::move(head);
  if (auto written = set->append({Json{{"set", to_json(set->head)}}}); !written)
    return std::unexpected(written.error());
  return set;
}

Result<std::unique_ptr<SetLog>> SetLog::open(const JournalOptions& options, std::uint64_t id, Descriptor lock,
                                             bool writable) {
  auto set = std::make_unique<SetLog>();
  set->folder_ = options.root / std::to_string(id);
  set->disk_ = Disk{options.run, options.at_step};
  set->lock_ = std::move(lock);
  auto text = read_whole(set->folder_ / "log");
  // The process died between making the folder and the first line: nothing was changed.
  if (!text && !std::filesystem::exists(set->folder_ / "log")) return nullptr;
  if (!text) return std::unexpected(text.error());
  const auto whole = text->rfind('\n');
  if (whole == text->npos) return nullptr;
  if (writable) {
    auto log = open_log(set->folder_, 0);
    if (!log) return std::unexpected(log.error());
    set->log_ = std::move(*log);
    // A torn last line was never acted on; the next one must not be glued to it.
    if (ftruncate(set->log_.get(), static_cast<off_t>(whole + 1)) != 0)
      return fail_with_errno("cannot write it", set->folder_ / "log");
  }
  text->resize(whole + 1);
  if (auto read = set->read(*text); !read) return std::unexpected(read.error());
  if (set->head.id != id) return fail("is no log of this set", (set->folder_ / "log").native());
  return set;
}

Result<void> SetLog::read(const std::string& text) {
  std::size_t number = 0;
  for (const auto line : split(text, '\n')) {
    ++number;
    const auto damaged = [&] {
      return fail(fmt::format("line {} of the journal is damaged", number), (folder_ / "log").native());
    };
    const Json json = Json::parse(line, nullptr, false);
    if (!json.is_object() || json.size() != 1) return damaged();
    const auto only = json.begin();
    const std::string& word = only.key();
    const Json& value = only.value();
    if (word == "set") {
      if (!from_json(value, head)) return damaged();
    } else if (word == "plan") {
      Change change;
      if (!from_json(value, change) || changes.size() >= kMostChanges) return damaged();
      changes.push_back(std::move(change));
    } else if (word == "undone") {
      std::uint64_t which = 0;
      if (!from_json(value, which) || which >= changes.size()) return damaged();
      changes[which].undone = true;
    } else {
      take(json);
    }
  }
  return {};
}

void SetLog::take(const Json& line) {
  if (line.contains("made"))
    for (auto& change : changes) change.made = true;
  if (line.contains("undoing")) undoing = true;
  if (line.contains("over")) over = true;
  if (const auto found = line.find("done"); found != line.end()) {
    done = true;
    verified = *found == true;
  }
}

Result<void> SetLog::append(const std::vector<Json>& lines) {
  std::string text;
  for (const auto& line : lines) text += line.dump(-1, ' ', false, Json::error_handler_t::replace) + "\n";
  std::string_view left = text;
  while (!left.empty()) {
    const auto written = write(log_.get(), left.data(), left.size());
    if (written < 0 && errno == EINTR) continue;
    if (written < 0) return fail_with_errno("cannot write it", folder_ / "log");
    left.remove_prefix(static_cast<std::size_t>(written));
  }
  if (fdatasync(log_.get()) != 0) return fail_with_errno("cannot write it", folder_ / "log");
  return {};
}

Result<void> SetLog::plan(std::vector<Change> some) {
  std::vector<Json> lines;
  for (const auto& change : some) {
    // What JSON cannot hold could not be found again.
    for (const std::string* text : {&change.path, &change.before.target})
      if (printable(*text, text->size() + 1) != *text) return fail("has a name that is no plain text", *text);
    lines.push_back(Json{{"plan", to_json(change)}});
  }
  disk_.step("before the plan");
  if (auto written = append(lines); !written) return written;
  std::ranges::move(some, std::back_inserter(changes));
  disk_.step("planned");
  return {};
}

Result<void> SetLog::made() {
  if (auto written = append({Json{{"made", true}}}); !written) return written;
  for (auto& change : changes) change.made = true;
  disk_.step("made");
  return {};
}

Result<void> SetLog::mark_done(bool seen_to_help) {
  done = true;
  verified = seen_to_help;
  if (auto written = append({Json{{"done", verified}}}); !written) return written;
  disk_.step("done");
  return {};
}

Result<void> SetLog::mark_undoing() {
  undoing = true;
  if (auto written = append({Json{{"undoing", true}}}); !written) return written;
  disk_.step("undoing");
  return {};
}

Result<void> SetLog::mark_undone(std::size_t number) {
  changes[number].undone = true;
  if (auto written = append({Json{{"undone", number}}}); !written) return written;
  disk_.step("undone");
  return {};
}

Result<void> SetLog::mark_over() {
  over = true;
  if (auto written = append({Json{{"over", true}}}); !written) return written;
  disk_.step("over");
  std::error_code error;
  std::vector<std::filesystem::path> rest;
  for (std::filesystem::directory_iterator each(folder_, error), end; !error && each != end; each.increment(error))
    if (each->path().filename() != "log") rest.push_back(each->path());
  for (const auto& path : rest) std::filesystem::remove_all(path, error);
  return {};
}

std::filesystem::path SetLog::kept(std::size_t number, std::string_view what) const {
  return folder_ / fmt::format("{}.{}", number, what);
}

std::filesystem::path SetLog::beside(const std::filesystem::path& path, std::size_t number,
                                     std::string_view what) const {
  // Another user's journal counts from 1 as well.
  return path.parent_path() / fmt::format(".fix502-{}-{}-{}.{}", geteuid(), head.id, number, what);
}

SetInfo SetLog::info() const {
  SetInfo info;
  info.id = head.id;
  info.remedy = head.remedy;
  info.url = head.url;
  info.time = head.time;
  const bool lasting = std::ranges::all_of(changes, [](const Change& change) { return change.is(Change::Kind::note); });
  // The process died before it planned anything.
  const bool empty = !done && changes.empty();
  info.state = over || empty      ? SetState::undone
               : done && lasting  ? SetState::lasting
               : done && !undoing ? SetState::stands
                                  : SetState::unfinished;
  info.verified = verified;
  for (const auto& change : changes)
    if (!change.say.empty()) info.changes.push_back(change.say);
  return info;
}

}  // namespace fix502
