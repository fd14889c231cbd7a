// SPDX-License-Identifier: Apache-2.0
// The numbering plans of all regions (ITU-T E.164), generated from the metadata of
// libphonenumber-js.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "detect/matcher.h"

namespace subrosa::detect {

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

  /// Whether a number's groups of digits, as "3-3-4" would be {3, 3, 4}, are written so here.
  bool has_layout(const std::vector<uint32_t>& groups) const;

 private:
  struct Group {
    uint32_t min, max;
  };
  std::string_view region_, code_;
  uint32_t lengths_ = 0;  // bit n: n digits are possible
  std::vector<std::vector<Group>> layouts_;
  Matcher valid_, international_, national_;
};

class PhonePlans {
 public:
  /// The main region of a calling code comes before the others that share it.
  static PhonePlans& instance();

  std::vector<PhonePlan>& all() { return plans_; }
  PhonePlan* find(std::string_view region);

 private:
  PhonePlans();
  std::vector<PhonePlan> plans_;
};

}  // namespace subrosa::detect
