// SPDX-License-Identifier: Apache-2.0
#include "detect/phone/plans.h"

#include <algorithm>

#include "detect/validators/digits.h"
#include "phones.inc"

namespace subrosa::detect {
namespace {

std::vector<std::string_view> split(std::string_view text, char at) {
  std::vector<std::string_view> parts;
  while (true) {
    const size_t end = text.find(at);
    parts.push_back(text.substr(0, end));
    if (end == std::string_view::npos) return parts;
    text.remove_prefix(end + 1);
  }
}

uint32_t number(std::string_view digits) {
  return static_cast<uint32_t>(number_at(digits, 0, digits.size()));
}

uint32_t longest(Matcher* matcher, std::string_view digits) {
  if (!*matcher) return 0;
  const auto& ends = matcher->ends(digits, 0);
  return ends.empty() ? 0 : ends.back();
}

}  // namespace

PhonePlan::PhonePlan(std::string_view line) {
  const auto fields = split(line, '\t');
  region_ = fields[0];
  code_ = fields[1];
  international_ = Matcher(std::string(fields[2]));
  national_ = Matcher(std::string(fields[3]));
  for (const std::string_view length : split(fields[4], ',')) lengths_ |= 1u << number(length);
  for (const std::string_view layout : split(fields[5], ',')) {
    if (layout.empty()) continue;
    std::vector<Group> groups;
    for (const std::string_view group : split(layout, '-')) {
      const auto range = split(group, ':');
      groups.push_back({number(range.front()), number(range.back())});
    }
    layouts_.push_back(std::move(groups));
  }
  valid_ = Matcher(std::string(fields[6]));
}

bool PhonePlan::is_valid(std::string_view digits) {
  if (!is_possible(digits)) return false;
  const auto& ends = valid_.ends(digits, 0);
  return !ends.empty() && ends.back() == digits.size();
}

bool PhonePlan::is_possible(std::string_view digits) const {
  return digits.size() < 32 && (lengths_ >> digits.size() & 1);
}

uint32_t PhonePlan::international_prefix(std::string_view digits) {
  return longest(&international_, digits);
}

uint32_t PhonePlan::national_prefix(std::string_view digits) { return longest(&national_, digits); }

bool PhonePlan::has_layout(const std::vector<uint32_t>& groups) const {
  return std::any_of(layouts_.begin(), layouts_.end(), [&](const std::vector<Group>& layout) {
    return std::equal(layout.begin(), layout.end(), groups.begin(), groups.end(),
                      [](const Group& group, uint32_t count) {
                        return count >= group.min && count <= group.max;
                      });
  });
}

PhonePlans::PhonePlans() {
  const std::string_view table(reinterpret_cast<const char*>(kPhones), kPhonesSize);
  for (const std::string_view line : split(table, '\n')) plans_.emplace_back(line);
}

PhonePlans& PhonePlans::instance() {
  static thread_local PhonePlans plans;  // a cache of compiled patterns: each thread has its own
  return plans;
}

PhonePlan* PhonePlans::find(std::string_view region) {
  for (PhonePlan& plan : plans_) {
    if (plan.region() == region) return &plan;
  }
  return nullptr;
}

}  // namespace subrosa::detect
