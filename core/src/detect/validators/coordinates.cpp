// SPDX-License-Identifier: Apache-2.0
// Places on the earth: latitude within 90 degrees, longitude within 180.
#include <algorithm>
#include <array>

#include "detect/validators/digits.h"
#include "detect/validators/registry.h"

namespace subrosa::detect {
namespace {

struct Number {
  int whole = 0;
  size_t decimals = 0;
};

/// The numbers of a match in order, as far as a place needs them.
struct Numbers {
  std::array<Number, 6> number;
  size_t count = 0;
};

Numbers read_numbers(std::string_view match) {
  Numbers out;
  for (size_t i = 0; i < match.size() && out.count < out.number.size();) {
    if (!is_digit(match[i])) {
      ++i;
      continue;
    }
    Number& number = out.number[out.count++];
    while (i < match.size() && is_digit(match[i])) {
      number.whole = std::min(number.whole * 10 + match[i++] - '0', 1000);
    }
    if (i + 1 < match.size() && match[i] == '.' && is_digit(match[i + 1])) {
      for (++i; i < match.size() && is_digit(match[i]); ++i) ++number.decimals;
    }
  }
  return out;
}

// ISO 6709: degrees with decimals, or degrees, minutes and seconds; from four decimals (11 m) on it
// is somebody's place rather than two numbers.
Verdict coordinates(const Candidate& candidate) {
  const Numbers numbers = read_numbers(candidate.match());
  const auto& n = numbers.number;
  if (numbers.count == 2) {
    if (n[0].whole > 90 || n[1].whole > 180) return Verdict::kReject;
    return n[0].decimals >= 4 && n[1].decimals >= 4 ? Verdict::kConfirm : Verdict::kNeutral;
  }
  const size_t parts = numbers.count / 2;  // of each angle
  if (numbers.count != 4 && numbers.count != 6) return Verdict::kNeutral;
  if (n[0].whole > 90 || n[parts].whole > 180) return Verdict::kReject;
  for (size_t i = 1; i < numbers.count; ++i) {
    if (i != parts && n[i].whole >= 60) return Verdict::kReject;
  }
  return Verdict::kConfirm;
}

constexpr NamedValidator kValidators[] = {{"coordinates", coordinates}};

}  // namespace

std::span<const NamedValidator> coordinate_validators() { return kValidators; }

}  // namespace subrosa::detect
