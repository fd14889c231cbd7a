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

}  // namespace

PhonePlan::PhonePlan(std::string_view line) {
  const auto fields = split(line, '\t');
  region_ = fields[0];
  code_ = fields[1];
  international_.pattern = fields[2];
  national_.pattern = fields[3];
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
  valid_.pattern = fields[6];
}

/// The longest prefix that matches; *whole is set when the whole does.
uint32_t PhonePlan::Matcher::longest(std::string_view digits, uint32_t* whole) {
  if (pattern.empty()) return 0;
  if (!automaton) {
    Program program;
    const auto entry = program.add(pattern, 0);
    if (!entry) return 0;  // the generator's test compiles every one of them
    automaton = std::make_unique<Automaton>(std::move(program));
    start = automaton->add_start({entry->start});
  }
  std::vector<Automaton::Accept> accepts;
  automaton->walk(start, digits, 0, &accepts);
  if (accepts.empty()) return 0;
  if (whole) *whole = accepts.back().end == digits.size();
  return accepts.back().end;
}

bool PhonePlan::is_valid(std::string_view digits) {
  uint32_t whole = 0;
  return is_possible(digits) && valid_.longest(digits, &whole) > 0 && whole;
}

bool PhonePlan::is_possible(std::string_view digits) const {
  return digits.size() < 32 && (lengths_ >> digits.size() & 1);
}

uint32_t PhonePlan::international_prefix(std::string_view digits) {
  return international_.longest(digits, nullptr);
}

uint32_t PhonePlan::national_prefix(std::string_view digits) {
  return national_.longest(digits, nullptr);
}

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
