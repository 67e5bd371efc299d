#include "gateway/cgi.hpp"

namespace fix502 {

std::string cgi_variable(std::string_view field) {
  std::string name = "HTTP_" + std::string(field);
  for (char& c : name) c = c == '-' ? '_' : c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c;
  return name;
}

}  // namespace fix502
