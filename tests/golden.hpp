#pragma once

#include <gtest/gtest.h>

#include <cstdlib>
#include <fstream>
#include <sstream>
#include <string>

namespace fix502::test {

/// The text is what the file `name` below tests/report says. FIX502_UPDATE=1 rewrites it; the difference is read like
/// code.
inline void expect_golden(const std::string& name, const std::string& text) {
  const std::string path = std::string(FIX502_SOURCE_DIR) + "/tests/report/" + name;
  if (std::getenv("FIX502_UPDATE")) std::ofstream(path, std::ios::binary) << text;
  std::ifstream file(path, std::ios::binary);
  ASSERT_TRUE(file) << path << " is missing; FIX502_UPDATE=1 writes it";
  std::ostringstream golden;
  golden << file.rdbuf();
  EXPECT_EQ(text, golden.str()) << path;
}

}  // namespace fix502::test
