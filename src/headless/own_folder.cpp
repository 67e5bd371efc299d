#include <stdlib.h>

#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <filesystem>

#include "headless/keeper.hpp"

namespace fix502 {

Result<OwnFolder> OwnFolder::make() {
  const char* base = std::getenv("TMPDIR");
  std::string path = (base != nullptr && *base == '/' ? std::string(base) : "/tmp") + "/fix502-browser-XXXXXX";
  // mkdtemp(3) makes it 0700.
  if (mkdtemp(path.data()) == nullptr)
    return fail(std::string("no folder could be made: ") + std::strerror(errno), path);
  return OwnFolder(std::move(path));
}

OwnFolder::OwnFolder(OwnFolder&& other) noexcept : path_(other.hand_over()) {}

OwnFolder::~OwnFolder() {
  std::error_code ignored;
  if (!path_.empty()) std::filesystem::remove_all(path_, ignored);
}

}  // namespace fix502
