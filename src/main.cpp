#include <string>
#include <vector>

#include "cli/commands.hpp"

int main(int count, char** arguments) {
  return fix502::run_command_line(std::vector<std::string>(arguments + 1, arguments + (count > 0 ? count : 1)));
}
