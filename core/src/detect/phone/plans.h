// SPDX-License-Identifier: Apache-2.0
// The numbering plans of all regions (ITU-T E.164), generated from the metadata of
// libphonenumber-js.
#pragma once

#include <array>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "detect/matcher.h"

namespace subrosa::detect {

/// How many digits stand together in each group of a number.
struct DigitGroups {
  static constexpr uint32_t kMost = 16;

  uint32_t count = 0;
  uint64_t key = 0;  // a hexadecimal digit each, as far as they go in

  void add(uint32_t digits) {
    ++count;
    key = key << 4 | (digits & 15);
  }
  /// The last by one; what has more than 15 counts as if it had fewer.
  void lengthen() { key = (key & ~uint64_t{15}) | ((key + 1) & 15); }
};

/// One region's plan. Its patterns are compiled when they are first asked for.
class PhonePlan {
 public:
  PhonePlan(std::string_view line);

  std::string_view region() const { return region_; }  // ISO 3166-1 alpha-2
  std::string_view code() const { return code_; }      // country calling code

  /// Whether these digits are a national significant number that the plan gives out, or could be by
  /// their count.
  bool is_valid(std::string_view digits);
  bool is_possible(std::string_view digits) const;

  /// How many digits of a number are the international prefix, or the national one; 0 for none.
  uint32_t international_prefix(std::string_view digits);
  uint32_t national_prefix(std::string_view digits);

  /// How many digits a number of the plan may have as dialled, the country's code and the national
  /// prefix with it or not: bit n for n digits. No number has another count of them.
  uint32_t dialled_lengths() const;

  /// The numbers of digits that stand together in the forms that are written here, each with and
  /// without the national prefix.
  std::vector<std::vector<uint32_t>> layouts() const;

 private:
  struct Group {
    uint32_t min, max;
  };
  std::string_view region_, code_;
  std::string_view plain_prefix_;  // the national prefix, where it is a plain number
  uint32_t prefix_digits_ = 0;     // how many digits it has, or about
  uint32_t lengths_ = 0;           // bit n: n digits are possible
  std::vector<std::vector<Group>> layouts_;
  Matcher valid_, international_, national_;
};

class PhonePlans {
 public:
  /// The main region of a calling code comes before the others that share it.
  static PhonePlans& instance();

  PhonePlan* find(std::string_view region);

  /// The plans whose calling code begins these digits.
  const std::vector<PhonePlan*>& of_code(std::string_view digits) const;

  /// The plans whose national numbers are looked for when the caller names no region; at most 64.
  const std::vector<PhonePlan*>& homes() const { return homes_; }

  /// Which of the homes, as bits, write numbers with these groups of digits.
  uint64_t homes_writing(const DigitGroups& groups) const;
  /// Which of them may have a number that is dialled with so many digits.
  uint64_t homes_dialling(size_t digits) const { return digits < 32 ? dialling_[digits] : 0; }

 private:
  PhonePlans();
  std::vector<PhonePlan> plans_;
  std::vector<std::vector<PhonePlan*>> by_code_;  // by the code as a number
  std::vector<PhonePlan*> homes_;
  std::array<uint16_t, size_t{26} * 26> by_region_{};  // one more than its place in plans_, or 0
  std::unordered_map<uint64_t, uint64_t> writing_;     // a key of groups to homes
  std::array<uint64_t, 32> dialling_{};                // a number of digits to homes
};

}  // namespace subrosa::detect
