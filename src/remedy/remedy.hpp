#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "fault/fault.hpp"

namespace fix502 {

/// Something that can be done about a fault. A plan only: nothing is carried out here.
struct Remedy {
  std::string id;     ///< "flush-dns", "custom-dns", ..., or a word for what only a person can do: "contact-owner"
  std::string title;  ///< "Flush the DNS cache"
  Side who = Side::visitor;  ///< visitor or owner
  Outlook outlook = Outlook::unknown;
  bool automatic = false;
  std::string command;  ///< what to type; empty where there is nothing to type
  std::string why;
};

/// A remedy that fix502 can carry out, verify and undo by itself.
struct AutomaticRemedy {
  std::string_view id, title;
};
[[nodiscard]] const std::vector<AutomaticRemedy>& automatic_remedies();

/// Whether the table has it as what ends that fault for the visitor.
[[nodiscard]] bool is_meant_for(std::string_view remedy, std::string_view fault);

/// Everything that the table has against a fault, whatever the case, in words that fit any.
[[nodiscard]] std::vector<Remedy> remedies_for(std::string_view fault);

/// What helps against the verdict, best first.
[[nodiscard]] std::vector<Remedy> plan_remedies(const Evidence& evidence, const Verdict& verdict);

}  // namespace fix502
