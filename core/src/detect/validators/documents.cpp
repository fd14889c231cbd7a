// SPDX-License-Identifier: Apache-2.0
// Travel documents' machine-readable zones, and numbers that a label alone gives away.
#include <algorithm>

#include "detect/validators/digits.h"
#include "detect/validators/registry.h"

namespace subrosa::detect {
namespace {

// ICAO 9303-3 4.9: weights 7, 3, 1; a letter counts 10 to 35, a filler 0.
bool is_checked(std::string_view field, char check) {
  static constexpr int kWeights[] = {7, 3, 1};
  int sum = 0;
  for (size_t i = 0; i < field.size(); ++i) {
    const int value = is_digit(field[i])   ? field[i] - '0'
                      : is_upper(field[i]) ? field[i] - 'A' + 10
                                           : 0;
    sum += value * kWeights[i % 3];
  }
  return check == '<' ? sum % 10 == 0 : check - '0' == sum % 10;
}

// The second line of ICAO 9303-4, -6 and -7: document number, birth and expiry, each checked.
bool is_second_line(std::string_view line) {
  return is_checked(line.substr(0, 9), line[9]) && is_checked(line.substr(13, 6), line[19]) &&
         is_checked(line.substr(21, 6), line[27]);
}

// ICAO 9303-5: number on the first line of three, birth and expiry on the second.
bool is_card(std::string_view lines) {
  return is_checked(lines.substr(5, 9), lines[14]) && is_checked(lines.substr(30, 6), lines[36]) &&
         is_checked(lines.substr(38, 6), lines[44]);
}

Verdict mrz(const Candidate& candidate) {
  std::string text;
  for (char c : candidate.match()) {
    if (is_alnum(c) || c == '<') text += c;
  }
  const std::string_view all = text;
  bool valid = false;
  if (all.size() == 90) valid = is_card(all);
  if (all.size() == 88) valid = is_second_line(all.substr(44));
  if (all.size() == 72) valid = is_second_line(all.substr(36));
  if (all.size() == 44) valid = is_second_line(all);
  return valid ? Verdict::kConfirm : Verdict::kReject;
}

// What stands behind 'number' or 'id' is one when it holds digits, is not a year or a date, and
// does not run on.
Verdict identifier(const Candidate& candidate) {
  const std::string_view match = candidate.match();
  const std::string digits = digits_of(match);
  if (digits.size() < 2) return Verdict::kReject;
  const bool number = digits.size() == match.size();
  if (number && digits.size() == 4 && (digits[0] == '1' || digits[0] == '2') &&
      (digits[1] == '9' || digits[1] == '0'))
    return Verdict::kNeutral;
  return Verdict::kConfirm;
}

constexpr NamedValidator kValidators[] = {{"mrz", mrz}, {"identifier", identifier}};

}  // namespace

std::span<const NamedValidator> document_validators() { return kValidators; }

}  // namespace subrosa::detect
