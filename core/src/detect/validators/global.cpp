// SPDX-License-Identifier: Apache-2.0
// Validators of the entities that no country owns.
#include "detect/validators/digits.h"
#include "detect/validators/registry.h"

namespace subrosa::detect {
namespace {

// RFC 5321: dots neither at the ends of the local part nor doubled; a top-level label of letters.
Verdict email(const Candidate& candidate) {
  const std::string_view match = candidate.match();
  const size_t at = match.rfind('@');
  const std::string_view local = match.substr(0, at);
  const std::string_view domain = match.substr(at + 1);
  if (local.front() == '.' || local.back() == '.' || local.find("..") != std::string_view::npos)
    return Verdict::kReject;
  const std::string_view top = domain.substr(domain.rfind('.') + 1);
  if (top.size() < 2 || is_digit(top.front()) || top.front() == '-' || domain.front() == '-')
    return Verdict::kReject;
  return Verdict::kConfirm;
}

constexpr NamedValidator kValidators[] = {{"email", email}};

}  // namespace

std::span<const NamedValidator> global_validators() { return kValidators; }

}  // namespace subrosa::detect
