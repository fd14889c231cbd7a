// SPDX-License-Identifier: Apache-2.0
// The check-digit algorithms that issuers share, over a string of digits without separators.
#pragma once

#include <array>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>

namespace subrosa::detect {

constexpr bool is_digit(char c) { return c >= '0' && c <= '9'; }
constexpr bool is_upper(char c) { return c >= 'A' && c <= 'Z'; }
constexpr bool is_lower(char c) { return c >= 'a' && c <= 'z'; }
inline bool is_alnum(char c) { return is_digit(c) || is_upper(c) || is_lower(c); }
inline char to_upper(char c) { return is_lower(c) ? static_cast<char>(c - 32) : c; }
inline char to_lower(char c) { return is_upper(c) ? static_cast<char>(c + 32) : c; }

inline std::string lower_of(std::string_view text) {
  std::string out(text);
  for (char& c : out) c = to_lower(c);
  return out;
}

/// Whether a list of words, each between spaces, has this one.
inline bool lists(std::string_view list, std::string_view word) {
  return list.find(' ' + std::string(word) + ' ') != std::string_view::npos;
}

/// The digits of a match, separators left out.
inline std::string digits_of(std::string_view match) {
  std::string out;
  for (char c : match) {
    if (is_digit(c)) out += c;
  }
  return out;
}

/// The letters (in upper case) and digits of a match.
inline std::string alnum_of(std::string_view match) {
  std::string out;
  for (char c : match) {
    if (is_alnum(c)) out += to_upper(c);
  }
  return out;
}

/// Sum of digit times weight, as far as both reach.
inline int weighted_sum(std::string_view digits, std::span<const int> weights) {
  int sum = 0;
  for (size_t i = 0; i < digits.size() && i < weights.size(); ++i)
    sum += (digits[i] - '0') * weights[i];
  return sum;
}

/// ISO/IEC 7812-1 annex B.
inline bool luhn(std::string_view digits) {
  int sum = 0;
  bool twice = false;
  for (size_t i = digits.size(); i-- > 0; twice = !twice) {
    int d = digits[i] - '0';
    if (twice && (d *= 2) > 9) d -= 9;
    sum += d;
  }
  return sum % 10 == 0;
}

/// ISO/IEC 7064 MOD 97-10 remainder; letters count 10 to 35.
inline int mod97(std::string_view text) {
  int rest = 0;
  for (char c : text) {
    rest =
        is_digit(c) ? (rest * 10 + (c - '0')) % 97 : (rest * 100 + (to_upper(c) - 'A' + 10)) % 97;
  }
  return rest;
}

/// ISO/IEC 7064 MOD 11,10: true when the last digit checks the others.
inline bool mod11_10(std::string_view digits) {
  int p = 10;
  for (size_t i = 0; i + 1 < digits.size(); ++i) {
    int s = (digits[i] - '0' + p) % 10;
    p = ((s == 0 ? 10 : s) * 2) % 11;
  }
  return !digits.empty() && (p + digits.back() - '0') % 10 == 1;
}

/// Verhoeff 1969, over the dihedral group of order ten.
inline bool verhoeff(std::string_view digits) {
  static constexpr uint8_t kPermute[8][10] = {
      {0, 1, 2, 3, 4, 5, 6, 7, 8, 9}, {1, 5, 7, 6, 2, 8, 3, 0, 9, 4},
      {5, 8, 0, 3, 7, 9, 6, 1, 4, 2}, {8, 9, 1, 6, 0, 4, 3, 5, 2, 7},
      {9, 4, 5, 3, 1, 2, 6, 8, 7, 0}, {4, 2, 8, 6, 5, 7, 3, 9, 0, 1},
      {2, 7, 9, 3, 8, 0, 6, 4, 1, 5}, {7, 0, 4, 6, 9, 1, 3, 2, 5, 8}};
  // The group's product: rotations 0 to 4, reflections 5 to 9.
  const auto multiply = [](int a, int b) {
    if (a < 5) return b < 5 ? (a + b) % 5 : 5 + (a + b) % 5;
    return b < 5 ? 5 + (a - 5 + 5 - b) % 5 : (a - b + 5) % 5;
  };
  int check = 0;
  for (size_t i = 0; i < digits.size(); ++i) {
    check = multiply(check, kPermute[i % 8][digits[digits.size() - 1 - i] - '0']);
  }
  return check == 0;
}

/// All digits the same: no issuer gives these out, and people type them as examples.
inline bool one_digit_repeated(std::string_view digits) {
  return digits.find_first_not_of(digits.substr(0, 1)) == std::string_view::npos;
}

/// Gregorian; the year in full.
inline bool is_date(int year, int month, int day) {
  static constexpr int kDays[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
  if (month < 1 || month > 12 || day < 1) return false;
  const bool leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
  return day <= kDays[month - 1] + (month == 2 && leap ? 1 : 0);
}

/// The number that the digits [at, at + count) spell.
inline int number_at(std::string_view digits, size_t at, size_t count) {
  int value = 0;
  for (size_t i = at; i < at + count && i < digits.size(); ++i)
    value = value * 10 + (digits[i] - '0');
  return value;
}

/// The six digits YYMMDD at `at`, in the twentieth or the twenty-first century.
inline bool is_short_date(std::string_view digits, size_t at = 0) {
  const int year = number_at(digits, at, 2);
  const int month = number_at(digits, at + 2, 2);
  const int day = number_at(digits, at + 4, 2);
  return is_date(1900 + year, month, day) || is_date(2000 + year, month, day);
}

/// Nobody alive was born before 1880, and nobody in this core's time will be after 2050.
inline bool is_birth_year(int year) { return year >= 1880 && year < 2050; }

/// The eight digits YYYYMMDD at `at`, as a day of birth.
inline bool is_birth_date(std::string_view digits, size_t at) {
  const int year = number_at(digits, at, 4);
  return is_birth_year(year) &&
         is_date(year, number_at(digits, at + 4, 2), number_at(digits, at + 6, 2));
}

/// One of the separators is used, or none; never two kinds in one number.
inline bool has_one_separator(std::string_view match) {
  char seen = '\0';
  for (char c : match) {
    if (is_alnum(c)) continue;
    if (seen != '\0' && c != seen) return false;
    seen = c;
  }
  return true;
}

}  // namespace subrosa::detect
