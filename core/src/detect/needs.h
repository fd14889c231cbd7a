// SPDX-License-Identifier: Apache-2.0
// What every match of a pattern holds. A text or a place without it need not be tried: this is the
// trigger test, and it is conservative by construction, since it is read off the pattern itself.
#pragma once

#include <bitset>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "detect/pattern.h"

namespace subrosa::detect {

using ByteSet = std::bitset<256>;

// Few, since each doubles the sets of patterns that the scanner keeps.
inline constexpr uint32_t kAt = 1 << 0;
inline constexpr uint32_t kColon = 1 << 1;
inline constexpr uint32_t kHighByte = 1 << 2;  // not ASCII
inline constexpr uint32_t kDigit = 1 << 3;
inline constexpr uint32_t kDigits5 = 1 << 4;  // at least five, anywhere
inline constexpr uint32_t kDigits8 = 1 << 5;
inline constexpr uint32_t kLongWord = 1 << 6;  // kLongWordBytes letters and digits in a row
inline constexpr uint32_t kFeatureBits = 7;

inline constexpr uint32_t kLongWordBytes = 15;

/// Of a text with so many digits.
constexpr uint32_t features_of_digits(uint32_t count) {
  return (count > 0 ? kDigit : 0) | (count >= 5 ? kDigits5 : 0) | (count >= 8 ? kDigits8 : 0);
}

/// Words of which a match holds one, whatever the case of ASCII letters; they are in lower case. A
/// space in front stands for any character that is no part of a word.
using AnyOf = std::vector<std::string>;

struct Needs {
  static constexpr uint32_t kFar = 1u << 20;

  uint32_t features = 0;
  uint32_t digits = 0;          // at least
  uint32_t length = 0;          // bytes, at least
  uint32_t reach = 0;           // bytes at most, or kFar
  uint32_t first_digit = kFar;  // bytes before it, at most; kFar where there may be none
  uint32_t lead = 0;            // characters that it begins with, each one of a few, no digits
  ByteSet alphabet;             // of its bytes
};

Needs needs_of(const Node& pattern);

/// Lists of words; every match holds one of each. `outside`: no match begins inside a word, unless
/// with a digit.
std::vector<AnyOf> words_of(const Node& pattern, bool outside);

}  // namespace subrosa::detect
