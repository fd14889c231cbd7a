// SPDX-License-Identifier: Apache-2.0
#include "consent/region.h"

#include <algorithm>

#include "regions.inc"

namespace subrosa::consent {
namespace {

bool names(const Profile& profile, std::string_view region) {
  std::string_view rest = profile.regions;
  while (!rest.empty()) {
    const size_t size = std::min(rest.find(' '), rest.size());
    if (size > 0 && rest.substr(0, size) == region) return true;
    rest.remove_prefix(std::min(size + 1, rest.size()));
  }
  return false;
}

std::string_view country(std::string_view region) { return region.substr(0, region.find('-')); }

bool crosses_border(const Purpose& purpose, std::string_view region) {
  const Profile& profile = profile_of(region);
  const auto& places = purpose.storage_locations;
  return std::any_of(places.begin(), places.end(), [&](const std::string& place) {
    if (profile.one_area && names(profile, place)) return false;
    return country(place) != country(region);
  });
}

}  // namespace

const Profile& profile_of(std::string_view region) {
  for (const Profile& profile : kProfiles) {
    if (names(profile, region)) return profile;
  }
  return kProfiles[0];
}

bool needs_separate_act(const Purpose& purpose, std::string_view region) {
  Bits kinds = purpose.kinds;
  if (crosses_border(purpose, region)) kinds |= bit(static_cast<uint32_t>(Kind::kCrossBorder));
  const Bits asked = profile_of(region).separate | bit(static_cast<uint32_t>(Kind::kSeparate));
  return (kinds & asked) != 0;
}

bool may_presume(const Purpose& purpose, std::string_view region) {
  const bool is_own = purpose.purpose_class == PurposeClass::kExperience ||
                      purpose.purpose_class == PurposeClass::kImprove;
  return is_own && purpose.kinds == 0 && !crosses_border(purpose, region) &&
         profile_of(region).opt_out;
}

}  // namespace subrosa::consent
