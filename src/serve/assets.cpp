#include "serve/assets.hpp"

#include <fmt/format.h>
#include <zlib.h>

#include <algorithm>
#include <fstream>
#include <iterator>

#include "base/text.hpp"

namespace fix502 {
namespace {

struct TypeRow {
  std::string_view ending, type;
};
constexpr TypeRow kTypes[] = {
    {".html", "text/html; charset=utf-8"},
    {".css", "text/css; charset=utf-8"},
    {".js", "text/javascript; charset=utf-8"},
    {".json", "application/json"},
    {".svg", "image/svg+xml"},
    {".png", "image/png"},
    {".webp", "image/webp"},
    {".ico", "image/x-icon"},
    {".woff2", "font/woff2"},
    {".txt", "text/plain; charset=utf-8"},
    {".webmanifest", "application/manifest+json"},
};

/// Empty where it would be no smaller.
std::string gzip(std::string_view bytes) {
  z_stream stream{};
  constexpr int kGzip = 15 + 16;  // zlib.h: window bits, plus 16 for the gzip header
  if (deflateInit2(&stream, Z_BEST_COMPRESSION, Z_DEFLATED, kGzip, 9, Z_DEFAULT_STRATEGY) != Z_OK) return {};
  std::string packed(deflateBound(&stream, static_cast<uLong>(bytes.size())), '\0');
  std::string input(bytes);
  stream.next_in = reinterpret_cast<Bytef*>(input.data());
  stream.avail_in = static_cast<uInt>(input.size());
  stream.next_out = reinterpret_cast<Bytef*>(packed.data());
  stream.avail_out = static_cast<uInt>(packed.size());
  const bool whole = deflate(&stream, Z_FINISH) == Z_STREAM_END;
  packed.resize(whole ? stream.total_out : 0);
  deflateEnd(&stream);
  return packed.size() < bytes.size() ? packed : std::string{};
}

std::string_view file_path(std::string_view path) {
  return path == "/" ? std::string_view("/index.html") : path;
}

}  // namespace

std::string_view media_type(std::string_view path) {
  const auto row = std::ranges::find_if(kTypes, [&](const TypeRow& one) { return path.ends_with(one.ending); });
  return row == std::end(kTypes) ? std::string_view{} : row->type;
}

Assets::Assets(std::string folder) : folder_(std::move(folder)) {
  if (!folder_.empty()) return;
  for (const EmbeddedFile& file : embedded_files()) {
    const auto check =
        crc32(0, reinterpret_cast<const Bytef*>(file.bytes.data()), static_cast<uInt>(file.bytes.size()));
    files_.push_back({std::string(file.path), std::string(media_type(file.path)),
                      fmt::format("\"{}-{:08x}\"", FIX502_VERSION, check), file.bytes, gzip(file.bytes)});
  }
}

std::optional<Reply> Assets::reply(const Request& request) const {
  const std::string_view path = file_path(request.path);
  if (!folder_.empty()) return from_folder(path);
  const auto file = std::ranges::find(files_, path, &File::path);
  if (file == files_.end()) return std::nullopt;
  Reply reply;
  reply.type = file->type;
  reply.fields = {{"ETag", file->tag}, {"Cache-Control", "no-cache"}, {"Vary", "Accept-Encoding"}};
  if (request.field("if-none-match").contains(file->tag)) {
    reply.status = 304;
    return reply;
  }
  const bool packed = !file->packed.empty() && contains_ignoring_case(request.field("accept-encoding"), "gzip");
  if (packed) reply.fields.emplace_back("Content-Encoding", "gzip");
  reply.lasting = packed ? std::string_view(file->packed) : file->bytes;
  return reply;
}

std::optional<Reply> Assets::from_folder(std::string_view path) const {
  if (path.contains("..") || media_type(path).empty()) return std::nullopt;
  std::ifstream file(folder_ + std::string(path), std::ios::binary);
  if (!file) return std::nullopt;
  Reply reply;
  reply.type = media_type(path);
  reply.body.assign(std::istreambuf_iterator<char>(file), {});
  return reply;
}

}  // namespace fix502
