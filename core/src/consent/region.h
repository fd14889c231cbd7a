// SPDX-License-Identifier: Apache-2.0
// What a region asks for beyond the policy. A profile only adds restrictions.
#pragma once

#include <cstdint>
#include <string_view>

#include "consent/policy.h"

namespace subrosa::consent {

struct Profile {
  std::string_view id;
  std::string_view regions;  // ISO 3166 codes, a space between them
  uint32_t version;
  Bits separate;  // the Kinds that need an act of their own
  Period max_validity;
  Period ask_again;  // how long a no is not to be questioned
  bool one_area;     // data may lie in any of the regions without crossing a border
  bool opt_out;      // an operator may presume consent to its own first-party purposes
};

/// The profile of an ISO 3166 code, "DE" or "US-CA"; for one that is unknown or empty, the
/// strictest.
const Profile& profile_of(std::string_view region);

/// Whether a purpose needs an act of its own in a region: one that "accept all" cannot reach.
bool needs_separate_act(const Purpose& purpose, std::string_view region);

/// Whether an operator may presume consent to a purpose in a region, until the person opts out:
/// only where the region allows it at all, only to improve what is offered, with no third party and
/// nothing that asks for more.
bool may_presume(const Purpose& purpose, std::string_view region);

}  // namespace subrosa::consent
