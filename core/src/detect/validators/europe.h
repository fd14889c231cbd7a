// SPDX-License-Identifier: Apache-2.0
// What the validators of European numbers share.
#pragma once

#include <string>
#include <string_view>

#include "detect/validators/digits.h"

namespace subrosa::detect {

inline int digit_at(std::string_view digits, size_t at) { return digits[at] - '0'; }

/// Sum of the leading digits times the weights.
template <int... kWeights>
int weigh(std::string_view digits) {
  static constexpr int kTable[] = {kWeights...};
  return weighted_sum(digits, kTable);
}

/// 11 minus the remainder of 11, with 11 as 0; 10 is what no digit can show.
inline int complement11(int sum) { return (11 - sum % 11) % 11; }

/// The letters and digits of a match without the country prefix that it may begin with.
inline std::string without_prefix(std::string_view match, std::string_view prefix) {
  std::string out = alnum_of(match);
  if (std::string_view(out).substr(0, prefix.size()) == prefix) out.erase(0, prefix.size());
  return out;
}

/// A letter's place in the alphabet, from 1.
inline int letter_number(char upper) { return upper - 'A' + 1; }

/// The sum of the digits of a product below 100, as the Luhn family adds them.
inline int cross_sum(int product) { return product / 10 + product % 10; }

/// ICAO Doc 9303 part 3: weights 7, 3, 1, letters counting 10 to 35.
inline int icao_check_digit(std::string_view text) {
  static constexpr int kWeights[] = {7, 3, 1};
  int sum = 0;
  for (size_t i = 0; i < text.size(); ++i) {
    sum += (is_digit(text[i]) ? text[i] - '0' : text[i] - 'A' + 10) * kWeights[i % 3];
  }
  return sum % 10;
}

}  // namespace subrosa::detect
