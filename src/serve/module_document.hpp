#pragma once

// A YAML file, read without trusting it. Aliases make a small file stand for a huge one ("billion laughs"): the parser
// keeps them shared, and everything that is looked at here is counted against a budget.

#include <yaml-cpp/yaml.h>

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"

namespace fix502 {

/// Remembers the first thing that is wrong; what is read after that means nothing.
class ModuleDocument {
 public:
  explicit ModuleDocument(std::string path) : path_(std::move(path)) {}

  struct Entry {
    std::string key;
    YAML::Node value;
  };

  /// The first document of the file; its errors are noted.
  [[nodiscard]] YAML::Node load(const std::string& text);
  /// Of a map, with what "<<" merges into it; of nothing ("http:" alone), none. Repeated keys are wrong.
  [[nodiscard]] std::vector<Entry> entries(const YAML::Node& map);
  [[nodiscard]] std::vector<YAML::Node> items(const YAML::Node& list);
  /// One word or line; of nothing, the empty one.
  [[nodiscard]] std::string text(const YAML::Node& node);
  [[nodiscard]] bool flag(const YAML::Node& node);
  /// It asks for nothing: false, 0, "", [], {}, ~.
  [[nodiscard]] static bool is_nothing(const YAML::Node& node);

  /// What is being read, for messages; `place` is "module "shop": http.method". Ends with the object.
  class Within {
   public:
    Within(ModuleDocument& document, std::string_view key, const YAML::Node& value);
    ~Within();
    Within(const Within&) = delete;
    Within& operator=(const Within&) = delete;

   private:
    ModuleDocument& document_;
    std::size_t size_;
    int line_;
  };

  void wrong(std::string_view what);
  void wrong(const YAML::Node& at, std::string_view what);
  [[nodiscard]] bool is_good() const { return !error_; }
  [[nodiscard]] Error error() const { return *error_; }
  /// "blackbox.yml:12: module "shop": http.method".
  [[nodiscard]] std::string place() const;
  [[nodiscard]] const std::string& key() const { return key_; }

 private:
  [[nodiscard]] bool spend(std::size_t bytes);
  void note_line(const YAML::Node& node);
  void collect(const YAML::Node& map, int merges, std::vector<Entry>& into);
  void merge(const YAML::Node& value, int merges, std::vector<Entry>& into);

  std::string path_;
  std::string key_;
  int line_ = 1;
  std::size_t spent_ = 0;
  std::optional<Error> error_;
};

}  // namespace fix502
