// SPDX-License-Identifier: Apache-2.0
#include "detect/profiles.h"

#include <initializer_list>

namespace subrosa::detect {
namespace {

bool is_one_of(const std::string& value, std::initializer_list<std::string_view> list) {
  for (const std::string_view entry : list) {
    if (value == entry) return true;
  }
  return false;
}

// Dates, places and organisations fill every text and name nobody by themselves.
bool chat(const Rule& rule) {
  return !is_one_of(rule.entity,
                    {"DATE_TIME", "LOCATION", "ORGANIZATION", "DOMAIN_NAME", "URL", "GUID"});
}

bool logs(const Rule& rule) {
  return is_one_of(rule.category,
                   {"credential", "network", "device", "contact", "financial", "government"}) &&
         !is_one_of(rule.entity, {"DOMAIN_NAME"});
}

bool payments(const Rule& rule) { return rule.category == "financial"; }

bool secrets(const Rule& rule) { return rule.category == "credential"; }

struct Profile {
  std::string_view name;
  ProfileTest test;
};

constexpr Profile kProfiles[] = {
    {"chat", chat}, {"logs", logs}, {"payments", payments}, {"secrets", secrets}};

}  // namespace

ProfileTest find_profile(std::string_view name) {
  for (const Profile& profile : kProfiles) {
    if (profile.name == name) return profile.test;
  }
  return nullptr;
}

}  // namespace subrosa::detect
