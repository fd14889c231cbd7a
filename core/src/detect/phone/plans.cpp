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
  const bool is_plain = fields[3].find_first_not_of("0123456789") == std::string_view::npos;
  prefix_digits_ = static_cast<uint32_t>(is_plain ? fields[3].size() : 1);
  plain_prefix_ = is_plain ? fields[3] : std::string_view{};
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

uint32_t PhonePlan::national_prefix(std::string_view digits) {
  if (plain_prefix_.empty()) return longest(&national_, digits);
  return digits.substr(0, plain_prefix_.size()) == plain_prefix_ ? prefix_digits_ : 0;
}

uint32_t PhonePlan::dialled_lengths() const {
  const bool is_any = region_ == "AR" || (national_ && plain_prefix_.empty());
  if (is_any) return ~0u;  // more than lengths decide
  const uint32_t national = lengths_ | lengths_ << plain_prefix_.size();
  return national | national << code_.size();
}

std::vector<std::vector<uint32_t>> PhonePlan::layouts() const {
  std::vector<std::vector<uint32_t>> all;
  for (const std::vector<Group>& layout : layouts_) {
    std::vector<std::vector<uint32_t>> forms = {{}};
    for (const Group& group : layout) {
      std::vector<std::vector<uint32_t>> longer;
      for (const auto& form : forms) {
        for (uint32_t count = group.min; count <= group.max; ++count) {
          longer.push_back(form);
          longer.back().push_back(count);
        }
      }
      forms = std::move(longer);
    }
    for (const auto& form : forms) {
      all.push_back(form);
      if (const size_t prefix = prefix_digits_) {
        all.push_back(form);
        all.back()[0] += prefix;
        all.push_back(form);
        all.back().insert(all.back().begin(), prefix);
      }
    }
  }
  return all;
}

namespace {

constexpr std::string_view kHomes[] = {
    "US", "GB", "DE", "FR", "ES", "IT", "NL", "BE", "CH", "AT", "PT", "IE", "DK", "NO", "SE", "FI",
    "PL", "CZ", "TR", "RU", "IN", "CN", "HK", "TW", "JP", "KR", "SG", "MY", "TH", "ID", "PH", "VN",
    "AU", "NZ", "BR", "MX", "AR", "CL", "CO", "ZA", "NG", "KE", "EG", "IL", "AE", "SA", "UA", "PK"};

DigitGroups packed(const std::vector<uint32_t>& layout) {
  DigitGroups groups;
  for (const uint32_t digits : layout) groups.add(digits);
  return groups;
}

constexpr bool is_region(std::string_view text) {
  return text.size() == 2 && is_upper(text[0]) && is_upper(text[1]);
}

constexpr size_t index_of(std::string_view region) {
  return static_cast<size_t>(region[0] - 'A') * 26 + static_cast<size_t>(region[1] - 'A');
}

}  // namespace

PhonePlans::PhonePlans() : by_code_(1000) {
  const std::string_view table(reinterpret_cast<const char*>(kPhones), kPhonesSize);
  for (const std::string_view line : split(table, '\n')) plans_.emplace_back(line);
  for (size_t i = 0; i < plans_.size(); ++i) {
    PhonePlan& plan = plans_[i];
    by_code_[number(plan.code())].push_back(&plan);
    if (is_region(plan.region()))
      by_region_[index_of(plan.region())] = static_cast<uint16_t>(i + 1);
  }
  for (const std::string_view region : kHomes) {
    PhonePlan* plan = find(region);
    const uint64_t home = uint64_t{1} << homes_.size();
    for (const auto& layout : plan->layouts()) writing_[packed(layout).key] |= home;
    const uint32_t lengths = plan->dialled_lengths();
    for (size_t digits = 0; digits < dialling_.size(); ++digits) {
      if (lengths >> digits & 1) dialling_[digits] |= home;
    }
    homes_.push_back(plan);
  }
}

const std::vector<PhonePlan*>& PhonePlans::of_code(std::string_view digits) const {
  // No code begins another one (ITU-T E.164), so the first that fits is the one.
  uint32_t code = 0;
  for (size_t i = 0; i < 3 && i < digits.size(); ++i) {
    code = code * 10 + static_cast<uint32_t>(digits[i] - '0');
    if (!by_code_[code].empty() && digits[0] != '0') return by_code_[code];
  }
  return by_code_[0];
}

uint64_t PhonePlans::homes_writing(const DigitGroups& groups) const {
  const auto found =
      groups.count <= DigitGroups::kMost ? writing_.find(groups.key) : writing_.end();
  return found != writing_.end() ? found->second : 0;
}

PhonePlans& PhonePlans::instance() {
  static thread_local PhonePlans plans;  // a cache of compiled patterns: each thread has its own
  return plans;
}

PhonePlan* PhonePlans::find(std::string_view region) {
  const size_t place = is_region(region) ? by_region_[index_of(region)] : 0;
  return place > 0 ? &plans_[place - 1] : nullptr;
}

}  // namespace subrosa::detect
